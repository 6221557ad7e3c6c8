"""What channels cost, by UTC day and kind; money is in millionths of a dollar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from earful.kit.clock import Clock
from earful.networks.registry import network
from earful.store.pool import Connection, Database

KEPT_FOR = timedelta(days=396)
"""Thirteen months: a month can be held beside the same one a year before."""

LONGEST = 396
"""Days that can be asked for at once."""


class Kind(msgspec.Struct, frozen=True):
    """What one kind of call or resource came to."""

    kind: str
    calls: int
    micros: int


class Day(msgspec.Struct, frozen=True):
    """One UTC day."""

    day: date
    micros: int
    kinds: list[Kind]


class Spent(msgspec.Struct, frozen=True):
    """What a channel cost today and in all of the days asked for.

    `cap` is what it may cost a day, None where there is no such bound. Days without any cost are
    left out.
    """

    today: int
    total: int
    cap: int | None
    days: list[Day]


class ChannelSpend:
    """A channel's spend, kept in the database so that all processes share it."""

    def __init__(
        self, database: Database, clock: Clock, workspace_id: str, channel_id: str
    ) -> None:
        self._database, self._clock = database, clock
        self._key = (workspace_id, channel_id)

    async def charge(self, kind: str, micros: int, count: int = 1) -> None:
        """Note `count` calls or resources of a kind that cost `micros` in all."""
        async with self._database.acquire() as db:
            await db.execute(_CHARGE, *self._key, _day(self._clock()), kind, count, micros)

    async def today(self) -> int:
        """What was charged since midnight UTC."""
        async with self._database.acquire() as db:
            spent: int = await db.fetchval(_TODAY, *self._key, _day(self._clock()))
        return spent


async def spent(db: Connection, row: Any, days: int, *, now: datetime) -> Spent:
    """What the channel of this row cost in the last `days`, today among them."""
    today = _day(now)
    found: dict[date, list[Kind]] = {}
    key = (row["workspace_id"], row["id"])
    for one in await db.fetch(_DAYS, *key, today - timedelta(days=days - 1)):
        found.setdefault(one["day"], []).append(Kind(one["kind"], one["calls"], one["micros"]))
    listed = [Day(day, sum(kind.micros for kind in kinds), kinds) for day, kinds in found.items()]
    return Spent(
        today=sum(kind.micros for kind in found.get(today, [])),
        total=sum(day.micros for day in listed),
        cap=cap_of(row),
        days=listed,
    )


def cap_of(row: Any) -> int | None:
    """What a channel may cost a day, as its own field says; None where no field bounds it."""
    field = network(row["network"]).manifest.cap_field
    text = str(row["config"].get(field) or "").strip().lstrip("$")
    if not field or not text:
        return None
    try:
        return int(Decimal(text) * 1_000_000)
    except (InvalidOperation, ValueError, OverflowError):
        return None


async def tidy(db: Connection, *, now: datetime) -> None:
    """Forget what is older than thirteen months."""
    await db.execute("DELETE FROM channel_spend WHERE day < $1", _day(now - KEPT_FOR))


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()


_CHARGE = """
INSERT INTO channel_spend AS s (workspace_id, channel_id, day, kind, calls, micros)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (workspace_id, channel_id, day, kind)
DO UPDATE SET calls = s.calls + $5, micros = s.micros + $6
"""

_TODAY = """
SELECT coalesce(sum(micros), 0)::bigint FROM channel_spend
WHERE workspace_id = $1 AND channel_id = $2 AND day = $3
"""

_DAYS = """
SELECT day, kind, calls, micros FROM channel_spend
WHERE workspace_id = $1 AND channel_id = $2 AND day >= $3 ORDER BY day DESC, kind
"""
