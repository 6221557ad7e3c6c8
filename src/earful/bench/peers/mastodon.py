"""A server that speaks Mastodon's API: the package mastodon-mock, which the tests use too."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from earful.bench.desk import free_port
from earful.bench.ground import Ground
from earful.bench.peers.fetched import python_with
from earful.bench.peers.peer import HANDLE, START_WITHIN, Peer, started
from earful.desk.connect import Account, probe
from earful.kit.clock import system_clock

CUSTOMERS = 4
PAGE = 40
_SERVE = """
import os, sys, threading
from mastodon_mock.cli import main
# It ends when whoever started it does, however that ends: its standard input closes then.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
main()
"""


@dataclass
class Server:
    """A running server; `database` is its SQLite file."""

    url: str
    http: httpx.AsyncClient
    database: Path

    async def person(self, username: str) -> dict[str, Any]:
        """A new account with its `access_token`."""
        body = {"username": username, "display_name": username.rstrip("0123456789").title()}
        answer = await self.http.post("/api/v1/_mock/dev_user", json=body)
        return dict(answer.raise_for_status().json())


@asynccontextmanager
async def mastodon_server(folder: Path, config: str = "") -> AsyncIterator[Server]:
    """A fresh server, ended with the block. `config` is added to its configuration file."""
    port, database, file = free_port(), folder / "mastodon.sqlite", folder / "mastodon.toml"
    python = await asyncio.to_thread(python_with, mastodon_mock="mastodon-mock==0.6.1")
    file.write_text(f'[database]\npath = "{database}"\n{config}')
    command = [python, "-c", _SERVE, "serve", "--config", str(file), "--port", str(port)]
    command += ["--host", "127.0.0.1", "--log-level", "warning"]
    url = f"http://127.0.0.1:{port}"
    async with (
        started(*command, cwd=str(folder), says=False),
        httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http,
    ):
        await _answers(http)
        yield Server(url, http, database)


async def _answers(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(START_WITHIN):
        for pause in itertools.repeat(0.1):
            try:
                (await http.get("/api/v2/instance")).raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(pause)
            else:
                return


class _Mastodon:
    def __init__(
        self, server: Server, brand: dict[str, Any], customers: list[dict[str, Any]]
    ) -> None:
        self._server, self._brand, self._customers = server, brand, customers
        self.url, self._host = server.url, ""
        self._numbers = itertools.count(1)

    async def account(self, url: str) -> Account:
        self._host = urlsplit(url).netloc
        fields = {"instance": url, "token": str(self._brand["access_token"])}
        return await probe("mastodon", fields, system_clock)

    async def write(self, posts: int) -> None:
        for number in itertools.islice(self._numbers, posts):
            who = self._customers[number % len(self._customers)]
            text = f"@{self._brand['username']} my parcel number {number} has not come"
            await self._call("POST", "/api/v1/statuses", who, json={"status": text})

    async def told(self) -> set[str]:
        told: set[str] = set()
        for who in self._customers:
            below: dict[str, str] = {}
            path = f"/api/v1/accounts/{who['id']}/statuses"
            while page := await self._call("GET", path, who, params={"limit": PAGE, **below}):
                told |= {f"{self._host}/{one['id']}" for one in page}
                below = {"max_id": str(page[-1]["id"])}
        return told

    async def _call(self, method: str, path: str, who: dict[str, Any], **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {who['access_token']}"}
        answer = await self._server.http.request(method, path, headers=headers, **more)
        return answer.raise_for_status().json()


@asynccontextmanager
async def mastodon(on: Ground) -> AsyncIterator[Peer]:
    """A server with the brand and some customers, who mention it."""
    async with mastodon_server(on.settings.data_dir) as server:
        brand = await server.person(HANDLE.casefold())
        customers = [await server.person(f"carol{number}") for number in range(CUSTOMERS)]
        yield _Mastodon(server, brand, customers)
