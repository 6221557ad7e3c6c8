"""Mastodon's harness for the conformance suite: a server behind a line with faults."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from earful.networks.conformance import Fault
from earful.networks.contract import Network
from earful.networks.mastodon import NETWORK
from earful.networks.mastodon.connector import MastodonConnector
from tests.networks.faulty_line import FaultyLine
from tests.networks.mastodon.bench import Bench
from tests.networks.mastodon.server import Account


class Server(Protocol):
    """A server on which a post of another time can be made to appear."""

    async def written_at(
        self, author: Account, brand: Account, text: str, at: datetime, below: str | None = None
    ) -> str:
        """Its id."""


class MastodonHarness:
    """The brand behind the line; Carol writes to the server directly."""

    def __init__(
        self,
        bench: Bench,
        line: FaultyLine,
        server: Server,
        *,
        brand: Account,
        carol: Account,
        network: Network = NETWORK,
    ) -> None:
        self.network = network
        self._bench, self._line, self._server = bench, line, server
        self._brand, self._carol = brand, carol
        self._host = urlsplit(line.url).netloc

    def channel(self) -> MastodonConnector:
        """A fresh connector on the stored session."""
        return self._bench.open()

    def intruder(self) -> MastodonConnector:
        """A connector with a wrong token."""
        self._bench.tokens.saved.clear()
        return self._bench.open(token="wrong")

    async def expire(self) -> None:
        """Put a token in store that the server does not take."""
        await self.channel().probe()
        held = dict(self._bench.tokens.saved[-1])
        await self._bench.tokens.save({**held, "token": "ran-out"})

    async def write(
        self, text: str, *, at: datetime | None = None, below: str | None = None
    ) -> str | None:
        """Carol mentions the brand. None when the server takes no such text."""
        above = below.rpartition("/")[2] if below else None
        if at:
            made = await self._server.written_at(self._carol, self._brand, text, at, above)
            return f"{self._host}/{made}"
        more: dict[str, Any] = {"in_reply_to_id": above} if above else {}
        try:
            status = await self._carol.post(f"@{self._brand.acct} {text}", **more)
        except httpx.HTTPStatusError as error:
            if error.response.status_code in (400, 413, 422):
                return None
            raise
        return f"{self._host}/{status['id']}"

    async def erase(self, external_id: str) -> None:
        """Carol takes it back."""
        await self._carol.delete(external_id.rpartition("/")[2])

    async def standing(self) -> list[str]:
        """The brand's posts, oldest first, as they were written."""
        texts = []
        for status in await self._brand.posts():
            path = f"/api/v1/statuses/{status['id']}/source"
            texts.append(str((await self._brand.call("GET", path))["text"]))
        return texts

    def fault(self, fault: Fault) -> AbstractAsyncContextManager[None]:
        """Disturb the line; requests are struck where they publish."""
        return self._line.fault(fault)
