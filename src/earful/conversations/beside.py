"""What is shown beside the messages of one conversation, in one read."""

from __future__ import annotations

from typing import Any

import asyncpg
import msgspec

from earful.conversations.cards import COLUMNS, Card, card_of


class Beside(msgspec.Struct, frozen=True):
    """The card; the contact's handles, and other conversations, newest first; an agent's draft;
    the moves out of and into the conversation, newest first.

    A handle's `avatar` is its address, or None as long as there is none.
    """

    card: Card
    handles: list[dict[str, Any]]
    others: list[str]
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
        row["handles"] or [],
        row["others"],
        row["moves"] or [],
        row["draft"],
        row["cursor"] or 0,
    )


_BESIDE = f"""
SELECT {COLUMNS},
  (SELECT json_agg(json_build_object('network', h.network, 'handle', h.handle, 'bot', h.bot,
     'avatar', '/api/v1/media/' || p.id) ORDER BY h.network, h.handle)
   FROM contact_handle h LEFT JOIN media p
     ON p.workspace_id = $1 AND p.id = h.avatar_id AND p.state = 'kept'
   WHERE h.workspace_id = $1 AND h.contact_id = c.contact_id) AS handles,
  array(SELECT o.id FROM conversation o WHERE o.workspace_id = $1 AND o.contact_id = c.contact_id
    AND o.id <> c.id AND o.merged_into IS NULL ORDER BY o.opened_at DESC LIMIT 10) AS others,
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
