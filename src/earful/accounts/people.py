"""Agents: adding, changing, disabling; a workspace never loses its last owner."""

from __future__ import annotations

from datetime import datetime

import msgspec
from asyncpg import UniqueViolationError

from earful.accounts.emails import clean_email
from earful.accounts.errors import Invalid, LastOwner, NoSuchAgent, Taken
from earful.accounts.links import void_links
from earful.accounts.naming import handle_for, initials_for
from earful.accounts.roles import ROLES, Role
from earful.accounts.sessions import revoke_all
from earful.kit.ids import new_id
from earful.kit.text import one_line, storable
from earful.store.pool import Connection


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works at the desk, in the API's shape. `undo_for` is in seconds."""

    id: str
    name: str
    handle: str
    email: str
    initials: str
    role: Role
    undo_for: int
    disabled: bool
    sign_off: str


async def list_agents(db: Connection, workspace_id: str) -> list[Agent]:
    """Everybody in the workspace, the disabled too, by name."""
    rows = await db.fetch(f"{_SELECT} ORDER BY lower(name), id", workspace_id)
    return [msgspec.convert(dict(row), Agent) for row in rows]


async def get_agent(db: Connection, workspace_id: str, agent_id: str) -> Agent:
    """One agent. Raises NoSuchAgent."""
    row = await db.fetchrow(f"{_SELECT} AND id = $2", workspace_id, agent_id)
    if row is None:
        raise NoSuchAgent("Nobody of that id works here.")
    return msgspec.convert(dict(row), Agent)


async def add_agent(
    db: Connection,
    workspace_id: str,
    *,
    name: str,
    email: str,
    role: str,
    now: datetime,
    handle: str = "",
    initials: str = "",
) -> Agent:
    """Add somebody, without a password yet (see links). Raises Invalid, Taken."""
    name = clean_name(name)
    address = clean_email(email)
    kind = clean_role(role)
    await _lock(db, workspace_id)
    others = await list_agents(db, workspace_id)
    marks = initials_or_made(initials, name, others)
    called = clean_handle(handle) or handle_for(name, {a.handle.lower() for a in others})
    args = (workspace_id, new_id(), name, called, address, marks, kind, now)
    try:
        await db.execute(_ADD, *args)
    except UniqueViolationError as error:
        raise _taken(error) from None
    return await get_agent(db, workspace_id, args[1])


async def change_role(db: Connection, workspace_id: str, agent_id: str, role: str) -> Agent:
    """Give another role. Raises Invalid, LastOwner, NoSuchAgent.

    Sessions go on: each request reads the role anew. Whether the actor may do this is for the
    caller to ask `roles.may_manage`.
    """
    kind = clean_role(role)
    await _lock(db, workspace_id)
    agent = await get_agent(db, workspace_id, agent_id)
    if agent.role == "owner" and kind != "owner":
        await _keep_an_owner(db, workspace_id, agent_id)
    await db.execute(
        "UPDATE agent SET role = $3 WHERE workspace_id = $1 AND id = $2",
        workspace_id,
        agent_id,
        kind,
    )
    return await get_agent(db, workspace_id, agent_id)


async def disable_agent(
    db: Connection, workspace_id: str, agent_id: str, *, now: datetime
) -> Agent:
    """Shut somebody out at once: sessions, tokens and links end. Raises LastOwner, NoSuchAgent."""
    await _lock(db, workspace_id)
    agent = await get_agent(db, workspace_id, agent_id)
    if agent.role == "owner":
        await _keep_an_owner(db, workspace_id, agent_id)
    await db.execute(_DISABLE, workspace_id, agent_id, now)
    await db.execute(_END_TOKENS, workspace_id, agent_id, now)
    await revoke_all(db, workspace_id, agent_id, now=now)
    await void_links(db, workspace_id, agent_id, now=now)
    return await get_agent(db, workspace_id, agent_id)


async def enable_agent(db: Connection, workspace_id: str, agent_id: str) -> Agent:
    """Let somebody in again, with the password they had. Raises NoSuchAgent."""
    await db.execute(
        "UPDATE agent SET disabled_at = NULL WHERE workspace_id = $1 AND id = $2",
        workspace_id,
        agent_id,
    )
    return await get_agent(db, workspace_id, agent_id)


