"""A link to come in by, made by an owner or lead: handed over, and mailed where that can be."""

from __future__ import annotations

from datetime import datetime

from earful.accounts import letters
from earful.accounts.audit import Line, append
from earful.accounts.errors import Invalid
from earful.accounts.links import LASTS_FOR, Purpose, make_link
from earful.accounts.people import get_agent
from earful.accounts.postbox import can_mail, put_in
from earful.accounts.roles import Role
from earful.accounts.secrets import Keyring
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
        act="password.link_made" if known else "invitation.link_made",
        object_kind="agent",
        object_id=agent_id,
    )
    await append(db, workspace_id, line, now=now)
    return f"/{purpose}/{token}"


async def mail_link(
    db: Connection, keyring: Keyring, workspace_id: str, agent_id: str, url: str, *, now: datetime
) -> str | None:
    """Mail a link that `invite` made. Returns the address; None where no mail can be sent."""
    if not await can_mail(db, workspace_id):
        return None
    agent = await get_agent(db, workspace_id, agent_id)
    purpose: Purpose = "password" if "/password/" in url else "invitation"
    if purpose == "password":
        letter = letters.new_password(agent.email, name=agent.name, url=url)
    else:
        workspace = await db.fetchval("SELECT name FROM workspace WHERE id = $1", workspace_id)
        letter = letters.invitation(agent.email, name=agent.name, workspace=workspace, url=url)
    lasts_for = LASTS_FOR[purpose]
    await put_in(db, keyring, workspace_id, agent_id, letter, lasts_for=lasts_for, now=now)
    return agent.email


_KNOWN = """
SELECT EXISTS (SELECT 1 FROM credential WHERE workspace_id = $1 AND agent_id = $2)
"""
