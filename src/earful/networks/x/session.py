"""The signed-in account: tokens renewed before they end, the new pair kept before it is used."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from earful.networks.contract import Identity, NetworkError, Ports, Reauthorize, RetryLater
from earful.networks.x.api import Api, Call, client
from earful.networks.x.errors import NotAllowed, Refused
from earful.networks.x.oauth import renew, session
from earful.networks.x.payloads import read_user
from earful.networks.x.times import instant, number
from earful.networks.x.translate import Us
from earful.networks.x.where import Where
from earful.networks.x.wire import Page

RENEW_BEFORE = timedelta(minutes=5)


class Session:
    """Calls in the account's or the app's name. Processes share one stored pair of tokens."""

    def __init__(self, place: Where, api: Api, ports: Ports) -> None:
        self._place, self._api, self._ports = place, api, ports
        self._http = client(place.api, place.answer_within)
        self._held: Mapping[str, Any] = {}
        self._lock = asyncio.Lock()

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    async def us(self) -> Us:
        """Our account, as it was when last asked."""
        held = self._held or await self._load()
        if not held.get("id"):
            await self.confirm()
            held = self._held
        return Us(str(held["id"]), str(held["handle"]), not self._place.enterprise)

    def now(self) -> datetime:
        """The instant it is."""
        return self._ports.now()

    async def granted_since(self, at: str) -> bool:
        """Whether the owner said yes after an instant: a withdrawal of then, told again, means
        nothing any more. False where either is not known."""
        held = self._held or await self._load()
        granted, now = str(held.get("granted_at") or ""), self._ports.now()
        return bool(at and granted) and instant(at, now) < instant(granted, now)

    async def confirm(self) -> Identity:
        """Ask X who we are now: handles change, and accounts are shut."""
        page = await self.call(Call(path="/2/users/me", bucket="me"))
        user = read_user(page.data)
        if user is None or not user.username or not number(user.id):
            raise _nobody(page)
        known = (self._held.get("id"), self._held.get("handle"))
        if known[0] and known[0] != user.id:
            raise Reauthorize(
                f"X says that this sign-in is @{user.username}'s, and not @{known[1]}'s. "
                "Sign in again."
            )
        if known != (user.id, user.username):
            await self._keep({**self._held, "id": user.id, "handle": user.username})
        return Identity(user.id, user.username, user.name)

    async def describe(self) -> str:
        """Our profile's words."""
        call = Call(path="/2/users/me", params={"user.fields": "description"}, bucket="me")
        user = read_user((await self.call(call)).data)
        return user.description if user else ""

    async def call(self, call: Call) -> Page:
        """The answer. Raises a NetworkError."""
        try:
            return await self._tried(call)
        except Refused as refused:
            if refused.stale and call.app:
                words = "X refuses the app's bearer token. Paste a fresh one."
                raise NotAllowed(words) from refused
            raise refused.decision from refused

    async def picture(self, call: Call) -> bytes:
        """A file that only the account may see. Raises a NetworkError."""
        try:
            return await self._api.fetch(call, bearing(await self.token(app=False)))
        except Refused as refused:
            raise refused.decision from refused

    async def _tried(self, call: Call) -> Page:
        token = await self.token(app=call.app)
        try:
            return await self._api.carry(call, bearing(token))
        except Refused as refused:
            if not refused.stale or call.app:
                raise
        return await self._api.carry(call, bearing(await self._token(after=token)))

    async def token(self, *, app: bool) -> str:
        """A token that is good for a while. Raises NotAllowed where the app's is not given."""
        if not app:
            return await self._token()
        if not self._place.bearer:
            raise NotAllowed("There is no bearer token of the app.")
        return self._place.bearer

    async def _token(self, after: str | None = None) -> str:
        """A token of the account; another one than `after`, which was refused."""
        async with self._lock:
            if not self._good(after):
                await self._load()
            if not self._good(after):
                await self._renewed()
            return str(self._held["access_token"])

    def _good(self, after: str | None) -> bool:
        token = self._held.get("access_token")
        if not token or token == after:
            return False
        now = self._ports.now()
        if not self._held.get("refresh_token") or not self._held.get("expires_at"):
            return True  # used for as long as X takes it
        return instant(str(self._held["expires_at"]), now) > now + RENEW_BEFORE

    async def _load(self) -> Mapping[str, Any]:
        kept = await self._ports.tokens.load()
        if not kept and (self._place.access_token or self._place.refresh_token):
            kept = {
                "access_token": self._place.access_token,
                "refresh_token": self._place.refresh_token,
            }
        self._held = kept or {}
        return self._held

    async def _renewed(self) -> None:
        """A new pair, kept before anyone uses it: X takes the old one no more."""
        token = str(self._held.get("refresh_token") or "")
        if not token:
            raise Reauthorize("X takes the sign-in no more. Sign in again.")
        try:
            given = await renew(self._http, self._place, token, self._ports.now())
        except Reauthorize:
            # Another process may have been quicker: its pair is kept by now.
            await self._load()
            if str(self._held.get("refresh_token") or "") in ("", token):
                raise
            return
        made = session(given, self._ports.now())
        made["refresh_token"] = made["refresh_token"] or token
        await self._keep({**self._held, **made})

    async def _keep(self, held: Mapping[str, Any]) -> None:
        await self._ports.tokens.save(held)
        self._held = held


def _nobody(page: Page) -> NetworkError:
    """X tells no account: for a reason that stands, or for now."""
    if not page.errors:
        return RetryLater("X does not say whose account this is.", after=60.0)
    problem = page.errors[0]
    words = problem.detail or problem.message or problem.title
    return Reauthorize(f"X does not say whose account this is. Sign in again. X says: {words}")


def bearing(token: str) -> dict[str, str]:
    """The header that a token goes in."""
    return {"Authorization": f"Bearer {token}"}
