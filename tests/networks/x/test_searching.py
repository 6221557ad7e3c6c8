"""X's recent search: in its own words, at its price, and not while the day's money rests."""

from __future__ import annotations

import pytest

from earful.networks.contract import Post, RetryLater, Searches, Sought
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


def test_what_x_is_asked() -> None:
    sought = Sought(ways=(("north wind",), ("#fail", "router"), ("acme",)), languages=("en", "de"))
    assert queries(sought) == [
        '("north wind" OR (#fail router) OR acme) (lang:en OR lang:de) -is:retweet'
    ]
    many = Sought(ways=tuple((f"word{n}" * 5,) for n in range(40)))
    assert all(len(query) <= LONGEST for query in queries(many))
    assert sum(query.count("word0") > 0 for query in queries(many)) >= 1
    assert sum(query.count(" OR ") + 1 for query in queries(many)) == 40
