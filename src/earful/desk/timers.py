"""What time does to conversations: snoozes end, and clocks say what they have to say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earful.desk.snooze import wake_due
from earful.sla.alarms import next_ring, ring, take_over, who_rings
from earful.stream.work import Work


async def act_on_time(work: Work) -> int:
    """Do in this workspace what is due by now. Returns how much was."""
    return await wake_due(work) + await ring(work)


async def begin_keeping(db: Any) -> None:
    """What a worker does first: clocks of an older version go on."""
    await take_over(db)


async def next_due(db: Any) -> datetime | None:
    """When something is due next in any workspace; None when nothing is."""
    wakes = await db.fetchval(_WAKES)
    rings = await next_ring(db)
    return min((at for at in (wakes, rings) if at is not None), default=None)


async def who_is_due(db: Any, now: datetime) -> list[str]:
    """Workspaces in which something is due by now."""
    rows = await db.fetch(_WHO_WAKES, now)
    return sorted({row["workspace_id"] for row in rows} | set(await who_rings(db, now)))


_WAKES = """
SELECT min(snoozed_until) FROM conversation
WHERE status = 'snoozed' AND snoozed_until IS NOT NULL
"""

_WHO_WAKES = """
SELECT DISTINCT workspace_id FROM conversation
WHERE status = 'snoozed' AND snoozed_until <= $1
"""
