"""Counted by all processes together: each here is a bucket of its own on one database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from earful.accounts.pace import SharedPace, forget_old, is_marked, mark
from earful.store.pool import Database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def processes(count: int) -> list[SharedPace]:
    return [SharedPace("test", per_second=1, burst=10) for _ in range(count)]


async def test_many_processes_share_one_bucket(database: Database) -> None:
    crowd = processes(4)
    calls = [one.take(database, "carol", NOW) for one in crowd for _ in range(10)]
    waits = await asyncio.gather(*calls)
    assert waits.count(0.0) == 10
    assert {wait for wait in waits if wait} == {1.0}
    assert await crowd[0].take(database, "bob", NOW) == 0.0
    # What came back with time is shared too.
    later = NOW + timedelta(seconds=3)
    assert [await one.take(database, "carol", later) for one in crowd] == [0.0, 0.0, 0.0, 1.0]


async def test_who_waits_costs_the_database_nothing(database: Database) -> None:
    [one] = processes(1)
    await one.take(database, "carol", NOW, 70)
    assert await one.take(database, "carol", NOW) == 61.0
    async with database.acquire() as db:
        await db.execute("DELETE FROM pace")
    assert await one.take(database, "carol", NOW) == 61.0
    assert await one.take(database, "carol", NOW + timedelta(seconds=60)) == 0.0


async def test_a_mark_holds_for_all_until_it_ends_and_is_swept(database: Database) -> None:
    async with database.acquire() as db:
        assert not await is_marked(db, "flood", "here", NOW)
        await mark(db, "flood", "here", NOW + timedelta(minutes=1))
        await mark(db, "flood", "here", NOW + timedelta(seconds=5))
        assert await is_marked(db, "flood", "here", NOW + timedelta(seconds=59))
        assert not await is_marked(db, "flood", "there", NOW)
        assert not await is_marked(db, "flood", "here", NOW + timedelta(minutes=1))
        await forget_old(db, now=NOW)
        assert await db.fetchval("SELECT count(*) FROM pace") == 1
        await forget_old(db, now=NOW + timedelta(minutes=2))
        assert await db.fetchval("SELECT count(*) FROM pace") == 0
