"""The first minute: a workspace, its first owner, and an inbox to connect a channel to."""

from __future__ import annotations

from datetime import datetime

from earful.accounts.emails import clean_email
from earful.accounts.errors import AlreadySetUp, Invalid
from earful.accounts.passwords import check_new, set_password
from earful.accounts.people import Agent, add_agent
from earful.kit.ids import new_id
from earful.kit.text import one_line, storable
from earful.store.pool import Connection


async def needs_setup(db: Connection) -> bool:
    """Whether nobody works here yet. A rehearsal workspace does not count."""
    return bool(await db.fetchval(_NEEDS))


async def anybody(db: Connection) -> bool:
    """Whether there is anybody who could sign in, be it in a rehearsal."""
    return bool(await db.fetchval("SELECT EXISTS (SELECT 1 FROM credential)"))


async def create_workspace(
    db: Connection, *, name: str, now: datetime, rehearsal: bool = False
) -> str:
    """A workspace with nothing in it. Returns its id. Raises Invalid."""
    clean = one_line(storable(name, 1000), 100)
    if not clean:
        raise Invalid("workspace", "Write the name of your organisation.")
    workspace_id = new_id()
    await db.execute(_CREATE, workspace_id, clean, rehearsal, now)
    return workspace_id


async def add_first_inbox(db: Connection, workspace_id: str, *, now: datetime) -> str:
    """An inbox called Care, so that a channel can be connected at once. Returns its id."""
    inbox_id = new_id()
    await db.execute(_INBOX, workspace_id, inbox_id, now)
    return inbox_id


async def set_up(
    db: Connection, *, workspace: str, name: str, email: str, password: str, now: datetime
) -> tuple[str, Agent]:
    """The first workspace and its owner. Of two at once, one gets AlreadySetUp. Raises Invalid."""
    check_new(password, email=clean_email(email))
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended('earful setup', 0))")
    if not await needs_setup(db):
        raise AlreadySetUp("This Earful is set up. Ask an owner for an invitation.")
    workspace_id = await create_workspace(db, name=workspace, now=now)
    await add_first_inbox(db, workspace_id, now=now)
    owner = await add_agent(db, workspace_id, name=name, email=email, role="owner", now=now)
    await set_password(db, workspace_id, owner.id, password, now=now)
    return workspace_id, owner


_NEEDS = """
SELECT NOT EXISTS (
  SELECT 1 FROM workspace w JOIN agent a ON a.workspace_id = w.id WHERE NOT w.rehearsal
)
"""

_CREATE = "INSERT INTO workspace (id, name, rehearsal, created_at) VALUES ($1, $2, $3, $4)"

_INBOX = "INSERT INTO inbox (workspace_id, id, name, created_at) VALUES ($1, $2, 'Care', $3)"
