"""What time brings due: snoozes that end, clocks that run out.

Nothing is swept. The loop knows when something is due next and sleeps until then; what changes in
the desk wakes it, and it looks again. Any number of workers may do so side by side: none holds a
lease that would have to run out before another goes on.
"""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from earful.desk.timers import act_on_time, begin_keeping, next_due, who_is_due
from earful.intake.receive import PASSING
from earful.worker.desk import LONGEST_WAIT, Shared

log = structlog.get_logger()
GATHER_FOR = 0.02
"""Seconds between two looks: what falls due meanwhile is one transaction."""


async def keep_time(shared: Shared) -> None:
    """Sleep until the next deadline, or until something changes, and act on what is due."""
    waker = shared.waker()
    begun = False
    while not shared.stopping.is_set():
        waker.clear()
        try:
            if not begun:
                await _begin(shared)
                begun = True
            wait_for = await _act(shared)
        except PASSING:
            wait_for = 1.0
        except Exception as error:
            log.error("timers broken", error=type(error).__name__)
            wait_for = 1.0
        await asyncio.sleep(GATHER_FOR)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(waker.wait(), max(0.0, wait_for - GATHER_FOR))


async def _begin(shared: Shared) -> None:
    async with shared.database.acquire() as db:
        await begin_keeping(db)


async def _act(shared: Shared) -> float:
    """Act on all that is due. Returns the seconds until there is more to do."""
    async with shared.database.acquire() as db:
        due = await next_due(db)
        late = due is not None and due <= shared.clock()
        workspaces = await who_is_due(db, shared.clock()) if late else []
    for workspace_id in workspaces:
        async with shared.works.open(workspace_id) as work:
            shared.counts["timers"] += await act_on_time(work)
    if late:
        return 0.0
    left = LONGEST_WAIT if due is None else (due - shared.clock()).total_seconds()
    return min(LONGEST_WAIT, max(0.0, left))
