"""Tokens for programs: shown once, scoped, acting as the agent who made them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from earful.accounts.errors import Invalid, TooMany
from earful.accounts.roles import SCOPES, Scope
from earful.accounts.tokens import digest, new_token
from earful.kit.ids import is_id, new_id
from earful.kit.text import one_line, storable
from earful.store.pool import Connection

MOST = 50
"""Tokens of one person that were not ended."""
PREFIX = "earful_"
"""Makes a leaked token easy to find for secret scanners."""


class ApiToken(msgspec.Struct, frozen=True):
    """A token as it is listed: without the token."""

    id: str
    agent_id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None


async def create_token(
    db: Connection,
    workspace_id: str,
    agent_id: str,
    *,
    name: str,
    scopes: Sequence[str],
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token and its text, which nobody can read again. Raises Invalid."""
    label = one_line(storable(name), 100)
    if not label:
        raise Invalid("name", "Give the token a name that says what uses it.")
    known = [scope for scope in SCOPES if scope in scopes]
    if not known or len(known) != len(set(scopes)):
        raise Invalid("scopes", f"Choose scopes from {', '.join(SCOPES)}.")
    if expires_at is not None and expires_at <= now:
        raise Invalid("expires_at", "The token would have expired already.")
    if await db.fetchval(_COUNT, workspace_id, agent_id) >= MOST:
        raise TooMany(f"You have {MOST} tokens. End those that nothing uses any more.")
    text = PREFIX + new_token()
    token = ApiToken(new_id(), agent_id, label, known, now, None, expires_at)
    await db.execute(
        _CREATE, workspace_id, token.id, agent_id, label, digest(text), known, now, expires_at
    )
    return token, text


async def list_tokens(db: Connection, workspace_id: str) -> list[ApiToken]:
    """The workspace's tokens that are not revoked, the newest first."""
    rows = await db.fetch(_LIST, workspace_id)
    return [msgspec.convert(dict(row), ApiToken) for row in rows]


async def owner_of(db: Connection, workspace_id: str, token_id: str) -> str | None:
    """The agent whose token it is; None when there is no such token."""
    found: str | None = await db.fetchval(
        "SELECT agent_id::text FROM api_token WHERE workspace_id = $1 AND id = $2",
        workspace_id,
        token_id,
    )
    return found


async def revoke_token(db: Connection, workspace_id: str, token_id: str, *, now: datetime) -> bool:
    """End a token. False if there was none to end."""
    if not is_id(token_id):
        return False
    return await db.fetchval(_REVOKE, workspace_id, token_id, now) is not None


async def touch_token(db: Connection, workspace_id: str, token_id: str, *, now: datetime) -> None:
    """Note that a token was used. Call it when `Principal.stale` says so."""
    await db.execute(_TOUCH, workspace_id, token_id, now)


_COUNT = """
SELECT count(*) FROM api_token WHERE workspace_id = $1 AND agent_id = $2 AND revoked_at IS NULL
"""

_CREATE = """
INSERT INTO api_token
  (workspace_id, id, agent_id, name, sha256, scopes, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

_LIST = """
SELECT id::text, agent_id::text, name, scopes, created_at, used_at, expires_at FROM api_token
WHERE workspace_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC
"""

_REVOKE = """
UPDATE api_token SET revoked_at = $3
WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id
"""

_TOUCH = "UPDATE api_token SET used_at = $3 WHERE workspace_id = $1 AND id = $2"
