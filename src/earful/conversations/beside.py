"""What is shown beside the messages of one conversation, in one read."""

from __future__ import annotations

from typing import Any

import asyncpg
import msgspec

from earful.conversations.cards import COLUMNS, Card, card_of
from earful.conversations.person import HANDLES, Handle, handles_of


class Beside(msgspec.Struct, frozen=True):
    """The card; the contact's own handles, the network they prefer, their zone, whether anything
    ties them to other contacts; whether they were erased; an agent's draft; the moves out of and
    into the conversation, newest first.
    """

    card: Card
    handles: list[Handle]
    preferred: str
    zone: str
    tied: bool
    erased: bool
    moves: list[dict[str, Any]]
    draft: Any
    cursor: int


async def load_beside(
    db: asyncpg.Connection[Any], workspace_id: str, conversation_id: str, agent_id: str
) -> Beside | None:
    """What stands beside the conversation for an agent, None without such a conversation."""
    row = await db.fetchrow(_BESIDE, workspace_id, conversation_id, agent_id)
    if row is None:
        return None
    return Beside(
        card_of(row),
        handles_of(row["handles"]),
        row["preferred"] or "",
        row["zone"] or "",
        row["tied"],
        row["erased"],
        row["moves"] or [],
        row["draft"],
        row["cursor"] or 0,
    )


_BESIDE = f"""
SELECT {COLUMNS},
  {HANDLES.format(whose="array[c.contact_id]")} AS handles,
  (SELECT o.preferred FROM contact o WHERE o.workspace_id = $1 AND o.id = c.contact_id)
    AS preferred,
  (SELECT o.zone FROM contact o WHERE o.workspace_id = $1 AND o.id = c.contact_id) AS zone,
  EXISTS (SELECT FROM contact_link l WHERE l.workspace_id = $1
    AND (l.one_id = c.contact_id OR l.other_id = c.contact_id)) AS tied,
  EXISTS (SELECT FROM erasure e WHERE e.workspace_id = $1 AND e.contact_id = c.contact_id)
    AS erased,
  (SELECT json_agg(json_build_object('id', m.id, 'from_id', m.from_id, 'to_id', m.to_id,
     'contact_id', m.contact_id, 'by', m.way, 'agent_id', m.agent_id, 'state', m.state,
     'invited_at', m.invited_at, 'arrived_at', m.arrived_at, 'lost_at', m.lost_at)
     ORDER BY m.offered_at DESC)
   FROM move m WHERE m.workspace_id = $1 AND (m.from_id = $2 OR m.to_id = $2)
     AND m.state <> 'offered') AS moves,
  (SELECT d.content FROM draft d WHERE d.workspace_id = $1 AND d.conversation_id = c.id
    AND d.agent_id = $3) AS draft,
  (SELECT e.seq FROM event_counter e WHERE e.workspace_id = $1) AS cursor
FROM conversation c WHERE c.workspace_id = $1 AND c.id = $2
"""  # noqa: S608 - constants
