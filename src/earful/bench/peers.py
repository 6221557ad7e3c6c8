"""Networks as processes of their own, whose ledger is the truth."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx
import msgspec

from earful.bench.town import Town, town
from earful.desk.connect import Account
from earful.networks.contract import Identity

HANDLE = "Northwind"


class Peer(Protocol):
    """A running network. `url` is where it stands."""

    url: str

    def account(self, url: str) -> Account:
        """The brand's account, reached at `url`."""

    async def write(self, posts: int) -> None:
        """So many customers' posts."""

    async def told(self) -> set[str]:
        """The ids of all that customers wrote."""


class _Rehearsal:
    def __init__(self, running: Town) -> None:
        self._town, self.url = running, running.url

    def account(self, url: str) -> Account:
        identity = Identity(f"brand-{HANDLE.casefold()}", HANDLE, HANDLE)
        return Account("rehearsal", {"handle": HANDLE, "service": url}, {}, identity)

    async def write(self, posts: int) -> None:
        await self._town.ask("/burst", n=posts, replies=0.3, repeats=0.1)

    async def told(self) -> set[str]:
        entries = await self._town.entries()
        return {entry.id for entry in entries if not entry.own}


@asynccontextmanager
async def rehearsal(folder: Path) -> AsyncIterator[Peer]:
    """The rehearsal network's own server, silent but for what is asked of it."""
    async with town(folder / "gap.jsonl", HANDLE) as running:
        yield _Rehearsal(running)


class _X:
    def __init__(self, said: dict[str, Any], http: httpx.AsyncClient) -> None:
        self._said, self._http = said, http
        self.url = str(said["service"])

    def account(self, url: str) -> Account:
        us = self._said["users"][HANDLE]
        config = {
            "client_id": self._said["client_id"],
            "api": url,
            "authorize": f"{url}/i/oauth2/authorize",
        }
        secrets = {
            "client_secret": self._said["client_secret"],
            "consumer_secret": self._said["consumer_secret"],
            "bearer_token": self._said["bearer"],
            "access_token": us["access_token"],
            "refresh_token": us["refresh_token"],
        }
        return Account("x", config, secrets, Identity(us["id"], HANDLE, HANDLE))

    async def write(self, posts: int) -> None:
        answer = await self._http.post("/_sim/burst", json={"n": posts, "to": HANDLE})
        answer.raise_for_status()

    async def told(self) -> set[str]:
        answer = await self._http.get("/_sim/ledger", params={"after": "0"})
        entries = answer.raise_for_status().json()["entries"]
        return {one["id"] for one in entries if one["kind"] == "post" and not one["own"]}


@asynccontextmanager
async def x(folder: Path) -> AsyncIterator[Peer]:
    """The simulated X, with its prices and streams and without its limits."""
    del folder  # all is in memory
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "earful.networks.x.simulator", "--port", "0", "--json", "--no-limits",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None  # noqa: S101 - asked for above
        said = msgspec.json.decode(await process.stdout.readline())
        headers = {"x-sim-token": said["control"]}
        async with httpx.AsyncClient(
            base_url=said["service"], headers=headers, trust_env=False, timeout=60
        ) as http:
            yield _X(said, http)
    finally:
        process.terminate()
        await process.wait()


PEERS: dict[str, Callable[[Path], AbstractAsyncContextManager[Peer]]] = {
    "rehearsal": rehearsal,
    "x": x,
}
