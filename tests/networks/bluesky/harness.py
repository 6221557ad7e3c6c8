"""Bluesky's harness for the conformance suite: a real server behind a line with faults."""

from __future__ import annotations

import base64
import hashlib
import hmac
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec

from earful.kit.clock import system_clock
from earful.networks.bluesky import NETWORK
from earful.networks.bluesky.connector import BlueskyConnector
from earful.networks.bluesky.keys import stamp
from earful.networks.conformance import Fault
from tests.networks.bluesky.bench import Bench
from tests.networks.bluesky.network import Account, mention
from tests.networks.faulty_line import FaultyLine

_SECRET = b"jwt-secret"  # what the development server signs its tokens with


class BlueskyHarness:
    """The brand behind the line; Carol writes to it directly."""

    network = NETWORK

    def __init__(self, bench: Bench, line: FaultyLine, brand: Account, carol: Account) -> None:
        self._bench, self._line = bench, line
        self._brand, self._carol = brand, carol
        self._made: dict[str, dict[str, str]] = {}

    def channel(self) -> BlueskyConnector:
        """A fresh connector on the stored session."""
        return self._bench.open()

    def intruder(self) -> BlueskyConnector:
        """A connector with a wrong app password."""
        self._bench.tokens.saved.clear()
        return self._bench.open(password="wrong")

    async def expire(self) -> None:
        """Put an access token in store that the server calls expired, and set our clock back, so
        that only the server notices."""
        await self.channel().probe()
        held = dict(self._bench.tokens.saved[-1])
        held["accessJwt"] = _expired(held["accessJwt"])
        await self._bench.tokens.save(held)
        self._bench.clock_offset = timedelta(days=-1)

    async def write(
        self, text: str, *, at: datetime | None = None, below: str | None = None
    ) -> str | None:
        """Carol mentions the brand. None when the server takes no such text."""
        signed = f"@{self._brand.handle} {text}"
        record: dict[str, Any] = {"facets": [mention(signed, self._brand)]}
        if at:
            record["createdAt"] = stamp(at)
        if below:
            parent = self._made[below]
            record["reply"] = {"root": parent, "parent": parent}
        try:
            made = await self._carol.post(signed, **record)
        except httpx.HTTPStatusError as error:
            if error.response.status_code in (400, 413):
                return None
            raise
        self._made[made["uri"]] = made
        return made["uri"]

    async def erase(self, external_id: str) -> None:
        """Carol takes it back; done when the AppView knows it too."""
        await self._carol.delete(external_id)
        await self._carol.gone(external_id)

    async def standing(self) -> list[str]:
        """The brand's posts by the order of their record keys."""
        posts = sorted(await self._brand.posts(), key=lambda each: str(each["uri"]))
        return [str(each["value"]["text"]) for each in posts]

    def fault(self, fault: Fault) -> AbstractAsyncContextManager[None]:
        """Disturb the line; requests are struck where they publish."""
        return self._line.fault(fault)


def _expired(token: str) -> str:
    """The token with its times a while back, signed as the server would."""
    head, claims, _ = token.split(".")
    said = msgspec.json.decode(base64.urlsafe_b64decode(claims + "=="))
    now = int(system_clock().timestamp())
    said |= {"iat": now - 7200, "exp": now - 60}
    body = f"{head}.{_encoded(msgspec.json.encode(said))}"
    return f"{body}.{_encoded(hmac.new(_SECRET, body.encode(), hashlib.sha256).digest())}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
