"""A link to come in by, made by an owner or lead and handed over without mail."""

from __future__ import annotations

from datetime import datetime

from earful.accounts.audit import Line, append
from earful.accounts.errors import Invalid
from earful.accounts.links import Purpose, make_link
from earful.accounts.people import get_agent
from earful.accounts.roles import Role
from earful.accounts.standing import refuse_unless_allowed
from earful.store.pool import Connection


async def invite(
    db: Connection, workspace_id: str, agent_id: str, *, by: Role, by_id: str | None, now: datetime
) -> str:
    """The path of a link that works once; shown once. Raises NoSuchAgent, NotAllowed, Invalid.

    For somebody who has a password already it is one to choose a new one. `by` and `by_id` are who
    makes it: a lead must not make a link into an owner's account.
    """
    agent = await get_agent(db, workspace_id, agent_id)
    refuse_unless_allowed(by, agent.role, agent.role)
    if agent.disabled:
        raise Invalid("agent", "This account is disabled. Enable it first.")
    known = await db.fetchval(_KNOWN, workspace_id, agent_id)
    purpose: Purpose = "password" if known else "invitation"
    token = await make_link(db, workspace_id, agent_id, purpose, now=now)
    line = Line(
        actor_kind="agent" if by_id else "system",
        actor_id=by_id,
        act=f"{purpose}.link_made",
        object_kind="agent",
        object_id=agent_id,
    )
    await append(db, workspace_id, line, now=now)
    return f"/{purpose}/{token}"


_KNOWN = """
SELECT EXISTS (SELECT 1 FROM credential WHERE workspace_id = $1 AND agent_id = $2)
"""
