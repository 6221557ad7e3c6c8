"""Listening by every way at once: nothing missed, nothing told twice, and words where X says no."""

from __future__ import annotations

from datetime import timedelta

import pytest

from earful.networks.contract import Deletion, Post, Reauthorize, Visibility
from earful.networks.x.simulator import control, stage
from earful.networks.x.simulator.faults import Fault
from earful.networks.x.simulator.streams import Spoiling
from tests.networks.x.bench import Bench, Heard, listen


def heard_all(*ids: str):  # type: ignore[no-untyped-def]
    return lambda heard: set(ids) <= set(heard.ids())


async def up(bench: Bench) -> None:
    """Wait until both streams are connected."""
    while len(bench.state.hub.streams.active()) < 2:
        await bench.memory.ports.wait(0.05)


async def quick(bench: Bench, write):  # type: ignore[no-untyped-def]
    """What the streams told of what `write` made, while asking has nothing to say."""
    bench.state.faults.add(Fault("503", "mentions", 0))
    bench.state.faults.add(Fault("503", "timeline", 0))
    bench.state.faults.add(Fault("503", "dm_read", 0))
    connector = bench.open()
    heard = Heard()
    made: list[str] = []
    import asyncio
    from contextlib import aclosing

    async def act() -> None:
        await up(bench)
        made.extend(write())

    async with asyncio.timeout(15), aclosing(connector.stream(None)) as batches:
        task = asyncio.create_task(act())
        async for batch in batches:
            heard.changes += batch.changes
            heard.cursor = batch.cursor
            if made and set(made) <= set(heard.ids()):
                break
        await task
    return heard


async def test_the_streams_tell_what_asking_can_not(bench: Bench) -> None:
    def write() -> list[str]:
        return [bench.says("@Northwind hello"), "dm:" + bench.writes("psst")]

    heard = await quick(bench, write)
    post = next(each for each in heard.changes if each.external_id == heard.ids()[0])
    assert isinstance(post, Post)
    assert heard.cursor == {}  # only asking proves that nothing is missing


async def test_everything_once_by_all_ways(bench: Bench) -> None:
    bench.state.hub.streams.spoil(Spoiling(repeat=2, reorder=3))
    ids = [bench.says(f"@Northwind number {n}", by=f"c{n}") for n in range(30)]
    message = "dm:" + bench.writes("and in private")
    heard = await listen(bench.open(), heard_all(*ids, message))
    assert sorted(heard.ids()) == sorted([*ids, message])
    [private] = [each for each in heard.changes if each.external_id == message]
    assert isinstance(private, Post)
    assert private.visibility is Visibility.DIRECT
    assert private.author.handle == "carol"
