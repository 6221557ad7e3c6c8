"""A town with a clock that only moves when somebody waits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from earful.networks.contract import Ports
from earful.networks.rehearsal import NETWORK
from earful.networks.rehearsal.connector import RehearsalConnector
from earful.networks.rehearsal.remote import RemoteDoor

from .serving import Server, serving

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Hands:
    """Clock, wait, tokens and budget: waiting moves the clock and returns at once."""

    def __init__(self) -> None:
        self.instant = START

    def now(self) -> datetime:
        return self.instant

    async def wait(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)

    async def load(self) -> Mapping[str, Any] | None:
        return None

    async def save(self, session: Mapping[str, Any]) -> None:
        raise AssertionError(f"a rehearsal has no session to keep: {session}")

    async def take(self, bucket: str, cost: int = 1) -> None:
        assert bucket
        assert cost > 0

    async def learn(self, bucket: str, remaining: int, resets_at: datetime) -> None:
        raise AssertionError(f"a rehearsal has no limits: {bucket} {remaining} {resets_at}")

    def ports(self) -> Ports:
        return Ports(now=self.now, wait=self.wait, tokens=self, budget=self)


@pytest.fixture
def hands() -> Hands:
    return Hands()


Open = Callable[..., RehearsalConnector]


@pytest.fixture
def open_channel(hands: Hands) -> Open:
    """Opens a channel on an in-process town."""

    def opened(**config: str) -> RehearsalConnector:
        channel = NETWORK.open({"started_at": START.isoformat(), **config}, {}, hands.ports())
        assert isinstance(channel, RehearsalConnector)
        return channel

    return opened


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A silent town behind a server: only what a test asks for happens."""
    with serving("--rate", "0", "--backlog", "0", "--ledger", str(tmp_path / "ledger")) as running:
        yield running


@pytest.fixture
async def channel(server: Server) -> AsyncIterator[RehearsalConnector]:
    """The channel @Northwind on `server`, patient for half a second."""
    opened = RehearsalConnector(RemoteDoor(server.url, 0.5), "Northwind")
    yield opened
    await opened.close()
