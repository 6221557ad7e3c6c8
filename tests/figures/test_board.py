"""The board says who waits, what is late, who is here; and finds it without a sweep."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from earful.figures.board import COUNTS, DUE, OLDEST, PEOPLE, Asked, Board, load_board, rest_of_day
from earful.networks.contract import Person
from earful.roster import standing
from earful.roster.standing import Ability
from earful.store.pool import Database
from tests.cast import START, Cast, gather, post
from tests.desk.acts import home_of, take
from tests.desk.crowd import NOW, ROWS, SEQUENTIAL, fill, plan, workspace
from tests.roster.conftest import on


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


async def board(cast: Cast, within: int = 15, inboxes: frozenset[str] | None = None) -> Board:
    asked = Asked(
        workspace_id=cast.workspace_id, inboxes=inboxes, at=cast.time(), within=within,
        zone=ZoneInfo("Europe/Berlin"),
    )  # fmt: skip
    async with cast.database.snapshot() as db:
        return await load_board(db, asked)


async def came(cast: Cast, name: str) -> str:
    """A question of somebody, now; the id of its conversation."""
    author = Person(f"did:{name}", f"{name}.example", name.title())
    question = post(name, "My order never arrived?", author=author, published_at=cast.time())
    await take(cast, question)
    return await home_of(cast, name)


async def due(cast: Cast, home: str, at: datetime, **more: Any) -> None:
    """Say when an answer is due, and whose it is."""
    async with cast.database.transaction() as db:
        await db.execute(
            """UPDATE conversation SET due_at = $3, severity = $4, assignee_id = $5
               WHERE workspace_id = $1 AND id = $2""",
            cast.workspace_id, home, at, more.get("severity", 3), more.get("owner"),
        )  # fmt: skip


async def test_the_board_of_an_empty_desk_is_calm(cast: Cast) -> None:
    found = await board(cast)
    assert (found.waiting, found.unassigned, found.late_count, found.near_count) == (0, 0, 0, 0)
    assert [*found.oldest, *found.late, *found.near, *found.gaps] == []
    assert found.rostered is False
    assert [(one.name, one.status) for one in found.people] == [("Alice", "away"), ("Bob", "away")]


async def test_each_conversation_stands_where_its_clock_is(cast: Cast) -> None:
    homes = {}
    for name in ("oldest", "grave", "near", "later"):
        homes[name] = await came(cast, name)
        cast.time.pass_(minutes=1)
    now, minute = cast.time(), timedelta(minutes=1)
    await due(cast, homes["oldest"], now - minute, owner=cast.bob.id)
    await due(cast, homes["grave"], now - 2 * minute, severity=1)
    await due(cast, homes["near"], now + 15 * minute)
    await due(cast, homes["later"], now + 16 * minute)
    found = await board(cast)
    assert [card.id for card in found.oldest] == list(homes.values())
    assert [card.id for card in found.late] == [homes["grave"], homes["oldest"]]
    assert [card.id for card in found.near] == [homes["near"]]
    assert (found.waiting, found.unassigned) == (4, 3)
    assert (found.late_count, found.near_count) == (2, 1)
    bob = next(one for one in found.people if one.id == cast.bob.id)
    assert (bob.load, bob.late) == (1, 1)
    assert [card.id for card in (await board(cast, within=16)).near] == [
        homes["near"],
        homes["later"],
    ]
    elsewhere = await board(cast, inboxes=frozenset())
    assert (elsewhere.waiting, elsewhere.oldest, elsewhere.late_count) == (0, [], 0)


async def test_who_is_here_and_what_of_today_is_uncovered(cast: Cast) -> None:
    await on(cast, cast.bob, from_day=date(2026, 11, 2))
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await standing.say(work, str(cast.bob.id), "here")
        await standing.enable(work, str(cast.bob.id), Ability(capacity=4))
    found = await board(cast)
    first = found.people[0]
    assert (first.name, first.status, first.capacity, first.on_shift) == ("Bob", "here", 4, True)
    assert first.since == START
    assert found.rostered
    # Bob is there from nine to five UTC; midnight in Berlin is 23:00 UTC.
    assert [(gap.starts_at.hour, gap.ends_at.hour) for gap in found.gaps] == [(17, 23)]
    cast.time.pass_(hours=8)
    assert [one.on_shift for one in (await board(cast)).people] == [False, False]


def test_a_day_ends_at_its_own_midnight() -> None:
    autumn = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # the night of 25 hours in Berlin
    start, end = rest_of_day(autumn, ZoneInfo("Europe/Berlin"))
    assert (start, end) == (autumn, datetime(2026, 10, 25, 23, 0, tzinfo=UTC))


async def test_nothing_is_swept(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    await fill(owner)
    async with database.acquire() as borrowed:
        db: Any = borrowed
        key = await workspace(db)
        soon = NOW + timedelta(minutes=15)
        plans = {
            "oldest": await plan(db, OLDEST, key, None),
            "late": await plan(db, DUE, key, None, START, NOW),
            "near": await plan(db, DUE, key, None, NOW, soon),
            "counts": await plan(db, COUNTS, key, None, NOW, soon),
            "people": await plan(db, PEOPLE, key, None, NOW),
        }
    bad = {name: said for name, said in plans.items() if SEQUENTIAL.search(said)}
    assert not bad, bad
    sorted_whole = {
        name: said
        for name, said in plans.items()
        if any(int(n) > ROWS / 20 for n in re.findall(r"Sort  \(cost=\S+ rows=(\d+)", said))
    }
    assert not sorted_whole, sorted_whole
