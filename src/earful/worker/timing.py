"""What time brings due: snoozes that end, clocks that run out."""

from __future__ import annotations

import structlog

from earful.desk.snooze import wake_due
from earful.desk.timers import breach_due
from earful.intake.receive import PASSING
from earful.worker.desk import Shared, pause

log = structlog.get_logger()


async def keep_time(shared: Shared) -> None:
    """Sleep until the next deadline, or until something changes, and act on what is due."""
    waker = shared.waker()
    while not shared.stopping.is_set():
        waker.clear()
        try:
            for workspace_id in await shared.workspaces():
                async with shared.works.open(workspace_id) as work:
                    await wake_due(work)
                    await breach_due(work)
            wait_for = await _until_next(shared)
        except PASSING:
            wait_for = 1.0
        except Exception as error:
            log.error("timers broken", error=type(error).__name__)
            wait_for = 1.0
        await pause(waker, wait_for)


async def _until_next(shared: Shared) -> float:
    async with shared.database.acquire() as db:
        due = await db.fetchval(NEXT)
    return 30.0 if due is None else max(0.02, float((due - shared.clock()).total_seconds()))


NEXT = """
SELECT least(
  (SELECT min(due_at) FROM clock WHERE stopped_at IS NULL AND breached_at IS NULL),
  (SELECT min(snoozed_until) FROM conversation
   WHERE status = 'snoozed' AND snoozed_until IS NOT NULL))
"""
