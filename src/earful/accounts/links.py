"""Links that work once and not for long: invitations, new passwords, the step before a code."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from earful.accounts.tokens import digest, is_token, new_token
from earful.kit.ids import new_id
from earful.store.pool import Connection

Purpose = Literal["invitation", "password", "step"]

LASTS_FOR: dict[Purpose, timedelta] = {
    "invitation": timedelta(days=7),
    "password": timedelta(hours=2),
    "step": timedelta(minutes=10),
}


class Link(msgspec.Struct, frozen=True):
    """Whom a link is for."""

    id: str
    workspace_id: str
    workspace_name: str
    agent_id: str
    name: str
    email: str


async def make_link(
    db: Connection, workspace_id: str, agent_id: str, purpose: Purpose, *, now: datetime
) -> str:
    """The token of a fresh link. Earlier links of this purpose for this agent stop working."""
    token = new_token()
    await void_links(db, workspace_id, agent_id, purpose, now=now)
    args = (workspace_id, new_id(), agent_id, purpose, digest(token), now)
    await db.execute(_MAKE, *args, now + LASTS_FOR[purpose])
    return token


async def void_links(
    db: Connection, workspace_id: str, agent_id: str, *purposes: Purpose, now: datetime
) -> None:
    """Make links that were not used yet useless: those of `purposes`, or all."""
    await db.execute(_VOID, workspace_id, agent_id, list(purposes or LASTS_FOR), now)


async def look_at_link(
    db: Connection, token: str | None, purpose: Purpose, *, now: datetime
) -> Link | None:
    """Whom the link is for, without using it up. None if it does not work (any more)."""
    if token is None or not is_token(token):
        return None
    row = await db.fetchrow(_LOOK, digest(token), purpose, now)
    return None if row is None else msgspec.convert(dict(row), Link)


async def use_link(
    db: Connection, token: str | None, purpose: Purpose, *, now: datetime
) -> Link | None:
    """Use the link up. Of two who use it at once, one gets None."""
    link = await look_at_link(db, token, purpose, now=now)
    if link is None:
        return None
    used = await db.fetchval(_USE, link.workspace_id, link.id, now)
    return None if used is None else link


async def forget_old(db: Connection, *, now: datetime) -> None:
    """Delete links that stopped working over 30 days ago."""
    await db.execute("DELETE FROM link WHERE expires_at < $1", now - timedelta(days=30))


_MAKE = """
INSERT INTO link (workspace_id, id, agent_id, purpose, sha256, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

_VOID = """
UPDATE link SET used_at = $4
WHERE workspace_id = $1 AND agent_id = $2 AND purpose = ANY($3::text[]) AND used_at IS NULL
"""

_LOOK = """
SELECT l.id::text, l.workspace_id::text, w.name AS workspace_name, l.agent_id::text, a.name, a.email
FROM link l
JOIN workspace w ON w.id = l.workspace_id
JOIN agent a ON a.workspace_id = l.workspace_id AND a.id = l.agent_id
WHERE l.sha256 = $1 AND l.purpose = $2 AND l.used_at IS NULL AND l.expires_at > $3
  AND a.disabled_at IS NULL
"""

_USE = """
UPDATE link SET used_at = $3 WHERE workspace_id = $1 AND id = $2 AND used_at IS NULL
  AND expires_at > $3 RETURNING id
"""
