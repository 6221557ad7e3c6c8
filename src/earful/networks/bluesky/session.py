"""The signed-in account: a session made once, kept by the tokens port, renewed before it ends."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from earful.networks.bluesky.errors import STALE
from earful.networks.bluesky.xrpc import Call, Refused, Xrpc
from earful.networks.contract import Identity, Ports, Reauthorize

_PLAIN_PASSWORD = "com.atproto.appPass"  # noqa: S105 - the name of a scope
RENEW_BEFORE = timedelta(minutes=5)


class Session:
    """Calls in the account's name. Several processes may share one stored session."""

    def __init__(self, xrpc: Xrpc, handle: str, app_password: str, ports: Ports) -> None:
        self._xrpc = xrpc
        self._handle, self._password = handle, app_password
        self._ports = ports
        self._held: Mapping[str, Any] = {}
        self._lock = asyncio.Lock()

    async def who(self) -> Identity:
        """The account, signed in. Raises Reauthorize when that can't be."""
        await self._token()
        return Identity(str(self._held["did"]), str(self._held["handle"]))

    async def privileged(self) -> bool:
        """Whether the password we signed in with opens the private messages, too."""
        return claims_of(await self._token()).get("scope") != _PLAIN_PASSWORD

    async def call(self, call: Call, proxy: str = "") -> dict[str, Any]:
        """The answer to a call in the account's name. Raises a NetworkError.

        `proxy` names another service that the account's server hands it on to.
        """
        token = await self._token()
        try:
            return await self._xrpc.carry(call, token, proxy)
        except Refused as refused:
            if refused.code not in STALE:
                raise refused.decision from refused
        try:
            return await self._xrpc.carry(call, await self._token(after=token), proxy)
        except Refused as refused:
            raise refused.decision from refused

    async def confirm(self) -> Identity:
        """Ask the network who we are now: handles change, and accounts are shut."""
        said = await self.call(Call(name="com.atproto.server.getSession"))
        if said.get("active") is False:
            raise Reauthorize(f"The account is shut: {said.get('status', 'inactive')}.")
        return Identity(str(said["did"]), str(said["handle"]))

    async def _token(self, after: str | None = None) -> str:
        """A token that is good for a while; another one than `after`, which was refused."""
        async with self._lock:
            if not self._good(after):
                self._held = await self._ports.tokens.load() or {}
            if not self._good(after):
                self._held = await self._renewed()
            return str(self._held["accessJwt"])

    def _good(self, after: str | None) -> bool:
        token = self._held.get("accessJwt")
        if not token or token == after:
            return False
        return ends_at(str(token)) > self._ports.now() + RENEW_BEFORE

    async def _renewed(self) -> Mapping[str, Any]:
        """A new session, saved before anyone uses it: a rotated token must never be lost."""
        made = await self._refreshed() or await self._signed_in()
        kept = {name: made[name] for name in ("did", "handle", "accessJwt", "refreshJwt")}
        await self._ports.tokens.save(kept)
        return kept

    async def _refreshed(self) -> dict[str, Any] | None:
        """A session by the refresh token, or None where only signing in again can help."""
        token = self._held.get("refreshJwt")
        if not token or ends_at(str(token)) <= self._ports.now():
            return None
        call = Call(name="com.atproto.server.refreshSession", bucket="session")
        try:
            return await self._xrpc.carry(call, str(token))
        except Refused as refused:
            if refused.code in STALE or isinstance(refused.decision, Reauthorize):
                return None
            raise refused.decision from refused

    async def _signed_in(self) -> dict[str, Any]:
        if not self._password:
            raise Reauthorize("There is no app password to sign in with.")
        body = {"identifier": self._handle, "password": self._password}
        call = Call(name="com.atproto.server.createSession", body=body, bucket="session")
        try:
            return await self._xrpc.carry(call, None)
        except Refused as refused:
            raise refused.decision from refused


def ends_at(token: str) -> datetime:
    """When a token ends, by its own word; long ago when it can't be read."""
    try:
        return datetime.fromtimestamp(int(claims_of(token)["exp"]), UTC)
    except (KeyError, TypeError, ValueError):
        return datetime.fromtimestamp(0, UTC)


def claims_of(token: str) -> dict[str, Any]:
    """What a token says of itself; nothing when it can't be read."""
    try:
        part = token.split(".")[1]
        claims = msgspec.json.decode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError, binascii.Error, msgspec.DecodeError):
        return {}
    return claims if isinstance(claims, dict) else {}
