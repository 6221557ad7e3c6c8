"""What somebody may do here, and whether at all; a workspace never loses its last owner.

`by` is the role of whoever does it: only an owner touches owners.
"""

from __future__ import annotations

from datetime import datetime

from earful.accounts.audit import Line, append
from earful.accounts.errors import LastOwner, NotAllowed
from earful.accounts.links import void_links
from earful.accounts.people import Agent, get_agent, lock_people
from earful.accounts.person_fields import clean_role
from earful.accounts.roles import Role, may_manage
from earful.accounts.sessions import revoke_all
from earful.accounts.totp import turn_off
from earful.store.pool import Connection


async def change_role(
    db: Connection, workspace_id: str, agent_id: str, role: str, *, by: Role
) -> Agent:
    """Give another role. Raises Invalid, LastOwner, NoSuchAgent, NotAllowed.

    Sessions go on: each request reads the role anew.
    """
    kind = clean_role(role)
    agent = await _locked(db, workspace_id, agent_id, by=by, after=kind)
    if agent.role == "owner" and kind != "owner":
        await _keep_an_owner(db, workspace_id, agent_id)
    await db.execute(_ROLE, workspace_id, agent_id, kind)
    return await get_agent(db, workspace_id, agent_id)


async def disable_agent(
    db: Connection, workspace_id: str, agent_id: str, *, by: Role, now: datetime
) -> Agent:
    """Shut somebody out at once: sessions, tokens and links end.

    Raises LastOwner, NoSuchAgent, NotAllowed.
    """
    agent = await _locked(db, workspace_id, agent_id, by=by)
    if agent.role == "owner":
        await _keep_an_owner(db, workspace_id, agent_id)
    await db.execute(_DISABLE, workspace_id, agent_id, now)
    await db.execute(_END_TOKENS, workspace_id, agent_id, now)
    await revoke_all(db, workspace_id, agent_id, now=now)
    await void_links(db, workspace_id, agent_id, now=now)
    return await get_agent(db, workspace_id, agent_id)


async def enable_agent(db: Connection, workspace_id: str, agent_id: str, *, by: Role) -> Agent:
    """Let somebody in again, with the password they had. Raises NoSuchAgent, NotAllowed."""
    await _locked(db, workspace_id, agent_id, by=by)
    await db.execute(_ENABLE, workspace_id, agent_id)
    return await get_agent(db, workspace_id, agent_id)


async def reset_codes(
    db: Connection, workspace_id: str, agent_id: str, *, by: Role, by_id: str | None, now: datetime
) -> bool:
    """For somebody who lost phone and recovery codes: off with codes, and out everywhere.

    False if codes were not on. Raises NoSuchAgent, NotAllowed.
    """
    await _locked(db, workspace_id, agent_id, by=by)
    was_on = await turn_off(db, workspace_id, agent_id)
    await revoke_all(db, workspace_id, agent_id, now=now)
    line = Line(
        actor_kind="agent" if by_id else "system",
        actor_id=by_id,
        act="codes.turned_off",
        object_kind="agent",
        object_id=agent_id,
    )
    await append(db, workspace_id, line, now=now)
    return was_on


def refuse_unless_allowed(by: Role, before: Role, after: Role) -> None:
    """Raises NotAllowed unless `by` may turn a `before` into an `after`."""
    if not may_manage(by, before, after):
        raise NotAllowed("Your role does not let you do this to them.")


async def _locked(
    db: Connection, workspace_id: str, agent_id: str, *, by: Role, after: Role | None = None
) -> Agent:
    await lock_people(db, workspace_id)
    agent = await get_agent(db, workspace_id, agent_id)
    refuse_unless_allowed(by, agent.role, after or agent.role)
    return agent


async def _keep_an_owner(db: Connection, workspace_id: str, but: str) -> None:
    if not await db.fetchval(_OTHER_OWNERS, workspace_id, but):
        raise LastOwner("A workspace needs an owner. Make somebody else an owner first.")


_ROLE = "UPDATE agent SET role = $3 WHERE workspace_id = $1 AND id = $2"

_DISABLE = """
UPDATE agent SET disabled_at = coalesce(disabled_at, $3) WHERE workspace_id = $1 AND id = $2
"""

_ENABLE = "UPDATE agent SET disabled_at = NULL WHERE workspace_id = $1 AND id = $2"

_END_TOKENS = """
UPDATE api_token SET revoked_at = $3
WHERE workspace_id = $1 AND agent_id = $2 AND revoked_at IS NULL
"""

# An owner who was invited and never came can't sign in, and so does not count.
_OTHER_OWNERS = """
SELECT count(*) FROM agent a
JOIN credential c ON c.workspace_id = a.workspace_id AND c.agent_id = a.id
WHERE a.workspace_id = $1 AND a.id <> $2 AND a.role = 'owner' AND a.disabled_at IS NULL
"""
