"""Ports held in memory, so that a connector runs without a desk."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from earful.kit.clock import system_clock
from earful.networks.contract import Ports, RetryLater
from earful.networks.x.simulator.clock import Clock


class Tokens:
    """Sessions kept in memory; `saved` is every one in order."""

    def __init__(self) -> None:
        self.saved: list[Mapping[str, Any]] = []

    async def load(self) -> Mapping[str, Any] | None:
        """The last one."""
        return self.saved[-1] if self.saved else None

    async def save(self, session: Mapping[str, Any]) -> None:
        """Keep it."""
        self.saved.append(session)


class Budget:
    """A budget that only notes; `spent` makes every take of a bucket fail."""

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


class Purse:
    """Adds up what is spent."""

    def __init__(self) -> None:
        self.charged: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self.before = 0

    async def charge(self, kind: str, micros: int, count: int = 1) -> None:
        """Note it."""
        self.charged[kind] = self.charged.get(kind, 0) + micros
        self.counts[kind] = self.counts.get(kind, 0) + count

    async def today(self) -> int:
        """All of it."""
        return self.before + sum(self.charged.values())


class Memory:
    """All ports, and what went through them. A wait takes a moment, and moves X's clock on by all
    of it, so that no test takes minutes."""

    def __init__(self, hook: str = "", clock: Clock | None = None) -> None:
        self._clock = clock or Clock(system_clock)
        self.tokens, self.budget, self.purse = Tokens(), Budget(), Purse()
        self.words: list[str] = []
        self.waits: list[float] = []
        self.longest_wait = 0.2
        self.ports = Ports(
            now=self._now,
            wait=self._wait,
            tokens=self.tokens,
            budget=self.budget,
            spend=self.purse,
            tell=self._tell,
            hook=hook,
        )

    def _now(self) -> datetime:
        return self._clock()

    async def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        short = min(seconds, self.longest_wait)
        await asyncio.sleep(short)
        self._clock.advance(seconds - short)

    async def _tell(self, words: str) -> None:
        self.words.append(words)
