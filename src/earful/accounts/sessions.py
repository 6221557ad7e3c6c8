"""Sessions: listed, revocable, ended by idling or by age; the token itself is never stored."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from earful.accounts.tokens import digest, new_token
from earful.kit.ids import is_id, new_id
from earful.kit.text import one_line, storable
from earful.store.pool import Connection

IDLE_FOR = timedelta(days=14)
LIVES_FOR = timedelta(days=30)
MOST = 100
"""Sessions of one person at once."""
TOUCH_AFTER = timedelta(minutes=10)
"""How old `seen_at` may grow before it is worth a write."""


class Session(msgspec.Struct, frozen=True):
    """A place where somebody is signed in, as the settings page lists it."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str


async def open_session(
    db: Connection,
    workspace_id: str,
    agent_id: str,
    *,
    user_agent: str,
    address: str,
    now: datetime,
) -> str:
    """Start a session. Returns its token, for the cookie; nobody can read it again.

    Beyond MOST the one that was not used for longest ends.
    """
    token = new_token()
    agent_line = one_line(storable(user_agent, 1000), 300)
    args = (workspace_id, new_id(), agent_id, digest(token), now, now + LIVES_FOR)
    await db.execute(_OPEN, *args, agent_line, storable(address, 100))
    await db.execute(_ONLY_THE_NEWEST, workspace_id, agent_id, now, MOST)
    return token


async def list_sessions(
    db: Connection, workspace_id: str, agent_id: str, *, now: datetime
) -> list[Session]:
    """Where somebody is signed in now, the latest seen first."""
    rows = await db.fetch(_LIST, workspace_id, agent_id, now, now - IDLE_FOR)
    return [Session(**dict(row)) for row in rows]


async def touch(db: Connection, workspace_id: str, session_id: str, *, now: datetime) -> None:
    """Note that a session was used. Call it when `Principal.stale` says so."""
    await db.execute(_TOUCH, workspace_id, session_id, now)


async def revoke(
    db: Connection, workspace_id: str, agent_id: str, session_id: str, *, now: datetime
) -> bool:
    """End one session of this agent. False if there was none to end."""
    if not is_id(session_id):
        return False
    row = await db.fetchval(_REVOKE, workspace_id, agent_id, session_id, now)
    return row is not None


async def revoke_all(
    db: Connection,
    workspace_id: str,
    agent_id: str,
    *,
    now: datetime,
    keep: str | None = None,
) -> int:
    """End every session of this agent, but for the one with id `keep`. Returns how many."""
    rows = await db.fetch(_REVOKE_ALL, workspace_id, agent_id, now, keep)
    return len(rows)


async def forget_old(db: Connection, *, now: datetime) -> int:
    """Delete sessions of all workspaces that ended over 30 days ago. Returns how many."""
    rows = await db.fetch("DELETE FROM session WHERE expires_at < $1 RETURNING 1", now - LIVES_FOR)
    return len(rows)


_OPEN = """
INSERT INTO session
  (workspace_id, id, agent_id, sha256, created_at, seen_at, expires_at, user_agent, address)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)
"""

_ONLY_THE_NEWEST = """
UPDATE session SET revoked_at = $3 WHERE workspace_id = $1 AND id IN (
  SELECT id FROM session WHERE workspace_id = $1 AND agent_id = $2 AND revoked_at IS NULL
  ORDER BY seen_at DESC, id DESC OFFSET $4)
"""

_LIST = """
SELECT id, created_at, seen_at, expires_at, user_agent, address FROM session
WHERE workspace_id = $1 AND agent_id = $2 AND revoked_at IS NULL
  AND expires_at > $3 AND seen_at > $4
ORDER BY seen_at DESC, id
"""

_TOUCH = "UPDATE session SET seen_at = greatest(seen_at, $3) WHERE workspace_id = $1 AND id = $2"

_REVOKE = """
UPDATE session SET revoked_at = $4
WHERE workspace_id = $1 AND agent_id = $2 AND id = $3 AND revoked_at IS NULL RETURNING id
"""

_REVOKE_ALL = """
UPDATE session SET revoked_at = $3
WHERE workspace_id = $1 AND agent_id = $2 AND revoked_at IS NULL AND id IS DISTINCT FROM $4
RETURNING id
"""
