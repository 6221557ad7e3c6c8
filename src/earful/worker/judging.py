"""Judges what came in, as soon as it did, and finds who says the same."""

from __future__ import annotations

import structlog

from earful.folding.hearing import fold
from earful.intake.receive import PASSING
from earful.judgements.hearing import AT_ONCE, KINDS, READER, hear
from earful.stream.reader import behind, read_on
from earful.worker.desk import Shared, pause

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
    while workspaces := await behind(shared.database, READER):
        read = 0
        for workspace_id in workspaces:
            async with shared.works.open(workspace_id) as work:
                events = await read_on(work, READER, KINDS, AT_ONCE)
                total += await hear(work, events or [])
                await fold(work, events or [])
                read += events is not None
        if not read:
            break  # another worker does it
    return total
