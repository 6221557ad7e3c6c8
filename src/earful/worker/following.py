"""Follows up: asks for ratings whose time has come, brings back what is due, hears what ended.

And counts the waits that the figures rest on, which the same events tell of.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from earful.figures import counting
from earful.following import follow_ups, ratings
from earful.following.hearing import KINDS, READER, hear
from earful.intake.receive import PASSING
from earful.settings import Settings
from earful.stream.reader import behind
from earful.worker.desk import Shared, pause
from earful.worker.reading import read_to_end

log = structlog.get_logger()
HELPINGS = 5
BREATH = 0.5
"""Seconds between two rounds: on a busy desk one reads a few hundred events at once."""


async def keep_following(shared: Shared, settings: Settings) -> None:
    """Follow up until told to stop."""
    waker = shared.waker()
    while not shared.stopping.is_set():
        waker.clear()
        wait_for = 1.0
        try:
            await hear_on(shared)
            await follow_due(shared, settings)
            counted = await count_on(shared)
            wait_for = await _until_next(shared) if counted else 0.0
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("following broken", error=type(error).__name__)
        await pause(waker, wait_for)
        await pause(shared.stopping, BREATH)


async def hear_on(shared: Shared) -> None:
    """Read what happened in every workspace, to its end."""
    await read_to_end(shared, READER, KINDS, hear)


async def count_on(shared: Shared) -> bool:
    """Count a few helpings of each workspace's log. False when there is more to count.

    A desk that just learned to count has weeks before it; follow-ups do not wait for that.
    """
    for _ in range(HELPINGS):
        read = 0
        for workspace_id in await behind(shared.database, counting.READER):
            async with shared.works.open(workspace_id) as work:
                read += await counting.count(work)
        if not read:
            return True  # to the end, or another worker does it
    return False


async def follow_due(shared: Shared, settings: Settings) -> None:
    """One round over what time brings."""
    async with shared.database.acquire() as db:
        rows = await db.fetch(_DUE, shared.clock())
    for row in rows:
        reachable = settings.public_url or row["rehearsal"]
        base = settings.base_url if reachable else None
        async with shared.works.open(row["id"]) as work:
            await follow_ups.come_due(work)
            await ratings.ask_due(work, base)


async def _until_next(shared: Shared) -> float:
    async with shared.database.acquire() as db:
        dues = [await follow_ups.next_due(db), await ratings.next_ask(db)]
    found: list[datetime] = [due for due in dues if due is not None]
    if not found:
        return 30.0
    return max(0.05, (min(found) - shared.clock()).total_seconds())


_DUE = """
SELECT w.id, w.rehearsal FROM workspace w WHERE w.id IN (
  SELECT workspace_id FROM follow_up WHERE state = 'waiting' AND due_at <= $1
  UNION SELECT workspace_id FROM rating WHERE state = 'due' AND ask_at <= $1)
"""
