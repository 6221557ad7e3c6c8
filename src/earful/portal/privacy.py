"""What the portal keeps of people: handed over, erased, or forgotten when it is old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from earful.stream.work import Work

NETWORK = "portal"


async def told_of(db: Any, workspace_id: str, contact_id: str) -> list[dict[str, Any]]:
    """A person's talks, as plain values; what they wrote stands with the messages."""
    rows = await db.fetch(_TOLD, workspace_id, contact_id)
    return [dict(row) for row in rows]


async def erase(work: Work, thread_ids: Sequence[str]) -> list[bytes]:
    """Delete talks with all that is in them. Returns the digests of their pictures.

    A visitor is known by her talk, so its id is the id of her handle.
    """
    return await _drop(work, list(thread_ids))


async def forget_old(
    work: Work, channel_id: str, before: datetime, most: int
) -> tuple[int, list[bytes]]:
    """Delete talks of before, but for those whose conversation is not resolved.

    Returns how many, and the digests of their pictures.
    """
    rows = await work.db.fetch(_OLD, work.workspace_id, channel_id, before, most)
    return len(rows), await _drop(work, [row["id"] for row in rows])


async def count_old(work: Work, channel_id: str, before: datetime) -> int:
    """How many talks that would be."""
    sql = f"SELECT count(*) FROM ({_OLD}) f"  # noqa: S608 - a constant of this file
    found: int = await work.db.fetchval(sql, work.workspace_id, channel_id, before, None)
    return found


async def _drop(work: Work, thread_ids: list[str]) -> list[bytes]:
    if not thread_ids:
        return []
    rows = await work.db.fetch(_PICTURES, work.workspace_id, thread_ids)
    await work.db.execute(_DROP, work.workspace_id, thread_ids)
    return [row["sha256"] for row in rows if row["sha256"]]


_TOLD = """
SELECT t.id, t.public, t.name, t.email, t.language, t.created_at, t.last_at, t.seen_at
FROM portal_thread t JOIN contact_handle h ON h.workspace_id = t.workspace_id
  AND h.network = 'portal' AND h.external_id = t.id::text
WHERE t.workspace_id = $1 AND h.contact_id = $2 ORDER BY t.created_at, t.id
"""

_OLD = """
SELECT t.id FROM portal_thread t
WHERE t.workspace_id = $1 AND t.channel_id = $2 AND t.last_at < $3 AND NOT EXISTS (
  SELECT 1 FROM contact_handle h JOIN conversation c
    ON c.workspace_id = h.workspace_id AND c.contact_id = h.contact_id
  WHERE h.workspace_id = $1 AND h.network = 'portal' AND h.external_id = t.id::text
    AND (c.status <> 'resolved' OR c.unanswered > 0 OR c.sending > 0))
  AND NOT EXISTS (SELECT 1 FROM portal_message m WHERE m.workspace_id = $1 AND m.thread_id = t.id
    AND NOT m.own AND NOT EXISTS (SELECT 1 FROM accepted a WHERE a.workspace_id = $1
      AND a.network = 'portal' AND a.external_id = m.id::text))
ORDER BY t.last_at LIMIT $4
"""

# Only what visitors uploaded is the portal's own; an answer's pictures are the reply's.
_PICTURES = """
DELETE FROM media d USING portal_message m
WHERE m.workspace_id = $1 AND m.thread_id = ANY($2::uuid[]) AND NOT m.own
  AND d.workspace_id = $1 AND d.id = ANY(m.media) RETURNING d.sha256
"""

_DROP = "DELETE FROM portal_thread WHERE workspace_id = $1 AND id = ANY($2::uuid[])"
