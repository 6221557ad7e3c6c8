"""How many posts come in, by the hour: counted from the log as it grows, never by a look at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.stream.reader import take_on
from earful.stream.work import Work

READER = "demand"


class Hour(msgspec.Struct, frozen=True):
    """The posts of one hour (UTC)."""

    hour: datetime
    posts: int


async def count(work: Work) -> bool:
    """Count the next events. False when there was nothing, or another process counts."""
    taken = await take_on(work, READER)
    if taken is None:
        return False
    await work.db.execute(_COUNT, work.workspace_id, *taken)
    return True


async def hours(
    db: Any, workspace_id: str, start: datetime, end: datetime, inboxes: list[str] | None
) -> list[Hour]:
    """The hours of a stretch in which anything came in; `inboxes` None means all."""
    rows = await db.fetch(_HOURS, workspace_id, start, end, inboxes)
    return [Hour(row["hour"], row["posts"]) for row in rows]


async def first_hour(db: Any, workspace_id: str) -> datetime | None:
    """Since when posts were counted; None for nothing yet."""
    first: datetime | None = await db.fetchval(
        "SELECT min(hour) FROM inbound_hour WHERE workspace_id = $1", workspace_id
    )
    return first


_COUNT = """
INSERT INTO inbound_hour AS h (workspace_id, hour, inbox_id, posts)
SELECT $1, date_trunc('hour', at, 'UTC'), inbox_id, count(*) FROM event
WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 AND inbox_id IS NOT NULL
  AND kind IN ('conversation.opened', 'message.received')
GROUP BY 2, 3
ON CONFLICT (workspace_id, hour, inbox_id) DO UPDATE SET posts = h.posts + excluded.posts
"""
_HOURS = """
SELECT hour, sum(posts)::int AS posts FROM inbound_hour
WHERE workspace_id = $1 AND hour >= $2 AND hour < $3
  AND ($4::uuid[] IS NULL OR inbox_id = ANY($4)) GROUP BY hour ORDER BY hour
"""
