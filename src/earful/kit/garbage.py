"""Python's collector of circular garbage, told how a long-running process lives."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50


def collect_seldom() -> None:
    """Leave out what is loaded by now, and look at the rest less often.

    Called once a process is set up. Modules and routes never become garbage, and looking through
    them again and again took a twentieth of the time and made pauses of tens of milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
