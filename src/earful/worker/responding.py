"""Says when somebody answers while nobody is there, and keeps the promise register."""

from __future__ import annotations

from functools import partial

import structlog

from earful.intake.receive import PASSING
from earful.promises import due
from earful.responder.hearing import KINDS, READER, hear
from earful.responder.staffing import staffing
from earful.worker.desk import Shared, pause
from earful.worker.reading import read_to_end

log = structlog.get_logger()
BREATH = 0.5
"""Seconds between two rounds: on a busy desk one reads a few hundred events at once."""
AT_ONCE = 200
"""Events one transaction acts on: each may lock a conversation until its end."""


async def keep_responding(shared: Shared) -> None:
    """Respond, remind and count until told to stop."""
    waker = shared.waker()
    while not shared.stopping.is_set():
        waker.clear()
        wait_for = 1.0
        try:
            await hear_on(shared)
            await promises_due(shared)
            wait_for = await _until_next(shared)
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("responding broken", error=type(error).__name__)
        await pause(waker, wait_for)
        await pause(shared.stopping, BREATH)


async def hear_on(shared: Shared) -> None:
    """Read what happened in every workspace, to its end."""
    await read_to_end(shared, READER, KINDS, partial(hear, staffing=staffing), AT_ONCE)


async def promises_due(shared: Shared) -> None:
    """One round over what time does to promises."""
    async with shared.database.acquire() as db:
        rows = await db.fetch(_DUE, shared.clock())
    for row in rows:
        async with shared.works.open(row["workspace_id"]) as work:
            await due.remind_due(work)
            await due.break_due(work)


async def _until_next(shared: Shared) -> float:
    async with shared.database.acquire() as db:
        at = await due.next_due(db)
    return 30.0 if at is None else max(0.05, (at - shared.clock()).total_seconds())


_DUE = """
SELECT workspace_id FROM promise WHERE state = 'open' AND due_at <= $1
UNION SELECT workspace_id FROM promise WHERE remind_at <= $1
"""
