"""The rehearsal network's own server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from earful.bench.ground import Ground
from earful.bench.peers.peer import HANDLE, Peer
from earful.bench.town import Town, town
from earful.desk.connect import Account, probe
from earful.kit.clock import system_clock


class _Rehearsal:
    def __init__(self, running: Town) -> None:
        self._town, self.url = running, running.url

    async def account(self, url: str) -> Account:
        return await probe("rehearsal", {"handle": HANDLE, "service": url}, system_clock)

    async def write(self, posts: int) -> None:
        await self._town.ask("/burst", n=posts, replies=0.3, repeats=0.1)

    async def told(self) -> set[str]:
        entries = await self._town.entries()
        return {entry.id for entry in entries if not entry.own}


@asynccontextmanager
async def rehearsal(on: Ground) -> AsyncIterator[Peer]:
    """Silent but for what is asked of it."""
    async with town(on.settings.data_dir / "gap.jsonl", HANDLE) as running:
        yield _Rehearsal(running)
