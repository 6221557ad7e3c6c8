"""The simulated X, with its prices and streams and without its limits."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from earful.bench.ground import Ground
from earful.bench.peers.peer import HANDLE, Peer, started
from earful.desk.connect import Account
from earful.networks.contract import Identity


class _X:
    def __init__(self, said: dict[str, Any], http: httpx.AsyncClient) -> None:
        self._said, self._http = said, http
        self.url = str(said["service"])

    async def account(self, url: str) -> Account:
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
async def x(on: Ground) -> AsyncIterator[Peer]:
    """The simulator, all of it in memory."""
    del on
    command = (sys.executable, "-m", "earful.networks.x.simulator", "--port", "0", "--json")
    async with (
        started(*command, "--no-limits") as said,
        httpx.AsyncClient(
            base_url=said["service"],
            headers={"x-sim-token": said["control"]},
            trust_env=False,
            timeout=60,
        ) as http,
    ):
        yield _X(said, http)
