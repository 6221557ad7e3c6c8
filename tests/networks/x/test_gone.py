"""What others took away or changed on X is known here within the day, and costs what it may."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest

from earful.networks.contract import Deletion, NetworkError, Post, RetryLater
from earful.networks.x import gone as looking
from earful.networks.x.connector import XConnector
from earful.networks.x.edits import Edits
from earful.networks.x.prices import EDITABLE_FOR
from earful.networks.x.simulator import stage
from earful.networks.x.simulator.faults import Fault
from tests.networks.mastodon.bench import until
from tests.networks.x.bench import Bench, Heard


async def heard_until(
    connector: XConnector, holds: Callable[[Heard], bool], since: Any = None
) -> Heard:
    """Listen until it holds; what X took away meanwhile is among it."""
    heard = Heard()

    async def hear() -> None:
        async with aclosing(connector.stream(since)) as batches:
            async for batch in batches:
                heard.changes += batch.changes
                heard.cursor = batch.cursor

    task = asyncio.create_task(hear())
    await until(lambda: holds(heard))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return heard


def edits(heard: Heard) -> list[tuple[str, str]]:
    """What was changed, in words."""
    posts = [each for each in heard.changes if isinstance(each, Post) and each.edited_at]
    return [(each.external_id, each.text) for each in posts]


async def test_posts_that_are_gone(bench: Bench) -> None:
    """By batch job; where X opens none to us, by looking at them."""
    gone, stays = bench.says("@Northwind a"), bench.says("@Northwind b")
    stage.delete(bench.world, gone)
    connector = bench.open()
    by_job = await connector.revisit([gone, stays, "dm:5"])
    assert [each.external_id for each in by_job] == [gone]
    bench.state.faults.add(Fault("403", "compliance", 0))
    bench.says("better, and no name in it", previous=stays)
    one, other = await connector.revisit([gone, stays])
    assert isinstance(one, Deletion)
    assert one.external_id == gone
    assert isinstance(other, Post)
    assert (other.external_id, other.text) == (stays, "better, and no name in it")


async def test_an_edit_that_names_us_no_more_is_noticed(bench: Bench) -> None:
    """No stream, no listing and no batch job tells of it, only the post itself; also when the
    process ended in between."""
    first, second = bench.says("@Northwind you are thieves"), bench.says("@Northwind hm", by="dave")
    before = await heard_until(bench.open(), lambda heard: {first, second} <= set(heard.ids()))
    assert set(before.cursor["open"]) == {first, second}
    bench.says("I take it back", previous=first)
    bench.says("nothing", by="dave", previous=second)
    looks = bench.memory.budget.taken.get("posts:user", 0)
    wanted = {(first, "I take it back"), (second, "nothing")}
    bench.memory.longest_wait = 0.02
    bench.state.now.advance(EDITABLE_FOR)
    after = await heard_until(
        bench.open(look_again="5"), lambda heard: wanted <= set(edits(heard)), before.cursor
    )
    assert sorted(edits(after)) == sorted(wanted)
    # Both at once, and once: the post as it was, and its newest version.
    assert bench.memory.budget.taken["posts:user"] - looks == 2


async def test_edits_rest_while_money_is_short(bench: Bench) -> None:
    asked = bench.says("@Northwind a")
    bench.says("b", previous=asked)
    bench.memory.purse.before = 800_000
    assert await bench.open(daily_cap="1.00")._gone.edited([asked]) is None
    assert "posts:user" not in bench.memory.budget.taken
    [edit] = await bench.open()._gone.edited([asked]) or ()
    assert edit.external_id == asked


def test_each_post_is_looked_at_when_its_time_for_edits_is_over(bench: Bench) -> None:
    now = bench.state.now()
    asked = bench.says("@Northwind a")
    open_ = Edits(["1", 7, None])
    open_.note([Deletion(external_id=asked, at=now)], now)
    assert open_.kept() == ["1"], "what a cursor carries is believed as far as it makes sense"
    assert Edits({"a": "b"}).kept() == []


async def test_x_works_on_one_list_at_a_time(bench: Bench) -> None:
    """Two channels of one app, or the nightly look beside the hourly one: the second waits and pays
    nothing."""
    gone = bench.says("@Northwind a")
    stage.delete(bench.world, gone)
    bench.memory.longest_wait = 0.01
    found = await asyncio.gather(*(bench.open().revisit([gone]) for _ in range(3)))
    assert [[each.external_id for each in changes] for changes in found] == [[gone]] * 3
    assert not bench.memory.purse.charged
    assert "posts:user" not in bench.memory.budget.taken


async def test_a_list_that_is_never_done_is_no_reason_to_pay(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earful.networks.x.jobs._TRIES", 2)
    monkeypatch.setattr("earful.networks.x.simulator.compliance.Job.status", lambda *_: "created")
    bench.memory.longest_wait = 0.01
    connector = bench.open()
    await connector._gone._jobs._made()  # somebody's, never handed in
    with pytest.raises(RetryLater):
        await connector.revisit([bench.says("@Northwind a")])
    assert not bench.memory.purse.charged


async def test_without_lists_a_days_looks_are_bounded_and_it_says_so(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at again and again, thousands of posts would cost dollars each day."""
    monkeypatch.setattr(looking, "LOOKS_A_DAY", 3)
    ids = [bench.says(f"@Northwind {number}", by=f"c{number}") for number in range(5)]
    for each in ids:
        stage.delete(bench.world, each)
    connector = bench.open({"bearer_token": ""})
    assert {each.external_id for each in await connector.revisit(ids)} == set(ids[2:])
    assert "only the newest posts are looked at" in bench.memory.words[-1]
    assert {each.external_id for each in await connector.revisit(ids)} == set(ids[2:])
    bench.state.now.advance(86_400)
    again = await connector.revisit(ids[:3])
    assert {each.external_id for each in again} == set(ids[:3]), "a new day, three more"


@pytest.mark.parametrize(
    "place", ["https://127.0.0.1/files", "https://localhost/files", "http://10.0.0.5/files"]
)
async def test_a_file_is_fetched_from_no_machine_of_ours(bench: Bench, place: str) -> None:
    with pytest.raises(NetworkError, match="not safe"):
        await bench.open()._gone._jobs._carried("GET", place)


async def test_an_x_on_this_machine_is_reached_past_any_proxy(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No proxy could reach it there, and none is to see what a rehearsal says."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    asked = bench.says("@Northwind hello")
    stage.delete(bench.world, asked)
    connector = bench.open()
    assert (await connector.probe()).handle == "Northwind"
    [gone] = await connector.revisit([asked])
    assert gone.external_id == asked
    loud = bench.says("@Northwind hi")
    heard = await heard_until(connector, lambda heard: loud in heard.ids())
    assert loud in heard.ids()
