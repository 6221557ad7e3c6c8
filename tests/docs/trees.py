"""Source as a syntax tree, whatever else this process has done before."""

from __future__ import annotations

import ast
import gc


def parsed(source: str) -> ast.Module:
    """The tree of `source`.

    CPython 3.11 counts the depth of a tree in one place for all (issue 106905 of CPython, mended
    in 3.11.8). Where the collector of garbage runs in the middle, a finalizer that parses too, as
    the printing of a traceback does, leaves its own count there: the outer parse then ends with a
    RecursionError or SystemError. A process that drove a browser has much such garbage. So the
    collector waits until the tree stands.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(source)
    finally:
        if was:
            gc.enable()
