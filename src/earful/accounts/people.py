"""Agents: who works here, adding somebody, and what they may change of themselves."""

from __future__ import annotations

from datetime import datetime

import msgspec
from asyncpg import UniqueViolationError

from earful.accounts.bounds import refuse_beyond
from earful.accounts.emails import clean_email
from earful.accounts.errors import Invalid, NoSuchAgent, NotAllowed, Taken
from earful.accounts.naming import handle_for, initials_for
from earful.accounts.person_fields import clean_handle, clean_initials, clean_name, clean_role
from earful.accounts.roles import Role, may_manage
from earful.kit.ids import is_id, new_id
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
    found = is_id(agent_id)
    row = await db.fetchrow(f"{_SELECT} AND id = $2", workspace_id, agent_id) if found else None
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
    by: Role = "owner",
) -> Agent:
    """Add somebody, without a password yet (see `invitations`). Raises Invalid, Taken, NotAllowed.

    `by` is the role of whoever does it.
    """
    name = clean_name(name)
    address = clean_email(email)
    kind = clean_role(role)
    if not may_manage(by, kind, kind):
        raise NotAllowed("Only an owner makes owners.")
    await lock_people(db, workspace_id)
    others = await list_agents(db, workspace_id)
    marks = initials_or_made(initials, name, others)
    called = clean_handle(handle) or handle_for(name, {a.handle.lower() for a in others})
    args = (workspace_id, new_id(), name, called, address, marks, kind, now)
    try:
        await db.execute(_ADD, *args)
    except UniqueViolationError as error:
        raise _taken(error) from None
    await refuse_beyond(db, workspace_id, "agent")
    return await get_agent(db, workspace_id, args[1])


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
    await get_agent(db, workspace_id, agent_id)
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


def initials_or_made(given: str, name: str, others: list[Agent]) -> str:
    """The given initials, or ones made from the name that nobody else signs with."""
    return clean_initials(given) or initials_for(name, {agent.initials for agent in others})


def _taken(error: UniqueViolationError) -> Taken:
    if error.constraint_name == "agent_handle":
        return Taken("handle", "Somebody here has this handle.")
    return Taken("email", "Somebody has an account with this e-mail address.")


async def lock_people(db: Connection, workspace_id: str) -> None:
    """One change of people at a time in a workspace, so that two owners can't remove each other."""
    await db.execute("SELECT 1 FROM workspace WHERE id = $1 FOR NO KEY UPDATE", workspace_id)


_SELECT = """
SELECT id::text, name, handle, email, initials, role, undo_for,
  disabled_at IS NOT NULL AS disabled, '^' || initials AS sign_off
FROM agent WHERE workspace_id = $1
"""

_ADD = """
INSERT INTO agent (workspace_id, id, name, handle, email, initials, role, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

_CHANGE = """
UPDATE agent SET name = coalesce($3, name), handle = coalesce($4, handle),
  initials = coalesce($5, initials), undo_for = coalesce($6, undo_for)
WHERE workspace_id = $1 AND id = $2
"""
