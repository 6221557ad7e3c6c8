"""A private message to whom one was talking with in public: it stands in a talk beside that."""

from __future__ import annotations

from typing import Any

from earful.conversations import moves
from earful.conversations.instants import note_assigned
from earful.conversations.rows import lock
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Visibility
from earful.stream.work import Work


def goes_aside(conversation: dict[str, Any], visibility: str) -> bool:
    """Whether a reply with this `visibility` leaves a public conversation for a private one.

    Raises Refused for a wish that makes no sense: nothing private ever turns public.
    """
    here = conversation["visibility"]
    if visibility in ("", here):
        return False
    if visibility == Visibility.DIRECT and here == Visibility.PUBLIC:
        return True
    raise Refused("invalid", f"Nothing {visibility} is sent from what is {here}.")


async def beside(
    work: Work, public: dict[str, Any], contact_id: str | None, agent_id: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The private conversation with `contact_id`, opened or joined, and what the draft keeps of it.

    The two are linked by a move, and whoever looks after the public one looks after this too.
    """
    if contact_id is None:
        raise NotFound("person to write to")
    owner = public["assignee_id"] or agent_id
    opened = await work.db.fetchval(
        _OPEN, work.workspace_id, new_id(), public["id"], contact_id, owner, work.now
    )
    found = opened or await work.db.fetchval(
        _STANDING,
        work.workspace_id,
        public["inbox_id"],
        contact_id,
        public["network"],
    )
    if opened or await work.db.fetchval(_OWN, work.workspace_id, found, owner):
        await note_assigned(work, found, owner)
    move = await moves.begin(
        work, from_id=public["id"], to_id=found, contact_id=contact_id, agent_id=agent_id
    )
    return await lock(work, found), {"from": public["id"], "move": move}


async def who_was_written_to(work: Work, conversation_id: str) -> dict[str, Any]:
    """The target of our last message in a talk that nobody has answered yet. Raises NotFound."""
    kept = await work.db.fetchval(
        """SELECT draft->'reply_to' FROM delivery WHERE workspace_id = $1
           AND conversation_id = $2 AND state <> 'undone' AND draft ? 'reply_to'
           ORDER BY id DESC LIMIT 1""",
        work.workspace_id,
        conversation_id,
    )
    if not kept:
        raise NotFound("message to answer")
    return {"id": None, "author_id": None, "to": kept}


_OPEN = """
INSERT INTO conversation (workspace_id, id, inbox_id, channel_id, network, visibility, severity,
  severity_reason, contact_id, contact_name, contact_handle, assignee_id, team_id, opened_at,
  last_message_at)
SELECT $1, $2, c.inbox_id, c.channel_id, c.network, 'direct', c.severity, c.severity_reason, $4,
  h.name, h.handle, $5, c.team_id, $6, $6
FROM conversation c JOIN LATERAL (
  SELECT coalesce(nullif(h.name, ''), h.handle) AS name, h.handle FROM contact_handle h
  WHERE h.workspace_id = $1 AND h.contact_id = $4 AND h.network = c.network
  ORDER BY h.external_id LIMIT 1) h ON true
WHERE c.workspace_id = $1 AND c.id = $3
ON CONFLICT (workspace_id, inbox_id, contact_id, network, visibility)
  WHERE status <> 'resolved' DO NOTHING
RETURNING id
"""

_STANDING = """
SELECT id FROM conversation WHERE workspace_id = $1 AND inbox_id = $2 AND contact_id = $3
  AND network = $4 AND visibility = 'direct' AND status <> 'resolved'
"""

_OWN = """
UPDATE conversation SET assignee_id = $3
WHERE workspace_id = $1 AND id = $2 AND assignee_id IS NULL RETURNING true
"""