async def change_agent(
    db: Connection,
    workspace_id: str,
    agent_id: str,
    *,
    name: str | None = None,
    handle: str | None = None,
    initials: str | None = None,
    undo_for: int | None = None,
) -> Agent:
    """Change what is given. Raises Invalid, Taken, NoSuchAgent. `undo_for` is 0 to 60 seconds."""
    if undo_for is not None and not 0 <= undo_for <= 60:
        raise Invalid("undo_for", "The time to undo is between 0 and 60 seconds.")
    fields = (
        None if name is None else clean_name(name),
        None if handle is None else clean_handle(handle) or None,
        None if initials is None else clean_initials(initials) or None,
        undo_for,
    )
    try:
        await db.execute(_CHANGE, workspace_id, agent_id, *fields)
    except UniqueViolationError as error:
        raise _taken(error) from None
    return await get_agent(db, workspace_id, agent_id)


def clean_name(name: str) -> str:
    """A name on one line. Raises Invalid."""
    clean = one_line(storable(name, 1000), 100)
    if not clean:
        raise Invalid("name", "Write a name.")
    return clean


def clean_role(role: str) -> Role:
    """`role` as one of ROLES. Raises Invalid."""
    for known in ROLES:
        if role == known:
            return known
    raise Invalid("role", f"The role is one of {', '.join(ROLES)}.")


def clean_handle(handle: str) -> str:
    """A handle without @, or "" for none given. Raises Invalid."""
    clean = handle.strip().removeprefix("@").lower()
    if clean and not (len(clean) <= 40 and clean.replace("-", "").replace("_", "").isalnum()):
        raise Invalid("handle", "A handle is up to 40 letters, digits, - and _.")
    return clean


def clean_initials(initials: str) -> str:
    """Initials, or "" for none given. Raises Invalid."""
    clean = initials.strip().removeprefix("^").upper()
    if clean and not (len(clean) <= 4 and clean.isalnum()):
        raise Invalid("initials", "Initials are up to 4 letters or digits, such as AB.")
    return clean


def initials_or_made(given: str, name: str, others: list[Agent]) -> str:
    """The given initials, or ones made from the name that nobody else signs with."""
    return clean_initials(given) or initials_for(name, {agent.initials for agent in others})


def _taken(error: UniqueViolationError) -> Taken:
    if error.constraint_name == "agent_handle":
        return Taken("handle", "Somebody here has this handle.")
    return Taken("email", "Somebody has an account with this e-mail address.")


async def _lock(db: Connection, workspace_id: str) -> None:
    """One change of people at a time in a workspace, so that two owners can't remove each other."""
    await db.execute("SELECT 1 FROM workspace WHERE id = $1 FOR NO KEY UPDATE", workspace_id)


async def _keep_an_owner(db: Connection, workspace_id: str, but: str) -> None:
    others = await db.fetchval(_OTHER_OWNERS, workspace_id, but)
    if not others:
        raise LastOwner("A workspace needs an owner. Make somebody else an owner first.")


_SELECT = """
SELECT id::text, name, handle, email, initials, role, undo_for,
  disabled_at IS NOT NULL AS disabled, '^' || initials AS sign_off
FROM agent WHERE workspace_id = $1
"""

_ADD = """
INSERT INTO agent (workspace_id, id, name, handle, email, initials, role, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

_DISABLE = """
UPDATE agent SET disabled_at = coalesce(disabled_at, $3) WHERE workspace_id = $1 AND id = $2
"""

_END_TOKENS = """
UPDATE api_token SET revoked_at = $3
WHERE workspace_id = $1 AND agent_id = $2 AND revoked_at IS NULL
"""

_CHANGE = """
UPDATE agent SET name = coalesce($3, name), handle = coalesce($4, handle),
  initials = coalesce($5, initials), undo_for = coalesce($6, undo_for)
WHERE workspace_id = $1 AND id = $2
"""

# An owner who was invited and never came can't sign in, and so does not count.
_OTHER_OWNERS = """
SELECT count(*) FROM agent a
JOIN credential c ON c.workspace_id = a.workspace_id AND c.agent_id = a.id
WHERE a.workspace_id = $1 AND a.id <> $2 AND a.role = 'owner' AND a.disabled_at IS NULL
"""
