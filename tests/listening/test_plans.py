"""On a full desk a page of mentions reads about as many rows as it shows, whatever it is narrowed
to, and those that wait are counted in an index."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from hashlib import md5
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from earful.listening import mentions
from earful.store.pool import Database
from tests.desk.crowd import NOW, ROWS, SEQUENTIAL, fill, workspace

RARE = str(UUID(md5(b"rare", usedforsecurity=False).hexdigest()))
QUIET = str(UUID(md5(b"quiet", usedforsecurity=False).hexdigest()))


class Measured:
    """A connection that keeps how each query about mentions was answered, with its rows."""

    def __init__(self, db: Any) -> None:
        self._db = db
        self.plans: list[str] = []

    async def fetch(self, sql: str, *args: Any) -> Any:
        if "FROM mention" in sql:
            rows = await self._db.fetch(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", *args)
            self.plans.append("\n".join(row[0] for row in rows))
        return await self._db.fetch(sql, *args)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        return (await self.fetch(sql, *args))[0][0]

    def read(self) -> int:
        """The most rows that a step of them read, those filtered out again among them."""
        said = r"rows=(\d+)(?:\.\d+)? loops|Rows Removed by Filter: (\d+)"
        return max(
            int(n) for plan in self.plans for pair in re.findall(said, plan) for n in pair if n
        )


@pytest.fixture
async def full(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> AsyncIterator[asyncpg.Connection[Any]]:
    """The app's connection to a desk of thousands of mentions, with a busy and a quiet channel."""
    await fill(owner)
    await owner.execute(
        "WITH made AS (INSERT INTO inbox (workspace_id, id, name, created_at) "
        "SELECT w.id, c, c::text, $2 FROM workspace w, unnest(ARRAY[w.id, $1::uuid]) AS c "
        "RETURNING workspace_id, id) "
        "INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id, "
        "created_at) SELECT workspace_id, id, 'rehearsal', id::text, 'us', 'us', id, $2 FROM made",
        QUIET, NOW,
    )  # fmt: skip
    await owner.execute("VACUUM mention")
    async with database.acquire() as db:
        yield db  # type: ignore[misc]


async def test_each_filter_reads_what_it_shows(full: asyncpg.Connection[Any]) -> None:
    key = await workspace(full)
    busy, quiet = frozenset({key}), frozenset({QUIET})
    asked: list[dict[str, Any]] = [
        {"state": state, "search_id": search, "inboxes": inboxes}
        for state in ("new", "taken", "dismissed", "all")
        for search in (None, key, RARE)
        for inboxes in (None, busy, quiet)
    ]
    bad = {}
    for one in asked:
        db = Measured(full)
        page = await mentions.list_mentions(db, key, **one)
        if page.next:
            await mentions.list_mentions(db, key, **one, after=page.next)
        if db.read() > ROWS / 20 or any(SEQUENTIAL.search(plan) for plan in db.plans):
            bad[str(one)] = db.plans
    assert bad == {}


async def test_those_that_wait_are_counted_in_an_index(full: asyncpg.Connection[Any]) -> None:
    key, db = await workspace(full), Measured(full)
    assert await mentions.count_new(db, key) == mentions.COUNTED
    assert await mentions.count_new(db, key, frozenset({key})) == mentions.COUNTED
    quiet = await full.fetchval(
        "SELECT count(*) FROM mention WHERE channel_id = $1 AND state = 'new'", QUIET
    )
    assert 0 < await mentions.count_new(db, key, frozenset({QUIET})) == quiet < mentions.COUNTED
    assert await mentions.count_new(db, key, frozenset()) == 0
    assert all("Index Only Scan" in plan for plan in db.plans[:3]), db.plans
    assert db.read() <= mentions.COUNTED
