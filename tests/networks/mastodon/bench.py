"""A connector on the bench: ports held in memory, and a stream that tests can read from."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.kit.clock import system_clock
from earful.networks.contract import Change, Deletion, Ports, Post
from earful.networks.mastodon.connector import MastodonConnector
from earful.networks.mastodon.network import place
from tests.networks.bluesky.bench import MemoryBudget, MemoryTokens

WITHIN = 20.0  # seconds
ANSWER_WITHIN = 1.5  # seconds


class Bench:
    """Opens connectors for one account and closes them."""

    def __init__(self, instance: str, token: str) -> None:
        self.tokens, self.budget = MemoryTokens(), MemoryBudget()
        self.waits: list[float] = []
        self.said: list[str] = []
        self.clock_offset = timedelta()
        self._config, self.token = {"instance": instance}, token
        self._open: list[MastodonConnector] = []
        self.connector = self.open()

    def open(self, *, token: str | None = None, **config: str) -> MastodonConnector:
        """A connector with the bench's session; `config` overrules."""
        ports = self.ports()
        where = place({**self._config, **config}, {"token": self.token if token is None else token})
        made = MastodonConnector(msgspec.structs.replace(where, answer_within=ANSWER_WITHIN), ports)
        self._open.append(made)
        return made

    def ports(self) -> Ports:
        """What a connector on the bench is handed."""
        return Ports(
            now=self._now,
            wait=self._wait,
            tokens=self.tokens,
            budget=self.budget,
            tell=self._tell,
        )

    async def close(self) -> None:
        """Close all."""
        for connector in self._open:
            await connector.close()

    def _now(self) -> datetime:
        return system_clock() + self.clock_offset

    async def _tell(self, words: str) -> None:
        self.said.append(words)

    async def _wait(self, seconds: float) -> None:
        """Waits are cut short, so that a test of a retry takes no minute."""
        self.waits.append(seconds)
        await asyncio.sleep(min(seconds, 0.2))


class Heard:
    """What a stream told up to now."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.cursor: Mapping[str, Any] = {}

    def posts(self, external_id: str) -> list[Post]:
        """All tellings of a post."""
        return [each for each in self.changes
                if isinstance(each, Post) and each.external_id == external_id]  # fmt: skip


def told(external_id: str) -> Callable[[Heard], bool]:
    """Whether a post of that id was told."""
    return lambda heard: bool(heard.posts(external_id))


def gone(external_id: str) -> Callable[[Heard], bool]:
    """Whether its deletion was told."""
    return lambda heard: any(isinstance(each, Deletion) and each.external_id == external_id
                             for each in heard.changes)  # fmt: skip


async def listen(
    connector: MastodonConnector,
    until: Callable[[Heard], bool],
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
            if until(heard):
                break
    return heard


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds. Raises TimeoutError."""
    async with asyncio.timeout(WITHIN):
        for pause in itertools.repeat(0.02):
            if holds():
                return
            await asyncio.sleep(pause)
