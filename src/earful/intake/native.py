"""What was answered in the network's own app is answered here too."""

from __future__ import annotations

from typing import NamedTuple

from earful.conversations.states import OPEN, PENDING
from earful.intake.arrival import Arrival
from earful.stream.work import Work


class Answered(NamedTuple):
    """What own posts settled: conversations, and the messages in them."""

    conversations: set[str]
    messages: list[str]


NOTHING = Answered(set(), [])


async def settle(work: Work, arrivals: list[Arrival]) -> Answered:
    """An own post answers what it replies to, and what its author had written before it."""
    ours = [arrival for arrival in arrivals if arrival.post.own and arrival.parent_id]
    if not ours:
        return NOTHING
    rows = await work.db.fetch(
        _SETTLE,
        work.workspace_id,
        [arrival.message_id for arrival in ours],
        [arrival.parent_id for arrival in ours],
        work.now,
    )
    return Answered({row["conversation_id"] for row in rows}, [row["id"] for row in rows])


async def rest(work: Work, conversations: set[str]) -> None:
    """Where nobody waits any more, it is the customer's turn. Call it after the recount."""
    if not conversations:
        return
    await work.db.execute(
        """UPDATE conversation SET status = $3 WHERE workspace_id = $1 AND id = ANY($2::uuid[])
           AND status = $4 AND unanswered = 0 AND sending = 0 AND trouble = ''""",
        work.workspace_id,
        sorted(conversations),
        PENDING,
        OPEN,
    )


_SETTLE = """
UPDATE message q SET disposition = 'answered', settled_at = $4
FROM unnest($2::uuid[], $3::uuid[]) AS a (answer_id, parent_id)
JOIN message o ON o.workspace_id = $1 AND o.id = a.answer_id
JOIN message p ON p.workspace_id = $1 AND p.id = a.parent_id AND p.direction = 'incoming'
WHERE q.workspace_id = $1 AND q.conversation_id = p.conversation_id
  AND q.direction = 'incoming' AND q.disposition IS NULL AND q.author_id = p.author_id
  AND (q.id = p.id OR q.published_at <= o.published_at)
RETURNING q.id, q.conversation_id
"""
