"""How often somebody may come, counted in the database, so that all processes share it.

Each key has a bucket that fills again with time; what is kept is when it will be full. Who has to
wait is remembered here until then: a flood costs the database nothing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from earful.store.pool import Connection, Database

MOST_KEPT = 10_000


class SharedPace:
    """Buckets of `burst` drops by key, `per_second` of which come back each second."""

    def __init__(self, name: str, per_second: float, burst: float) -> None:
        self._name, self._rate, self._burst = name, per_second, burst
        self._empty_until: dict[str, datetime] = {}

    async def take(self, database: Database, key: str, now: datetime, cost: float = 1) -> float:
        """Take `cost` drops. Returns the seconds to wait instead when the bucket is empty, or 0."""
        until = self._empty_until.get(key)
        if until is None or until <= now:
            self._empty_until.pop(key, None)
            until = await self._taken(database, key, now, cost)
        if until is None:
            return 0.0
        return (until - now).total_seconds() + 1 / self._rate

    async def _taken(
        self, database: Database, key: str, now: datetime, cost: float
    ) -> datetime | None:
        """Until when the bucket is empty; None where the drops were taken."""
        hashed = _key(self._name, key)
        spent = timedelta(seconds=cost / self._rate)
        room = timedelta(seconds=self._burst / self._rate)
        async with database.acquire() as db:
            if await db.fetchval(_TAKE, hashed, now, spent, now + room):
                return None
            full_at: datetime | None = await db.fetchval(_LOOK, hashed)
        if full_at is None:  # swept meanwhile: whoever waited this long may come
            return None
        if len(self._empty_until) >= MOST_KEPT:
            self._empty_until.clear()
        self._empty_until[key] = full_at - room
        return full_at - room


async def mark(db: Connection, name: str, key: str, until: datetime) -> None:
    """Something holds for this key until then."""
    await db.execute(_MARK, _key(name, key), until)


async def is_marked(db: Connection, name: str, key: str, now: datetime) -> bool:
    """Whether it still holds."""
    until: datetime | None = await db.fetchval(_LOOK, _key(name, key))
    return until is not None and now < until


async def forget_old(db: Connection, *, now: datetime) -> None:
    """Delete buckets that are full again."""
    await db.execute("DELETE FROM pace WHERE full_at < $1", now)


def _key(name: str, key: str) -> bytes:
    return hashlib.sha256(f"{name}\n{key}".encode("utf-8", "replace")).digest()


_TAKE = """
INSERT INTO pace AS p (key, full_at) VALUES ($1, $2::timestamptz + $3::interval)
ON CONFLICT (key) DO UPDATE SET full_at = greatest(p.full_at, $2) + $3
WHERE p.full_at < $4 RETURNING true
"""

_LOOK = "SELECT full_at FROM pace WHERE key = $1"

_MARK = """
INSERT INTO pace AS p (key, full_at) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET full_at = greatest(p.full_at, $2)
"""
