"""Listening by every way at once: nothing missed, nothing told twice, and words where X says no."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from earful.networks.contract import (
    NetworkError,
    Post,
    Reauthorize,
    RetryLater,
    Visibility,
)
from earful.networks.x.errors import Refused, Spent, Unreachable
from earful.networks.x.follow import Patience
from earful.networks.x.simulator import control, stage
from earful.networks.x.simulator.faults import Fault
from earful.networks.x.simulator.hub import Rule
from earful.networks.x.simulator.streams import Spoiling
from earful.networks.x.simulator.things import Dm
from tests.networks.x.bench import Bench, Heard, listen

_MILLION = 1_000_000


def all_of(*ids: str) -> Callable[[Heard], bool]:
    """Holds once all these were told."""
    return lambda heard: set(ids) <= set(heard.ids())


@asynccontextmanager
async def listening(bench: Bench, **config: str) -> AsyncIterator[Heard]:
    """Listen in the background, connected to both streams."""
    heard, connector = Heard(), bench.open(**config)

    async def hear() -> None:
        with suppress(NetworkError):
            async for batch in connector.stream(None):
                heard.changes += batch.changes
                heard.cursor = batch.cursor

    task = asyncio.create_task(hear())
    await until(lambda: len(bench.state.hub.streams.active()) == 2)
    yield heard
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], object]) -> None:
    """Wait for it. Raises TimeoutError."""
    async with asyncio.timeout(15):
        for pause in itertools.repeat(0.02):
            if holds():
                return
            await asyncio.sleep(pause)


async def test_the_streams_tell_what_asking_can_not(bench: Bench) -> None:
    for place in ("mentions", "timeline", "dm_read"):
        bench.state.faults.add(Fault("503", place, 0))
    async with listening(bench) as heard:
        told = [bench.says("@Northwind hello"), "dm:" + bench.writes("psst")]
        await until(lambda: set(told) <= set(heard.ids()))
        assert set(heard.cursor) == {"open"}  # only asking proves that nothing is missing


async def test_everything_once_by_all_ways(bench: Bench) -> None:
    bench.state.hub.streams.spoil(Spoiling(repeat=2, reorder=3))
    ids = [bench.says(f"@Northwind number {n}", by=f"c{n}") for n in range(30)]
    message = "dm:" + bench.writes("and in private")
    async with listening(bench) as heard:
        ids += [bench.says(f"@Northwind more {n}", by=f"c{n}") for n in range(30)]
        await until(lambda: {*ids, message} <= set(heard.ids()))
        bench.state.hub.streams.spoil(Spoiling())
        await asyncio.sleep(0.5)  # nothing comes twice meanwhile
    assert sorted(heard.ids()) == sorted([*ids, message])
    [private] = [each for each in heard.changes if each.external_id == message]
    assert isinstance(private, Post)
    assert private.visibility is Visibility.DIRECT
    assert private.author.handle == "carol"


async def test_an_outage_is_filled_page_by_page(bench: Bench) -> None:
    """More than a page came meanwhile, and a question fails: the cursor waits until it is met."""
    first = bench.says("@Northwind before")
    before = await listen(bench.open(listen="mentions"), all_of(first))
    ids = stage.burst(bench.world, stage.Burst(n=250, people=250))
    bench.state.faults.add(Fault("drop-before", "mentions"))
    after = await listen(bench.open(listen="mentions"), all_of(*ids), before.cursor)
    assert set(ids) <= set(after.ids())
    assert int(after.cursor["mentions"]) > int(before.cursor["mentions"])


async def test_edits_and_answers_given_in_the_app(bench: Bench) -> None:
    async with listening(bench) as heard:
        asked = bench.says("@Northwind wher is it")
        await until(lambda: asked in heard.ids())
        bench.says("@Northwind where is it", previous=asked)
        answer = bench.says("Here.", by="Northwind", reply_to=asked)
        await until(lambda: answer in heard.ids() and len(heard.changes) == 3)
    posts = [each for each in heard.changes if isinstance(each, Post)]
    edit = next(each for each in posts if each.edited_at)
    assert (edit.external_id, edit.text) == (asked, "@Northwind where is it")
    own = next(each for each in posts if each.own)
    assert (own.parent_id, own.text) == (asked, "Here.")


async def test_only_our_rules_are_touched_and_a_bad_one_is_told(bench: Bench) -> None:
    other = Rule("7", "cats has:images", "another program", lambda *_: False)
    bench.state.hub.rules["7"] = other
    stale = Rule("8", "@OldName", f"earful:{bench.brand.id}:mention", lambda *_: False)
    bench.state.hub.rules["8"] = stale
    async with listening(bench, search="(broken\nnorthwind parcel"):
        standing = {rule.value for rule in bench.state.hub.rules.values()}
        await until(lambda: bench.memory.words)
    assert other.value in standing
    assert stale.value not in standing
    assert "northwind parcel" in standing
    assert any("X rejects the search '(broken'" in words for words in bench.memory.words)


async def test_a_new_handle_of_ours_is_noticed(bench: Bench) -> None:
    """The stream is filtered by it: kept as it was, nobody would be heard there any more."""
    session = {"access_token": bench.secrets["access_token"], "id": bench.brand.id}
    await bench.memory.tokens.save({**session, "handle": "OldName"})
    async with listening(bench):
        standing = {rule.value for rule in bench.state.hub.rules.values()}
        assert standing == {"@Northwind -is:retweet", "from:Northwind -is:retweet"}


async def test_a_search_finds_who_did_not_summon_us(bench: Bench) -> None:
    found = bench.says("this northwind parcel again")
    heard = await listen(bench.open(search="northwind parcel"), all_of(found))
    [post] = [each for each in heard.changes if each.external_id == found]
    assert isinstance(post, Post)
    assert not post.addressed
    assert "Open the post in X" in post.barred


async def test_a_full_house_is_cleared(bench: Bench) -> None:
    """Somebody holds the one connection: all are ended, and ours is made."""
    async with listening(bench), asyncio.timeout(15), listening(bench) as heard:
        told = bench.says("@Northwind hello")
        await until(lambda: told in heard.ids())


async def test_withdrawn_rights_end_it_in_words(bench: Bench) -> None:
    connector = bench.open()
    await connector.probe()
    control.revoke(bench.state, "Northwind")
    with pytest.raises(Reauthorize):
        await listen(connector, lambda _: False)


async def test_without_the_apps_token_asking_does(bench: Bench) -> None:
    bench.secrets["bearer_token"] = ""
    told = ["dm:" + bench.writes("hello"), bench.says("@Northwind hi")]
    heard = await listen(bench.open(), all_of(*told))
    assert sorted(heard.ids()) == sorted(told)
    assert not bench.state.hub.streams.connections


async def test_spend_is_what_x_charges(bench: Bench) -> None:
    """Each thing once a day, whichever way it came; the margin read again costs nothing."""
    ids = [bench.says(f"@Northwind number {n}", by=f"c{n}") for n in range(20)]
    await listen(bench.open(listen="mentions"), all_of(*ids))
    await listen(bench.open(listen="mentions"), all_of(*ids))
    assert bench.memory.purse.charged["read_mention"] == 2 * 20 * 1000  # a process for itself
    # With somebody else's app a mention costs what any post does.
    await listen(bench.open(listen="mentions", own_app="no"), all_of(*ids))
    assert bench.memory.purse.charged["read_post"] == 20 * 5000


@pytest.mark.parametrize(
    ("spent", "streams", "words"),
    [
        (0.5, {"filtered_stream", "activity_stream"}, ""),
        (0.75, {"filtered_stream", "activity_stream"}, "searches rest"),
        (0.9, {"activity_stream"}, "streams of posts rest"),
        (1.2, {"activity_stream"}, "every ten minutes only"),
    ],
)
async def test_the_cap_shrinks_listening_and_says_so(
    bench: Bench, spent: float, streams: set[str], words: str
) -> None:
    bench.memory.purse.before = int(spent * _MILLION)
    told = bench.says("@Northwind hi")
    task = asyncio.create_task(
        listen(bench.open(daily_cap="1.00", search="northwind"), lambda _: False)
    )
    active = bench.state.hub.streams.active
    await until(lambda: {each.endpoint for each in active()} == streams)
    await asyncio.sleep(0.5)
    assert {each.endpoint for each in active()} == streams
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert words in " ".join(bench.memory.words)
    assert ("search:user" in bench.memory.budget.taken) is (spent < 0.7)
    kinds = {each.event_type for each in bench.state.hub.subscriptions.values()}
    assert "dm.received" in kinds
    assert ("post.mention.create" in kinds) is (spent < 0.85)
    assert told


async def test_the_cap_is_reached_in_the_middle_and_midnight_lifts_it(bench: Bench) -> None:
    def endpoints() -> set[str]:
        return {each.endpoint for each in bench.state.hub.streams.active()}

    def kinds() -> set[str]:
        return {each.event_type for each in bench.state.hub.subscriptions.values()}

    bench.memory.longest_wait = 0.02
    async with listening(bench, daily_cap="1.00"):
        bench.memory.purse.before = 900_000
        await until(lambda: endpoints() == {"activity_stream"})
        await until(lambda: "post.mention.create" not in kinds())
        bench.memory.purse.before = 0
        bench.memory.purse.charged.clear()
        await until(lambda: endpoints() == {"activity_stream", "filtered_stream"})
        await until(lambda: "post.mention.create" in kinds())
        await until(lambda: bench.memory.words[-1] == "")


@pytest.mark.parametrize(
    ("errors", "waits"),
    [
        ([None, None, None], [0.25, 0.5, 0.75]),
        ([Unreachable("no answer")] * 2, [0.25, 0.5]),
        ([Refused(RetryLater("a fault", 1.0))] * 4, [5.0, 10.0, 20.0, 40.0]),
        ([Refused(Spent("spent", 7.0))] * 3, [60.0, 120.0, 240.0]),
        ([RetryLater("the budget is spent", 500.0)], [500.0]),
    ],
    ids=["ended", "broken", "refused", "limited", "our budget"],
)
async def test_back_offs_are_xs(
    bench: Bench, errors: list[Exception | None], waits: list[float]
) -> None:
    patience = Patience(bench.memory.ports)
    for error in errors:
        await patience.after(error)
    assert bench.memory.waits == waits


async def test_a_message_of_ours_is_for_somebody(bench: Bench) -> None:
    carol = bench.world.add_user("carol")
    dm = Dm(id=bench.world.new_id(), sender_id=bench.brand.id, recipient_id=carol.id,
            text="from the app", created_at=bench.state.now())  # fmt: skip
    bench.world.send(dm, by_api=False)
    heard = await listen(bench.open(), all_of(f"dm:{dm.id}"))
    [post] = [each for each in heard.changes if isinstance(each, Post)]
    assert post.own
    assert post.to is not None
    assert post.to.handle == "carol"
