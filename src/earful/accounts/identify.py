"""Who makes this request: one query, for a session's cookie or a bearer token."""

from __future__ import annotations

from datetime import datetime

import msgspec

from earful.accounts.api_tokens import PREFIX, touch_token
from earful.accounts.csrf import csrf_for
from earful.accounts.roles import SCOPES, Role, Scope, may, scope_for, scopes_allow
from earful.accounts.sessions import IDLE_FOR, TOUCH_AFTER, touch
from earful.accounts.sight import SEEN, sight_of
from earful.accounts.tokens import digest, is_token
from earful.store.pool import Connection
from earful.stream.screen import Inboxes


class Principal(msgspec.Struct, frozen=True):
    """Somebody who proved who they are.

    With a session, `session_id` and `csrf` are set and all scopes are given; with a bearer token
    `token_id` is. `inboxes` are those they may see, None for all. `stale` asks the caller to
    `refresh` it. `ends_at` is the latest instant until which an answer may be cached.
    """

    workspace_id: str
    agent_id: str
    role: Role
    name: str
    scopes: tuple[Scope, ...]
    inboxes: Inboxes
    session_id: str | None
    token_id: str | None
    csrf: str | None
    stale: bool
    ends_at: datetime | None

    def may(self, act: str) -> bool:
        """Whether both the role and the token's scopes allow `act`."""
        return may(self.role, act) and scopes_allow(self.scopes, act)

    def lacks(self, act: str) -> Scope | None:
        """The scope that a token lacks for an act that its agent's role allows; None otherwise."""
        if not may(self.role, act) or scopes_allow(self.scopes, act):
            return None
        return scope_for(act)


async def identify(
    db: Connection, *, cookie: str | None, bearer: str | None, now: datetime
) -> Principal | None:
    """The principal behind a request, or None. A bearer token, where given, is all that counts."""
    if bearer is not None:
        return await _by_bearer(db, bearer, now)
    if cookie is None or not is_token(cookie):
        return None
    row = await db.fetchrow(_SESSION, digest(cookie), now, now - IDLE_FOR)
    if row is None:
        return None
    return Principal(
        workspace_id=str(row["workspace_id"]),
        agent_id=str(row["agent_id"]),
        role=row["role"],
        name=row["name"],
        scopes=SCOPES,
        inboxes=sight_of(row),
        session_id=str(row["id"]),
        token_id=None,
        csrf=csrf_for(cookie),
        stale=now - row["seen_at"] >= TOUCH_AFTER,
        ends_at=min(row["expires_at"], row["seen_at"] + IDLE_FOR),
    )


async def refresh(db: Connection, principal: Principal, *, now: datetime) -> None:
    """Note that a stale session or token was used, which keeps a session from idling out."""
    if principal.session_id is not None:
        await touch(db, principal.workspace_id, principal.session_id, now=now)
    elif principal.token_id is not None:
        await touch_token(db, principal.workspace_id, principal.token_id, now=now)


async def _by_bearer(db: Connection, bearer: str, now: datetime) -> Principal | None:
    if not bearer.startswith(PREFIX) or not is_token(bearer.removeprefix(PREFIX)):
        return None
    row = await db.fetchrow(_BEARER, digest(bearer), now)
    if row is None:
        return None
    return Principal(
        workspace_id=str(row["workspace_id"]),
        agent_id=str(row["agent_id"]),
        role=row["role"],
        name=row["name"],
        scopes=tuple(row["scopes"]),
        inboxes=sight_of(row),
        session_id=None,
        token_id=str(row["id"]),
        csrf=None,
        stale=row["used_at"] is None or now - row["used_at"] >= TOUCH_AFTER,
        ends_at=row["expires_at"],
    )


_SESSION = f"""
SELECT s.workspace_id, s.agent_id, s.id, s.seen_at, s.expires_at, a.role, a.name, {SEEN}
FROM session s JOIN agent a ON a.workspace_id = s.workspace_id AND a.id = s.agent_id
JOIN workspace w ON w.id = s.workspace_id
WHERE s.sha256 = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.seen_at > $3
  AND a.disabled_at IS NULL AND (
    NOT coalesce((w.settings ->> 'codes_required')::boolean, false)
    OR EXISTS (SELECT 1 FROM totp t WHERE t.workspace_id = s.workspace_id
               AND t.agent_id = s.agent_id AND t.confirmed_at IS NOT NULL))
"""  # noqa: S608 - a constant

_BEARER = f"""
SELECT t.workspace_id, t.agent_id, t.id, t.scopes, t.used_at, t.expires_at, a.role, a.name, {SEEN}
FROM api_token t JOIN agent a ON a.workspace_id = t.workspace_id AND a.id = t.agent_id
WHERE t.sha256 = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)
  AND a.disabled_at IS NULL
"""  # noqa: S608 - a constant
