"""The waits follow the log: what happened to a conversation, and all of them anew when asked."""

from __future__ import annotations

from earful.figures.keeping import keep
from earful.stream.reader import take_on
from earful.stream.work import Work

READER = "figures"
AT_ONCE = 2000
"""Events that are looked at in one transaction."""
KINDS = (
    "conversation.opened",
    "conversation.linked",
    "conversation.changed",
    "conversation.assigned",
    "conversation.handed_over",
    "conversation.prioritised",
    "conversation.snoozed",
    "conversation.woken",
    "conversation.pended",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.merged",
    "conversation.joined",
    "reply.queued",
    "reply.recorded",
    "delivery.sent",
    "delivery.held",
    "delivery.failed",
    "delivery.uncertain",
    "delivery.undone",
    "message.deleted",
    "move.arrived",
)
"""After these a wait may stand otherwise. A further post counts only where one begins or ends
with it."""


async def count(work: Work) -> bool:
    """Count the next events. False when there was nothing, or another process counts."""
    taken = await take_on(work, READER, AT_ONCE)
    if taken is None:
        return False
    rows = await work.db.fetch(_TOUCHED, work.workspace_id, *taken, list(KINDS))
    if rows:
        await keep(work, [row["conversation_id"] for row in rows])
    return True


async def rebuild(work: Work, after: str | None = None, most: int = 1000) -> tuple[str | None, int]:
    """One helping of all conversations anew, in the order of their ids.

    Returns the id to go on after, None at the end, and how many waits there were. Nobody counts
    meanwhile: what was read here can't overwrite what is newer.
    """
    await work.db.execute(_BEGIN, work.workspace_id, READER)
    await work.db.fetchval(_HOLD, work.workspace_id, READER)
    rows = await work.db.fetch(_NEXT, work.workspace_id, after, most)
    ids = [row["id"] for row in rows]
    kept = await keep(work, ids)
    return (ids[-1] if len(ids) == most else None), kept


# A post that joins those who wait mostly changes nothing: where the clock that runs is as it is
# kept, or there is neither, nothing is read. One of ours may end a wait, a grave one hasten it.
_TOUCHED = """
SELECT t.conversation_id FROM (
  SELECT conversation_id, bool_or(kind <> 'message.received') AS surely FROM event
  WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 AND conversation_id IS NOT NULL
    AND (kind = ANY($4::text[]) OR kind = 'message.received') GROUP BY conversation_id) t
LEFT JOIN LATERAL (
  SELECT kind, least(started_at, waits_since) AS began_at, due_at, severity,
    paused_at IS NOT NULL AS held FROM clock
  WHERE workspace_id = $1 AND conversation_id = t.conversation_id AND stopped_at IS NULL
    AND kind <> 'resolution' LIMIT 1) k ON NOT t.surely
LEFT JOIN LATERAL (
  SELECT 'first_response' AS kind, began_at, due_at, severity, held FROM first_wait
  WHERE workspace_id = $1 AND conversation_id = t.conversation_id AND state = 'waiting'
  UNION ALL SELECT kind, began_at, due_at, severity, held FROM later_wait
  WHERE workspace_id = $1 AND conversation_id = t.conversation_id AND state = 'waiting'
    AND kind = 'next_response' LIMIT 1) w ON NOT t.surely
WHERE t.surely OR (k.kind, k.began_at, k.due_at, k.severity, k.held)
  IS DISTINCT FROM (w.kind, w.began_at, w.due_at, w.severity, w.held)
"""

_BEGIN = """
INSERT INTO event_reader (workspace_id, name, seq) VALUES ($1, $2, 0)
ON CONFLICT (workspace_id, name) DO NOTHING
"""

_HOLD = "SELECT seq FROM event_reader WHERE workspace_id = $1 AND name = $2 FOR UPDATE"

_NEXT = """
SELECT id FROM conversation WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id > $2)
ORDER BY id LIMIT $3
"""
