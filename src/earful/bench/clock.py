"""Deadlines met on time: clocks spread over a minute, two workers, one killed midway."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from earful.bench.desk import Child
from earful.bench.ground import Ground, connect_channel, ground
from earful.bench.say import ms, percentile, say
from earful.intake.channel import Channel
from earful.kit.clock import system_clock
from earful.store.pool import Connection
from earful.stream.work import WAKE

LEAD_FOR = 10.0
"""Seconds from the first look at the clocks to the first deadline: both workers are up by then."""
REST_FOR = 30.0
"""Seconds after the last deadline in which what was late may still come."""
CHUNK = 20_000


class _Seen(msgspec.Struct, kw_only=True):
    """When each breach was first seen, by the clock's id: no sooner than its commit."""

    at: dict[str, datetime] = {}
    all_told: asyncio.Event
    waiting: int
    twice: int = 0
    seq: int = 0

    def note(self, rows: list[Any], now: datetime) -> None:
        """These events could be seen by `now`."""
        for row in rows:
            self.seq = row["seq"]
            if row["id"] in self.at:
                self.twice += 1
            elif row["id"]:
                self.at[row["id"]] = now
        if len(self.at) >= self.waiting:
            self.all_told.set()


async def clock(timers: int, seconds: float) -> dict[str, Any]:
    """`timers` clocks that run out within `seconds`; halfway, one of two workers dies."""
    async with ground() as on:
        channel = await connect_channel(on, "Northwind", {"rate": "0", "backlog": "0"})
        workers = [Child("worker", on), Child("worker", on)]
        try:
            begins = await _wind_up(on, channel, timers, seconds)
            async with _watching(on, timers) as seen:
                middle = begins + timedelta(seconds=seconds / 2)
                await asyncio.sleep((middle - system_clock()).total_seconds())
                killed_at = system_clock()
                await asyncio.to_thread(workers[0].kill)
                say("killed one of two workers")
                await _until_told(seen, begins + timedelta(seconds=seconds + REST_FOR))
        finally:
            for worker in workers:
                await asyncio.to_thread(worker.stop)
        return await _compare(on, seen, timers, killed_at)


async def _wind_up(on: Ground, channel: Channel, timers: int, seconds: float) -> datetime:
    """Conversations that wait, each with a clock. Returns the first deadline."""
    say(f"winding up {timers:,} clocks")
    begins = system_clock() + timedelta(seconds=LEAD_FOR + timers / 5000)
    place = (on.workspace_id, channel.inbox_id, channel.id)
    async with on.store.database.acquire() as db:
        for first in range(0, timers, CHUNK):
            last = min(timers, first + CHUNK)
            await db.execute(_CLOCKS, *place, first, last, begins, seconds / timers, timeout=120)
    if system_clock() > begins - timedelta(seconds=5):
        raise RuntimeError("this machine is too slow to wind up so many clocks in time")
    return begins


@asynccontextmanager
async def _watching(on: Ground, timers: int) -> AsyncIterator[_Seen]:
    """Reads the log as it grows, on a connection of its own."""
    seen = _Seen(all_told=asyncio.Event(), waiting=timers)
    db = await on.store.database.listen_connection()
    waker = asyncio.Event()
    await db.add_listener(WAKE, lambda *_: waker.set())
    reading = asyncio.create_task(_read(on, db, waker, seen))
    try:
        yield seen
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await db.close(timeout=2)


async def _read(on: Ground, db: Connection, waker: asyncio.Event, seen: _Seen) -> None:
    while True:
        await waker.wait()
        waker.clear()
        while rows := await db.fetch(_READ, on.workspace_id, seen.seq):
            seen.note(rows, system_clock())


async def _until_told(seen: _Seen, ends: datetime) -> None:
    with contextlib.suppress(TimeoutError):
        left = (ends - system_clock()).total_seconds()
        await asyncio.wait_for(seen.all_told.wait(), max(0.0, left))
    await asyncio.sleep(2)  # what would come twice may still come


async def _compare(on: Ground, seen: _Seen, timers: int, killed_at: datetime) -> dict[str, Any]:
    """How late each was, from due to when its event could be seen; those of the takeover apart."""
    async with on.store.database.acquire() as db:
        rows = await db.fetch(
            "SELECT id, due_at FROM clock WHERE workspace_id = $1", on.workspace_id, timeout=120
        )
    late = {
        row["id"]: (seen.at[row["id"]] - row["due_at"]).total_seconds()
        for row in rows
        if row["id"] in seen.at
    }
    taken = [
        late[row["id"]]
        for row in rows
        if row["id"] in late and row["due_at"] <= killed_at <= seen.at[row["id"]]
    ]
    after = timedelta(seconds=_takeover(rows, seen, killed_at))
    calm = [
        late[row["id"]]
        for row in rows
        if row["id"] in late and not killed_at <= seen.at[row["id"]] <= killed_at + after
    ]
    return {
        "timers": timers,
        "lateness_p50_ms": ms(percentile(calm, 0.5)),
        "lateness_p99_ms": ms(percentile(calm, 0.99)),
        "lateness_max_ms": ms(max(calm)),
        "takeover_s": round(after.total_seconds(), 3),
        "taken_over": len(taken),
        "missed": timers - len(late),
        "twice": seen.twice,
    }


ON_TIME = 0.1


def _takeover(rows: list[Any], seen: _Seen, killed_at: datetime) -> float:
    """Seconds from the kill until what had been due before it was told, and all was on time."""
    ends = killed_at
    for row in rows:
        at = seen.at.get(row["id"], datetime.max.replace(tzinfo=UTC))
        since = (row["due_at"] - killed_at).total_seconds()
        owed = since <= 0 < (at - killed_at).total_seconds()
        behind = 0 < since < REST_FOR and (at - row["due_at"]).total_seconds() > ON_TIME
        if (owed or (behind and row["due_at"] <= ends)) and at > ends:
            ends = at
    return (ends - killed_at).total_seconds()


_CLOCKS = """
WITH one AS (
  SELECT n, uuidv7() AS id, uuidv7() AS contact_id, uuidv7() AS clock_id,
    $6::timestamptz + n * $7::float8 * interval '1 second' AS due_at
  FROM generate_series($4::int, $5::int - 1) AS n),
made AS (
  INSERT INTO conversation (workspace_id, id, inbox_id, channel_id, network, contact_id,
    contact_name, contact_handle, preview, severity, unanswered, opened_at, last_message_at,
    waiting_since, clock_started_at, due_at)
  SELECT $1, id, $2, $3, 'rehearsal', contact_id, 'Past ' || n, 'past' || n, 'hello', 4, 1,
    due_at - interval '1 hour', due_at, due_at - interval '1 hour', due_at - interval '1 hour',
    due_at
  FROM one)
INSERT INTO clock (workspace_id, id, conversation_id, kind, started_at, due_at, severity, next_at,
  warned)
SELECT $1, clock_id, id, 'first_response', due_at - interval '1 hour', due_at, 4, due_at, 2 FROM one
"""

_READ = """
SELECT seq, CASE WHEN kind = 'clock.breached' THEN data -> 'clock' ->> 'id' END AS id
FROM event WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT 5000
"""
