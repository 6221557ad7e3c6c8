"""The four instants of each message that comes in: published, received, assigned, replied.

Published is the network's word and received is ours; both stand with the message. Replied is when
an answer that covers it stood on the network. Assigned is when somebody had it: when it came, if
the conversation had an owner then, else when it got one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.stream.work import Work


class Instants(msgspec.Struct, frozen=True):
    """Of one message; None for what has not happened."""

    message_id: str
    published_at: datetime
    received_at: datetime
    assigned_at: datetime | None
    replied_at: datetime | None


async def note_assigned(work: Work, conversation_id: str, agent_id: str | None) -> None:
    """The conversation has this owner from now on, or none."""
    await work.db.execute(
        """INSERT INTO assigned (workspace_id, conversation_id, agent_id, assigned_at)
           VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, conversation_id, assigned_at)
           DO UPDATE SET agent_id = excluded.agent_id""",
        work.workspace_id,
        conversation_id,
        agent_id,
        work.now,
    )


async def instants_of(
    db: Any,
    workspace_id: str,
    conversation_id: str,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Instants]:
    """Of each message that came in, the oldest first, from behind the one of the key `after` on."""
    at, last = after or (None, None)
    rows = await db.fetch(_READ, workspace_id, conversation_id, at, last, limit)
    return [Instants(*row) for row in rows]


_READ = """
SELECT m.id, m.published_at, m.received_at,
  CASE WHEN had.agent_id IS NOT NULL THEN m.received_at ELSE (
    SELECT min(a.assigned_at) FROM assigned a WHERE a.workspace_id = $1 AND a.conversation_id = $2
      AND a.assigned_at > m.received_at AND a.agent_id IS NOT NULL) END AS assigned_at,
  CASE WHEN m.disposition = 'answered' THEN m.settled_at END AS replied_at
FROM message m
LEFT JOIN LATERAL (SELECT a.agent_id FROM assigned a WHERE a.workspace_id = $1
  AND a.conversation_id = $2 AND a.assigned_at <= m.received_at
  ORDER BY a.assigned_at DESC LIMIT 1) had ON true
WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.direction = 'incoming'
  AND m.disposition IS DISTINCT FROM 'context'
  AND ($3::timestamptz IS NULL OR (m.published_at, m.id) > ($3, $4::uuid))
ORDER BY m.published_at, m.id LIMIT $5
"""
