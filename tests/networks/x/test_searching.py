"""X's recent search: in its own words, at its price, and not while the day's money rests."""

from __future__ import annotations

import pytest

from earful.networks.contract import Post, RetryLater, Searches, Sought
from earful.networks.x import searching, walking
from earful.networks.x.searching import LONGEST, queries
from tests.networks.x.bench import Bench


async def test_what_is_found_once_and_charged(bench: Bench) -> None:
    connector = bench.open()
    assert isinstance(connector, Searches)
    found = [
        bench.says("my zephyrline parcel is gone"),
        bench.says("ZEPHYRLINE, again?", by="dave"),
    ]
    bench.says("something else", by="eve")
    sought = Sought(ways=(("zephyrline",), ("north wind",)))
    first = await connector.search(sought, None)
    assert sorted(one.external_id for one in first.changes) == sorted(found)
    assert all(isinstance(one, Post) and not one.addressed for one in first.changes)
    spent = await bench.memory.ports.spend.today()
    assert spent == 2 * 5000  # millionths of a dollar
    later = bench.says("no zephyrline today")
    second = await connector.search(sought, first.cursor)
    assert later in [one.external_id for one in second.changes]


async def test_searches_rest_first_when_the_money_is_near_its_end(bench: Bench) -> None:
    await bench.memory.ports.spend.charge("read_post", 9_900_000, 1)
    with pytest.raises(RetryLater):
        await bench.open(daily_cap="10.00").search(Sought(ways=(("zephyrline",),)), None)


async def test_what_more_there_is_comes_later_and_none_of_it_twice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGES", 1)
    monkeypatch.setattr(walking, "PAGE", 10)
    made = {bench.says(f"quillwright {n}") for n in range(25)}
    connector = bench.open()
    assert isinstance(connector, Searches)
    found: list[str] = []
    cursor = None
    for _ in range(5):
        batch = await connector.search(Sought(ways=(("quillwright",),)), cursor)
        found += [one.external_id for one in batch.changes]
        cursor = batch.cursor
        if not (cursor or {}).get("left"):
            break
        bench.state.now.advance(300)
    assert set(found) == made
    assert await bench.memory.ports.spend.today() == 25 * 5000  # each is paid for once


async def test_midway_the_days_money_ends_and_what_was_read_is_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "PAGE", 10)
    made = {bench.says(f"quillwright {n}") for n in range(25)}
    connector = bench.open(daily_cap="0.10")  # its searches end at seven cents, 14 posts
    assert isinstance(connector, Searches)
    sought = Sought(ways=(("quillwright",), ("zephyrline",)))
    batch = await connector.search(sought, None)
    found = {one.external_id for one in batch.changes}
    assert len(found) == 20
    with pytest.raises(RetryLater, match="cap at X is spent"):
        await connector.search(sought, batch.cursor)
    richer = bench.open(daily_cap="10.00")
    assert isinstance(richer, Searches)
    rest = await richer.search(sought, batch.cursor)
    assert found | {one.external_id for one in rest.changes} == made
    assert not (rest.cursor or {}).get("left")


def test_x_is_asked_to_leave_out_what_would_cost() -> None:
    sought = Sought(
        ways=(("url:northwind.example",), ("acme",)),
        without=("north wind", "#fail", "from:northwind", "from:who.is@there"),
    )
    assert queries(sought) == [
        '(url:"northwind.example" OR acme) -is:retweet -"north wind" -#fail -from:northwind'
    ]
    many = Sought(ways=(("acme",) * 3,), without=tuple(f"word{n}" for n in range(200)))
    assert all(len(query) <= LONGEST for query in queries(many))


def test_what_x_is_asked() -> None:
    sought = Sought(ways=(("north wind",), ("#fail", "router"), ("acme",)), languages=("en", "de"))
    assert queries(sought) == [
        '("north wind" OR (#fail router) OR acme) (lang:en OR lang:de) -is:retweet'
    ]
    many = Sought(ways=tuple((f"word{n}" * 5,) for n in range(40)))
    assert all(len(query) <= LONGEST for query in queries(many))
    assert sum(query.count("word0") > 0 for query in queries(many)) >= 1
    assert sum(query.count(" OR ") + 1 for query in queries(many)) == 40
