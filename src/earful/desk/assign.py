"""Who looks after a conversation."""

from __future__ import annotations

from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.desk.common import change, finish
from earful.kit.refusal import NotFound
from earful.stream.work import Work


async def assign(work: Work, conversation_id: str, agent_id: str | None) -> Card:
    """Give the conversation to an agent, or to nobody."""
    await lock(work, conversation_id)
    name = await _name(work, agent_id) if agent_id else None
    await change(work, conversation_id, assignee_id=agent_id)
    who = work.actor.name
    words = f"{who} took it" if agent_id == work.actor.id else f"{who} assigned it to {name}"
    if agent_id is None:
        words = f"{who} put it back for everybody"
    return await finish(work, conversation_id, "conversation.assigned", activity=words)


async def _name(work: Work, agent_id: str) -> str:
    name: str | None = await work.db.fetchval(
        """SELECT name FROM agent WHERE workspace_id = $1 AND id = $2
           AND disabled_at IS NULL AND role <> 'viewer'""",
        work.workspace_id,
        agent_id,
    )
    if name is None:
        raise NotFound("agent")
    return name
