"""Starts a real Bluesky network on loopback, and makes accounts on it.

The network is the one in `tests/bluesky_network` (identity directory, personal data server,
AppView). Its state is fresh at every start, and it ends when this process does, however it ends:
its standard input closes then.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from earful.bench.peers.bluesky import bluesky_network
from earful.kit.clock import system_clock
from earful.networks.bluesky.keys import stamp
from tests.networks.bluesky.chat_service import ChatService

POST = "app.bsky.feed.post"
CALL_WITHIN = 30.0


@dataclass(frozen=True)
class Account:
    """A person or brand on the network, signed in."""

    did: str
    handle: str
    password: str
    jwt: str
    http: httpx.AsyncClient

    async def call(self, method: str, /, **body: Any) -> dict[str, Any]:
        """A procedure of the account's server. Raises on anything but success."""
        answer = await self.http.post(f"/xrpc/{method}", json=body, headers=self._headers)
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}

    async def ask(self, name: str, **params: Any) -> dict[str, Any]:
        """A query of the account's server. Raises on anything but success."""
        answer = await self.http.get(f"/xrpc/{name}", params=params, headers=self._headers)
        answer.raise_for_status()
        return dict(answer.json())

    async def post(self, text: str, **more: Any) -> dict[str, str]:
        """Publish a post; returns its uri and cid. `more` goes into the record."""
        record = {
            "$type": POST,
            "text": text,
            "createdAt": stamp(system_clock()),
            **more,
        }
        made = await self.call(
            "com.atproto.repo.createRecord",
            repo=self.did,
            collection=POST,
            record=record,
        )
        return {"uri": made["uri"], "cid": made["cid"]}

    async def delete(self, uri: str) -> None:
        """Take a post away."""
        await self.call(
            "com.atproto.repo.deleteRecord",
            repo=self.did,
            collection=POST,
            rkey=uri.rsplit("/", 1)[1],
        )

    async def edit(self, uri: str, text: str, **more: Any) -> None:
        """Write a post anew under the same address."""
        record = {"$type": POST, "text": text, "createdAt": stamp(system_clock()), **more}
        rkey = uri.rsplit("/", 1)[1]
        await self.call(
            "com.atproto.repo.putRecord", repo=self.did, collection=POST, rkey=rkey, record=record
        )

    async def shown(self, uri: str, *, shown: bool = True) -> None:
        """Wait until the AppView shows a post, or no longer does."""
        async with asyncio.timeout(CALL_WITHIN):
            for pause in itertools.repeat(0.02):
                found = await self.ask("app.bsky.feed.getPosts", uris=[uri])
                if bool(found["posts"]) is shown:
                    return
                await asyncio.sleep(pause)

    async def gone(self, uri: str) -> None:
        """Wait until the AppView no longer shows a post."""
        await self.shown(uri, shown=False)

    async def posts(self) -> list[dict[str, Any]]:
        """All post records that stand in the account's repository."""
        found = await self.ask(
            "com.atproto.repo.listRecords",
            repo=self.did,
            collection=POST,
            limit=100,
        )
        return list(found["records"])

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.jwt}"}


def mention(text: str, account: Account) -> dict[str, Any]:
    """A facet that names `account` where its handle stands in `text`."""
    sign = f"@{account.handle}"
    start = len(text[: text.index(sign)].encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + len(sign)},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": account.did}],
    }


@dataclass
class BlueskyNetwork:
    """A running network: the URLs of its parts, and accounts."""

    pds: str
    bsky: str
    plc: str
    http: httpx.AsyncClient
    chat: str
    messages: ChatService
    _numbers: dict[str, int] = field(default_factory=dict)

    async def account(self, name: str, display_name: str = "") -> Account:
        """A new account; its handle is `name`, a number and `.test`."""
        number = self._numbers[name] = self._numbers.get(name, 0) + 1
        handle = f"{name}{number}.test"
        password = f"{name}-secret-{number}"
        made = await self.http.post(
            "/xrpc/com.atproto.server.createAccount",
            json={"handle": handle, "email": f"{handle}@example.com", "password": password},
        )
        made.raise_for_status()
        said = made.json()
        account = Account(said["did"], handle, password, said["accessJwt"], self.http)
        if display_name:
            await account.call(
                "com.atproto.repo.putRecord",
                repo=account.did,
                collection="app.bsky.actor.profile",
                rkey="self",
                record={
                    "$type": "app.bsky.actor.profile",
                    "displayName": display_name,
                    "description": "Mon-Fri 9-17",
                },
            )
        return account


@asynccontextmanager
async def local_bluesky(postgres_url: str) -> AsyncIterator[BlueskyNetwork]:
    """A network whose AppView keeps its tables at `postgres_url` (an empty database)."""
    messages = ChatService()
    try:
        async with (
            bluesky_network(postgres_url, messages.url) as said,
            httpx.AsyncClient(base_url=said["pds"], timeout=CALL_WITHIN) as http,
        ):
            pds, bsky, plc, chat = (said[name] for name in ("pds", "bsky", "plc", "chat"))
            yield BlueskyNetwork(pds, bsky, plc, http, chat, messages)
    finally:
        messages.close()
