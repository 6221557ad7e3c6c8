"""How often somebody may come: a bucket each that fills again with time."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

MOST_KEPT = 10_000


class Pace:
    """Buckets of `burst` drops by key, `per_second` of which come back each second."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._rate, self._burst = per_second, burst
        self._left: dict[Hashable, tuple[float, datetime]] = {}

    def take(self, key: Hashable, now: datetime, cost: float = 1) -> float:
        """Take `cost` drops. Returns the seconds to wait instead when the bucket is empty, or 0."""
        left = self._now_left(key, now)
        if left <= 0:
            return -left / self._rate + 1 / self._rate
        if len(self._left) >= MOST_KEPT:
            self._sweep(now)
        self._left[key] = (left - cost, now)
        return 0.0

    def _now_left(self, key: Hashable, now: datetime) -> float:
        left, since = self._left.get(key, (self._burst, now))
        return min(self._burst, left + (now - since).total_seconds() * self._rate)

    def _sweep(self, now: datetime) -> None:
        """Forget full buckets, and all of them where that is not enough."""
        self._left = {
            key: kept for key, kept in self._left.items() if self._now_left(key, now) < self._burst
        }
        if len(self._left) >= MOST_KEPT:
            self._left.clear()
