"""Judges what came in, as soon as it did, and finds who says the same."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from earful.folding.hearing import fold
from earful.intake.receive import PASSING
from earful.judgements.hearing import AT_ONCE, KINDS, READER, hear
from earful.stream.reader import Event
from earful.stream.work import Work
from earful.worker.desk import Shared, pause
from earful.worker.reading import read_to_end

log = structlog.get_logger()
BREATH = 0.2
"""Seconds between two rounds: on a busy desk one judges what several posts brought."""


async def keep_judging(shared: Shared) -> None:
    """Until told to stop."""
    waker = shared.waker()
    while not shared.stopping.is_set():
        waker.clear()
        wait_for = 30.0
        try:
            await judge_on(shared)
        except PASSING:
            log.warning("database away")
            wait_for = 1.0
        except Exception as error:
            log.error("judging broken", error=type(error).__name__)
            wait_for = 1.0
        await pause(waker, wait_for)
        await pause(shared.stopping, BREATH)


async def judge_on(shared: Shared) -> int:
    """Judge all that was written in every workspace. Returns how many posts."""
    total = 0

    async def act(work: Work, events: Sequence[Event]) -> None:
        nonlocal total
        total += await hear(work, events)
        await fold(work, events)

    await read_to_end(shared, READER, KINDS, act, AT_ONCE)
    return total
