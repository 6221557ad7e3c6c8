"""Who looks after a conversation."""

from __future__ import annotations

from earful.accounts.sight import works_in
from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.desk.common import change, finish
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work


async def assign(work: Work, conversation_id: str, agent_id: str | None, *, why: str = "") -> Card:
    """Give the conversation to an agent, or to nobody; `why` in words, where a rule did it."""
    row = await lock(work, conversation_id)
    name = await _name(work, agent_id, row["inbox_id"]) if agent_id else None
    await change(work, conversation_id, assignee_id=agent_id)
    who = work.actor.name
    words = f"{who} took it" if agent_id == work.actor.id else f"{who} assigned it to {name}"
    if agent_id is None:
        words = f"{who} put it back for everybody"
    if why:
        words = f"{words}: {why}"
    return await finish(work, conversation_id, "conversation.assigned", activity=words, reason=why)


async def _name(work: Work, agent_id: str, inbox_id: str) -> str:
    row = await work.db.fetchrow(
        _ASSIGNEE,
        work.workspace_id,
        agent_id,
        inbox_id,
    )
    if row is None:
        raise NotFound("agent")
    if not row["sees"]:
        raise Refused("invalid", f"{row['name']} does not work in this inbox and would not see it.")
    name: str = row["name"]
    return name


_ASSIGNEE = f"""
SELECT a.name, a.role IN ('owner', 'lead') OR {works_in("$1", "$3", "a.id")} AS sees
FROM agent a
WHERE a.workspace_id = $1 AND a.id = $2 AND a.disabled_at IS NULL AND a.role <> 'viewer'
"""  # noqa: S608 - names from code
