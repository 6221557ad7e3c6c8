"""The app, its secrets and the tokens that it was given."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

LIVES_FOR = timedelta(hours=2)
CODE_LIVES_FOR = timedelta(seconds=30)
SCOPES = (
    "tweet.read tweet.write tweet.moderate.write users.read dm.read dm.write media.write "
    "like.write offline.access"
)


class App(msgspec.Struct, frozen=True):
    """A developer's app. `control` opens the tester's door and is no secret of X's."""

    id: str
    client_id: str
    client_secret: str
    consumer_secret: str
    bearer: str
    control: str


class Access(msgspec.Struct, frozen=True):
    """Who asks: the app itself (no `user_id`) or a user through it."""

    user_id: str | None
    scopes: frozenset[str]
    expires_at: datetime | None = None


class Code(msgspec.Struct, frozen=True):
    """A promise to hand out tokens to whoever shows the verifier."""

    user_id: str
    scope: str
    redirect: str
    challenge: str
    method: str
    expires_at: datetime


class Granted(msgspec.Struct, frozen=True):
    """A pair of tokens. `refresh` is empty without `offline.access`."""

    access: str
    refresh: str
    scope: str


class Tokens:
    """Hands out, rotates, expires and revokes."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.app = App(
            "29820954",
            secrets.token_urlsafe(16),
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(48),
            secrets.token_urlsafe(24),
        )
        self.codes: dict[str, Code] = {}
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, Access] = {}

    def grant(self, user_id: str, scope: str = SCOPES) -> Granted:
        """New tokens for a user."""
        scopes = frozenset(scope.split())
        granted = Granted(
            secrets.token_urlsafe(48),
            secrets.token_urlsafe(48) if "offline.access" in scopes else "",
            scope,
        )
        self._access[granted.access] = Access(user_id, scopes, self._now() + LIVES_FOR)
        if granted.refresh:
            self._refresh[granted.refresh] = Access(user_id, scopes)
        return granted

    def refresh(self, token: str) -> Granted | None:
        """New tokens for an old refresh token, which is worth nothing from now on."""
        access = self._refresh.pop(token, None)
        if access is None or access.user_id is None:
            return None
        return self.grant(access.user_id, " ".join(sorted(access.scopes)))

    def read(self, token: str) -> Access | None:
        """Whom a bearer token speaks for; None when it is unknown or has expired."""
        if secrets.compare_digest(token.encode(), self.app.bearer.encode()):
            return Access(None, frozenset())
        access = self._access.get(token)
        if access is None or access.expires_at is None or access.expires_at <= self._now():
            return None
        return access

    def expire(self, user_id: str) -> None:
        """Let a user's access tokens expire; their refresh tokens stay good."""
        self._access = {
            token: access for token, access in self._access.items() if access.user_id != user_id
        }

    def revoke_user(self, user_id: str) -> None:
        """Take all of a user's tokens back."""
        self.expire(user_id)
        self._refresh = {
            token: access for token, access in self._refresh.items() if access.user_id != user_id
        }

    def revoke(self, token: str) -> None:
        """Take one token back."""
        self._access.pop(token, None)
        self._refresh.pop(token, None)
