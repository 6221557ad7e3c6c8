"""How the account signs in: by a password, or by an OAuth 2 token that is renewed in time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec

from earful.kit.addresses import on_this_machine
from earful.kit.trust import web_trust
from earful.networks.contract import Ports, Reauthorize, RetryLater

RENEW_BEFORE = timedelta(minutes=5)
_FOR = timedelta(minutes=50)  # what a token is good for where the server does not say


class Credentials(msgspec.Struct, frozen=True):
    """Who we are, and either a password or an access token."""

    username: str
    password: str = ""
    token: str = ""

    def ways(self, host: str, port: int) -> Iterator[tuple[str, bytes]]:
        """SASL mechanisms and what is said in each, the best first."""
        if self.token:
            bearer = f"auth=Bearer {self.token}\x01"
            yield "XOAUTH2", f"user={self.username}\x01{bearer}\x01".encode()
            start = f"n,a={self.username},\x01host={host}\x01port={port}\x01"
            yield "OAUTHBEARER", f"{start}{bearer}\x01".encode()
        else:
            yield "PLAIN", f"\x00{self.username}\x00{self.password}".encode()


class OAuth(msgspec.Struct, frozen=True):
    """The app that a person signed in to. Addresses are settings, so that any server will do."""

    token_url: str
    client_id: str
    client_secret: str = ""
    scope: str = ""


class Login:
    """Gives credentials; a token is renewed and saved before anybody uses it."""

    def __init__(
        self, ports: Ports, username: str, password: str, oauth: OAuth | None, within: float
    ) -> None:
        self._ports, self._username, self._password = ports, username, password
        self._oauth, self._within = oauth, within
        self._held: Mapping[str, Any] = {}
        self._lock = asyncio.Lock()

    async def credentials(self, *, fresh: bool = False) -> Credentials:
        """Who we are now. `fresh`: the token there was is not taken any more."""
        if self._oauth is None:
            if not self._password:
                raise Reauthorize("There is no password to sign in with.")
            return Credentials(self._username, password=self._password)
        async with self._lock:
            if fresh or not self._good():
                before = self._held.get("access_token")
                self._held = await self._ports.tokens.load() or {}
                if not self._good() or (fresh and self._held.get("access_token") == before):
                    self._held = await self._renewed(self._oauth)
            return Credentials(self._username, token=str(self._held["access_token"]))

    @property
    def by_token(self) -> bool:
        """Whether a refused sign-in may only mean that the token is stale."""
        return self._oauth is not None

    def _good(self) -> bool:
        try:
            ends_at = datetime.fromisoformat(str(self._held["ends_at"]))
        except (KeyError, ValueError):
            return False
        return ends_at > self._ports.now() + RENEW_BEFORE

    async def _renewed(self, oauth: OAuth) -> Mapping[str, Any]:
        refresh = str(self._held.get("refresh_token") or "")
        if not refresh:
            raise Reauthorize("The mailbox must be signed in to: there is no refresh token.")
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh,
            "client_id": oauth.client_id,
            "client_secret": oauth.client_secret,
            "scope": oauth.scope,
        }
        said = await ask_token(oauth, form, self._within)
        session = session_of(said, self._ports.now(), refresh)
        await self._ports.tokens.save(session)
        return session


async def ask_token(oauth: OAuth, form: Mapping[str, str], within: float) -> dict[str, Any]:
    """The token endpoint's answer. Raises Reauthorize for a refusal, else RetryLater."""
    given = {name: value for name, value in form.items() if value}
    try:
        direct = on_this_machine(oauth.token_url)
        async with httpx.AsyncClient(
            timeout=within, verify=web_trust(), trust_env=not direct
        ) as http:
            answer = await http.post(oauth.token_url, data=given)
        said = msgspec.json.decode(answer.content) if answer.content else {}
    except (httpx.HTTPError, msgspec.DecodeError) as error:
        raise RetryLater(f"The sign-in server can't be asked ({type(error).__name__}).") from error
    if answer.is_success and isinstance(said, dict) and said.get("access_token"):
        return said
    code = str(said.get("error", "")) if isinstance(said, dict) else ""
    if answer.status_code in (400, 401) and code in ("invalid_grant", "unauthorized_client", ""):
        raise Reauthorize(
            "The mailbox must be signed in to again: its refresh token is not taken any more "
            "(withdrawn, unused for long, or of a Google app that is still in testing)."
        )
    if answer.status_code in (400, 401, 403):
        raise Reauthorize(f"The sign-in server refuses: {code or answer.status_code}.")
    raise RetryLater(f"The sign-in server answers {answer.status_code}.", after=30.0)


def session_of(said: Mapping[str, Any], now: datetime, refresh: str = "") -> dict[str, Any]:
    """What is kept of a token endpoint's answer; a refresh token that was not renewed stays."""
    try:
        good_for = timedelta(seconds=int(said["expires_in"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        good_for = _FOR
    return {
        "access_token": str(said["access_token"]),
        "refresh_token": str(said.get("refresh_token") or refresh),
        "ends_at": (now.astimezone(UTC) + good_for).isoformat(),
    }
