"""A whole Bluesky network (identity directory, personal data server, AppView): Bluesky's own code.

It is the one of the tests, in `tests/bluesky_network`, and therefore needs a checkout.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx

import earful
from earful.bench.ground import Ground
from earful.bench.peers.fetched import run
from earful.bench.peers.peer import HANDLE, Absent, Peer, started
from earful.desk.connect import Account, probe
from earful.kit.clock import system_clock
from earful.networks.bluesky.keys import stamp
from earful.store.address import ADMIN, socket_uri

FOLDER = Path(earful.__file__).parents[2] / "tests" / "bluesky_network"
POST = "app.bsky.feed.post"
CUSTOMERS = 4


def chosen_node() -> str:
    """The Node that the install script chose; the network is installed if it is not there yet.

    Raises Absent.
    """
    chosen = FOLDER / "node_modules" / ".node"
    if not (FOLDER / "install.sh").is_file():
        raise Absent("needs a checkout: Bluesky's network stands in tests/bluesky_network")
    if not chosen.is_file():
        run(str(FOLDER / "install.sh"))
    return chosen.read_text().strip()


class _Bluesky:
    def __init__(self, pds: str, http: httpx.AsyncClient) -> None:
        self.url, self._http = pds, http
        self._brand: dict[str, Any] = {}
        self._customers: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)

    async def settle(self) -> None:
        """The brand and some customers."""
        self._brand = await self._person(HANDLE.casefold())
        self._customers = [await self._person(f"carol{number}") for number in range(CUSTOMERS)]

    async def _person(self, name: str) -> dict[str, Any]:
        handle = f"{name}.test"
        body = {"handle": handle, "email": f"{handle}@example.com", "password": f"{name}-secret"}
        answer = await self._http.post("/xrpc/com.atproto.server.createAccount", json=body)
        return dict(answer.raise_for_status().json())

    async def account(self, url: str) -> Account:
        handle = str(self._brand["handle"])
        fields = {
            "service": url, "firehose": url, "pictures": "server", "chat": "off",
            "handle": handle, "app_password": f"{handle.partition('.')[0]}-secret",
        }  # fmt: skip
        return await probe("bluesky", fields, system_clock)

    async def write(self, posts: int) -> None:
        numbers = list(itertools.islice(self._numbers, posts))
        some = [numbers[at :: len(self._customers)] for at in range(len(self._customers))]
        await asyncio.gather(*map(self._write, self._customers, some))

    async def _write(self, who: dict[str, Any], numbers: list[int]) -> None:
        """One after another: a repository takes one commit at a time."""
        headers = {"Authorization": f"Bearer {who['accessJwt']}"}
        for number in numbers:
            sign = f"@{self._brand['handle']}"
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": self._brand["did"]}
            record = {
                "$type": POST,
                "text": f"{sign} my parcel number {number} has not come",
                "createdAt": stamp(system_clock()),
                "facets": [
                    {"index": {"byteStart": 0, "byteEnd": len(sign)}, "features": [feature]}
                ],
            }
            body = {"repo": who["did"], "collection": POST, "record": record}
            path = "/xrpc/com.atproto.repo.createRecord"
            (await self._http.post(path, json=body, headers=headers)).raise_for_status()

    async def told(self) -> set[str]:
        told: set[str] = set()
        for who in self._customers:
            asked = {"repo": who["did"], "collection": POST, "limit": "100"}
            while True:
                answer = await self._http.get("/xrpc/com.atproto.repo.listRecords", params=asked)
                page = answer.raise_for_status().json()
                told |= {str(one["uri"]) for one in page["records"]}
                if not page["records"] or "cursor" not in page:
                    break
                asked["cursor"] = page["cursor"]
        return told


@asynccontextmanager
async def bluesky_network(postgres_url: str, chat_url: str = "") -> AsyncIterator[dict[str, str]]:
    """A fresh network: the addresses of its `plc`, `pds`, `bsky` and, if one is given, `chat`.

    Its AppView keeps its tables at `postgres_url`, an empty database.
    """
    node = await asyncio.to_thread(chosen_node)
    own = {"BLUESKY_POSTGRES_URL": postgres_url, "BLUESKY_CHAT_URL": chat_url}
    loud = bool(os.environ.get("BLUESKY_NETWORK_LOG"))
    environ = {**os.environ, **own, "LOG_ENABLED": "false"}
    async with started(node, "start.mjs", cwd=str(FOLDER), env=environ, quiet=not loud) as said:
        yield said


@asynccontextmanager
async def bluesky(on: Ground) -> AsyncIterator[Peer]:
    """The network with a brand and some customers, on the bench's own database server."""
    db = await asyncpg.connect(socket_uri(on.running.socket_dir, ADMIN, "postgres"))
    await db.execute("CREATE DATABASE bluesky_appview")
    await db.close()
    tables = socket_uri(on.running.socket_dir, ADMIN, "bluesky_appview")
    async with (
        bluesky_network(tables) as said,
        httpx.AsyncClient(base_url=said["pds"], timeout=60, trust_env=False) as http,
    ):
        peer = _Bluesky(said["pds"], http)
        await peer.settle()
        yield peer
