"""What becomes of a move to a private conversation: invited, arrived, or lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from earful.conversations.instants import note_assigned
from earful.conversations.moves import COLUMNS, WITHIN, Move, digest, move_of
from earful.conversations.rows import tell
from earful.conversations.states import RESOLVED
from earful.desk.common import change
from earful.outbox.queue import Delivery
from earful.stream.work import Work


class MoveCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many were asked to come along by one way, and what came of it."""

    by: str
    invited: int
    arrived: int
    lost: int


async def invitation_sent(work: Work, delivery: Delivery) -> None:
    """The reply that carries an invitation stands on the network: from now on they may come."""
    row = await work.db.fetchrow(
        f"""UPDATE move SET state = 'invited', invited_at = $3
            WHERE workspace_id = $1 AND id = $2 AND state = 'offered'
            RETURNING {COLUMNS}""",  # noqa: S608 - a constant
        work.workspace_id,
        delivery.draft["move"],
        work.now,
    )
    if row is not None:
        await _tell(work, "move.invited", move_of(row))


async def take_back(work: Work, delivery: Delivery) -> None:
    """What began a private talk was undone: with nothing else in it, it is as if it never was."""
    others = await work.db.fetchval(
        """SELECT true FROM message m WHERE m.workspace_id = $1 AND m.conversation_id = $2
           AND m.direction IN ('incoming', 'outgoing') AND NOT EXISTS (SELECT 1 FROM delivery d
             WHERE d.workspace_id = $1 AND d.message_id = m.id AND d.state = 'undone') LIMIT 1""",
        work.workspace_id,
        delivery.conversation_id,
    )
    if others:
        return
    await work.db.execute(
        "DELETE FROM move WHERE workspace_id = $1 AND to_id = $2 AND state = 'invited'",
        work.workspace_id,
        delivery.conversation_id,
    )
    await change(
        work,
        delivery.conversation_id,
        status=RESOLVED,
        disposition="no_reply_needed",
        disposition_reason="Taken back before anything was sent.",
    )
    await tell(work, delivery.draft["from"], "conversation.changed")


async def arrivals(work: Work, conversation_ids: Iterable[str]) -> set[str]:
    """Customers wrote in these private conversations: whom we had invited has arrived.

    Returns the conversations whose owner this changed.
    """
    rows = await work.db.fetch(
        _ARRIVED, work.workspace_id, sorted(conversation_ids), work.now, work.now - WITHIN
    )
    return await _received(work, [move_of(row) for row in rows])


async def arrive(work: Work, code: str, conversation_id: str) -> Move | None:
    """Somebody came with the code of an invitation, by mail or the portal, into a conversation.

    The code counts once, within 14 days. None if it is unknown, used or too old. Whoever calls it
    tells of the conversation afterwards: its owner may have changed.
    """
    row = await work.db.fetchrow(
        f"""UPDATE move SET state = 'arrived', arrived_at = $4, to_id = $3, code = NULL
            WHERE workspace_id = $1 AND code = $2 AND state IN ('offered', 'invited')
              AND offered_at > $5 RETURNING {COLUMNS}""",  # noqa: S608 - a constant
        work.workspace_id,
        digest(code),
        conversation_id,
        work.now,
        work.now - WITHIN,
    )
    if row is None:
        return None
    move = move_of(row)
    await _received(work, [move])
    return move


async def _received(work: Work, moves: list[Move]) -> set[str]:
    """Give each to who looks after the public conversation, and tell it."""
    changed: set[str] = set()
    for move in moves:
        owned = await work.db.fetchrow(
            """UPDATE conversation t SET assignee_id = f.assignee_id FROM conversation f
               WHERE t.workspace_id = $1 AND t.id = $2 AND t.assignee_id IS NULL
                 AND f.workspace_id = $1 AND f.id = $3 AND f.assignee_id IS NOT NULL
               RETURNING t.id, t.assignee_id""",
            work.workspace_id,
            move.to_id,
            move.from_id,
        )
        if owned:
            changed.add(owned["id"])
            await note_assigned(work, owned["id"], owned["assignee_id"])
        await _tell(work, "move.arrived", move)
    return changed


async def lose_due(work: Work, most: int = 200) -> int:
    """Those who did not come in time are lost. Returns how many."""
    rows = await work.db.fetch(_LOSE, work.workspace_id, work.now - WITHIN, work.now, most)
    for row in rows:
        await _tell(work, "move.lost", move_of(row))
    await work.db.execute(_FORGET, work.workspace_id, work.now - WITHIN)
    return len(rows)


async def count_moves(db: Any, workspace_id: str) -> list[MoveCounts]:
    """How many were invited in all, have arrived and were lost, by the way they were asked to."""
    rows = await db.fetch(
        """SELECT way AS by, count(*) AS invited, count(*) FILTER (WHERE state = 'arrived')
             AS arrived, count(*) FILTER (WHERE state = 'lost') AS lost
           FROM move WHERE workspace_id = $1 AND state <> 'offered' GROUP BY way ORDER BY way""",
        workspace_id,
    )
    return [MoveCounts(**dict(row)) for row in rows]


async def _tell(work: Work, kind: str, move: Move) -> None:
    """Tell both sides, which may stand in different inboxes."""
    rows = await work.db.fetch(
        "SELECT id, inbox_id FROM conversation WHERE workspace_id = $1 AND id = ANY($2::uuid[])",
        work.workspace_id,
        [one for one in (move.from_id, move.to_id) if one],
    )
    for row in rows:
        work.emit(kind, {"move": move}, conversation_id=row["id"], inbox_id=row["inbox_id"])


_PLAIN = ", ".join(
    f"m.{part.strip()}" for part in COLUMNS.replace("way AS by", "way").split(",")
).replace("m.way", "m.way AS by")

_ARRIVED = f"""
UPDATE move m SET state = 'arrived', arrived_at = $3, to_id = c.id, code = NULL
FROM conversation c
WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[])
  AND m.workspace_id = $1 AND m.contact_id = c.contact_id AND m.state = 'invited'
  AND m.way = c.visibility AND m.invited_at > $4 AND (m.to_id IS NULL OR m.to_id = c.id)
RETURNING {_PLAIN}
"""  # noqa: S608 - constants

_LOSE = f"""
UPDATE move SET state = 'lost', lost_at = $3, code = NULL
WHERE workspace_id = $1 AND id IN (
  SELECT id FROM move WHERE workspace_id = $1 AND state = 'invited' AND invited_at <= $2
  ORDER BY invited_at LIMIT $4 FOR UPDATE SKIP LOCKED)
RETURNING {COLUMNS}
"""  # noqa: S608 - a constant

_FORGET = """
DELETE FROM move WHERE workspace_id = $1 AND state = 'offered' AND offered_at <= $2
"""
