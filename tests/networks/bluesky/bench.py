"""A connector on the bench: ports held in memory, and a stream that tests can read from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.kit.clock import system_clock
from earful.networks.bluesky import NETWORK
from earful.networks.bluesky.connector import BlueskyConnector
from earful.networks.bluesky.network import where
from earful.networks.contract import Change, Ports, RetryLater
from tests.networks.bluesky.network import Account

WITHIN = 20.0  # seconds; a real network answers in well under one

ANSWER_WITHIN = 3.0  # seconds


class MemoryTokens:
    """A session kept in memory; `saved` is every session in order."""

    def __init__(self) -> None:
        self.saved: list[Mapping[str, Any]] = []

    async def load(self) -> Mapping[str, Any] | None:
        """The last one."""
        return self.saved[-1] if self.saved else None

    async def save(self, session: Mapping[str, Any]) -> None:
        """Keep it."""
        self.saved.append(session)


class MemoryBudget:
    """A budget that only notes; `spent` makes every further take of a bucket fail."""

    def __init__(self) -> None:
        self.learned: dict[str, tuple[int, datetime]] = {}
        self.spent: set[str] = set()
        self.taken: dict[str, int] = {}

    async def take(self, bucket: str, cost: int = 1) -> None:
        """Refuse when the bucket is spent."""
        self.taken[bucket] = self.taken.get(bucket, 0) + cost
        if bucket in self.spent:
            raise RetryLater("spent")

    async def learn(self, bucket: str, remaining: int, resets_at: datetime) -> None:
        """Note it."""
        self.learned[bucket] = (remaining, resets_at)


class Bench:
    """Opens connectors for one account and closes them."""

    def __init__(self, service: str, brand: Account, firehose: str = "") -> None:
        self.tokens, self.budget = MemoryTokens(), MemoryBudget()
        self.brand = brand
        self.waits: list[float] = []
        self.told: list[str] = []
        self.clock_offset = timedelta()
        self._config = {
            "service": service,
            "firehose": firehose or service,
            "handle": f"@{brand.handle}",
            "chat": "off",
        }
        self._open: list[BlueskyConnector] = []
        self.connector = self.open()

    def open(self, *, password: str | None = None, **config: str) -> BlueskyConnector:
        """A connector with the bench's session; `config` overrules."""
        ports = Ports(
            now=self._now,
            wait=self._wait,
            tokens=self.tokens,
            budget=self.budget,
            tell=self._tell,
        )
        secrets = {"app_password": self.brand.password if password is None else password}
        place = where({**self._config, **config}, secrets)
        self.firehose = place.firehose
        made = BlueskyConnector(msgspec.structs.replace(place, answer_within=ANSWER_WITHIN), ports)
        self._open.append(made)
        return made

    def open_with(self, config: Mapping[str, str]) -> object:
        """A channel by exactly this config, as the worker opens it."""
        ports = Ports(now=self._now, wait=self._wait, tokens=self.tokens, budget=self.budget)
        return NETWORK.open(config, {}, ports)

    def seq(self, cursor: Mapping[str, Any]) -> int:
        """The firehose's number in a cursor."""
        return int(cursor["firehose"])

    async def close(self) -> None:
        """Close all."""
        for connector in self._open:
            await connector.close()

    def _now(self) -> datetime:
        return system_clock() + self.clock_offset

    async def _tell(self, words: str) -> None:
        self.told.append(words)

    async def _wait(self, seconds: float) -> None:
        """Waits are cut short, so that a test of a retry takes no minute."""
        self.waits.append(seconds)
        await asyncio.sleep(min(seconds, 0.2))


class Heard:
    """What a stream told up to now."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.cursor: Mapping[str, Any] = {}


async def listen(
    connector: BlueskyConnector,
    until: Callable[[list[Change]], bool],
    *,
    since: Mapping[str, Any] | None = None,
    within: float = WITHIN,
) -> Heard:
    """Read the stream until `until` holds for all that was told. Raises TimeoutError."""
    heard = Heard()
    async with asyncio.timeout(within), aclosing(connector.stream(since)) as batches:
        async for batch in batches:
            heard.changes += batch.changes
            heard.cursor = batch.cursor or heard.cursor
            if until(heard.changes):
                break
    return heard
