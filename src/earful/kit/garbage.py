"""Python's collector of circular garbage, told how a long-running process lives."""

from __future__ import annotations

import asyncio
import ctypes
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

YOUNG, MIDDLE, OLD = 20_000, 20, 50
GIVE_BACK_EVERY = 60.0
"""Seconds."""


def collect_seldom() -> None:
    """Leave out what is loaded by now, and look at the rest less often.

    Called once a process is set up. Modules and routes never become garbage, and looking through
    them again and again took a twentieth of the time and made pauses of tens of milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


@asynccontextmanager
async def kept_small() -> AsyncIterator[None]:
    """While the block runs, collect seldom and give back what bursts needed once a minute."""
    collect_seldom()
    giving = asyncio.create_task(_give_back_at_times())
    try:
        yield
    finally:
        giving.cancel()


async def _give_back_at_times() -> None:
    while True:
        await asyncio.sleep(GIVE_BACK_EVERY)
        give_back()


def give_back() -> None:
    """Collect what is garbage, and hand free memory back where the C library can (glibc)."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
