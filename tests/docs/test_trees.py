"""A tree stands also where there is garbage that parses when it is collected."""

from __future__ import annotations

import ast
import gc
import inspect
from typing import Any

from tests.docs import test_reference
from tests.docs.trees import parsed


def _deep(levels: int) -> Any:
    return _deep(levels - 1) if levels else ast.parse("1 + 1")


class Last:
    """Garbage in a circle; its finalizer parses, deep in calls."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        _deep(200)


def test_garbage_that_parses_does_not_disturb_a_tree() -> None:
    source, before = inspect.getsource(test_reference), gc.get_threshold()
    expected = ast.dump(parsed(source))
    try:
        gc.set_threshold(50)
        for _ in range(20):
            Last()
            assert ast.dump(parsed(source)) == expected
            assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
