"""The account we speak for: its token, who it is, and what its server allows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.kit.html_text import text_of
from earful.networks.contract import Identity, Ports, Reauthorize, Rejected, RetryLater
from earful.networks.mastodon.api import Answer, Api, Call
from earful.networks.mastodon.errors import NotThere, Unknown
from earful.networks.mastodon.instance import Instance, to_instance
from earful.networks.mastodon.names import full_acct
from earful.networks.mastodon.oauth import App, renewed
from earful.networks.mastodon.translate import Where

KEEP_FOR = timedelta(hours=6)  # what a server said of itself
COARSE = timedelta(seconds=2)
"""A server tells its time in whole seconds: less than this is no difference."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept between connections, sealed: the token in use, by which app it was had, and
    what was learned with it."""

    token: str = ""
    refresh_token: str = ""
    app: App | None = None
    account_id: str = ""
    acct: str = ""
    name: str = ""
    instance: Instance | None = None
    learned_at: datetime | None = None


class Session:
    """Calls in the account's name. `typed` is a token that a person gave, or empty."""

    def __init__(self, api: Api, host: str, typed: str, ports: Ports) -> None:
        self._api, self._host, self._typed, self._ports = api, host, typed, ports
        self._known: Known | None = None
        self._lock = asyncio.Lock()

    async def where(self) -> Where:
        """Our own account and server. Raises Reauthorize."""
        known = await self._learned()
        return Where(self._host, (await self.instance()).domain, known.account_id)

    async def instance(self) -> Instance:
        """What the server allows, as it said in the last hours."""
        known = await self._learned()
        return known.instance or Instance(domain=self._host)

    async def token(self) -> str:
        """The token in use."""
        return (await self._load()).token

    async def confirm(self) -> Identity:
        """Ask the server who we are now, and what it allows."""
        known = await self._learn()
        domain = known.instance.domain if known.instance else self._host
        acct = full_acct(known.acct, domain)
        return Identity(acct, acct, known.name)

    async def note(self) -> str:
        """What our profile says, as text."""
        said = (await self.call(Call(path="/api/v1/accounts/verify_credentials"))).said
        return text_of(str(said.get("note") or "")) if isinstance(said, dict) else ""

    def clock(self) -> datetime:
        """The time by the server's clock, as far as its answers tell it."""
        ahead = self._api.ahead
        return self._ports.now() + (ahead if abs(ahead) > COARSE else timedelta())

    async def call(self, call: Call) -> Answer:
        """The answer to a call in the account's name; a refused token is renewed once."""
        token = (await self._load()).token
        if not token:
            raise Reauthorize("There is no access token to sign in with.")
        try:
            return await self._api.carry(call, token)
        except Reauthorize:
            fresh = await self._another(token)
            if not fresh:
                raise
        return await self._api.carry(call, fresh)

    async def _learned(self) -> Known:
        known = await self._load()
        fresh = known.learned_at and known.learned_at + KEEP_FOR > self._ports.now()
        return known if known.account_id and fresh else await self._learn()

    async def _learn(self) -> Known:
        try:
            said = (await self.call(Call(path="/api/v1/accounts/verify_credentials"))).said
        except (NotThere, Unknown) as error:
            words = "There is no Mastodon API at this address. Give that of the account's server."
            raise Rejected(words) from error
        try:
            account_id, acct = str(said["id"]), str(said["acct"])
        except (KeyError, TypeError):
            raise RetryLater("The server does not say who we are.", after=30.0) from None
        instance = await self._ask_instance()
        known = msgspec.structs.replace(
            await self._load(),
            account_id=account_id,
            acct=acct,
            name=str(said.get("display_name") or ""),
            instance=instance,
            learned_at=self._ports.now(),
        )
        return await self._keep(known)

    async def _ask_instance(self) -> Instance:
        """What the server says of itself: its own limits stand in either version."""
        for path in ("/api/v2/instance", "/api/v1/instance"):
            try:
                return to_instance((await self.call(Call(path=path))).said, self._host)
            except (NotThere, Unknown):
                continue
        return Instance(domain=self._host)

    async def _load(self) -> Known:
        if self._known is None:
            kept = _known(await self._ports.tokens.load())
            self._known = msgspec.structs.replace(kept, token=kept.token or self._typed)
        return self._known

    async def _keep(self, known: Known) -> Known:
        """Saved before anyone uses it: a rotated token must never be lost."""
        await self._ports.tokens.save(msgspec.to_builtins(known))
        self._known = known
        return known

    async def _another(self, refused: str) -> str:
        """Another token than the refused one: what another process saved meanwhile, a renewed one,
        or the one that was typed. Empty when there is none."""
        async with self._lock:
            kept = _known(await self._ports.tokens.load())
            if kept.token and kept.token != refused:
                self._known = kept
                return kept.token
            known = await self._load()
            if known.app and known.refresh_token:
                grant = await renewed(self._api, known.app, known.refresh_token)
                known = msgspec.structs.replace(
                    known, token=grant.token, refresh_token=grant.refresh_token
                )
            else:
                known = msgspec.structs.replace(known, token=self._typed)
            if not known.token or known.token == refused:
                return ""
            return (await self._keep(known)).token


def _known(kept: Mapping[str, Any] | None) -> Known:
    """What was saved; nothing if it is of another make."""
    try:
        return msgspec.convert(kept or {}, Known)
    except msgspec.ValidationError:
        return Known()
