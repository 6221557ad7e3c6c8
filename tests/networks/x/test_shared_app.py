"""Two channels with one app: X allows it one stream, so one hears and the other says why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta

import pytest

from earful.networks.x import ears
from earful.networks.x.connector import XConnector
from earful.networks.x.simulator.state import State
from tests.networks.mastodon.bench import until
from tests.networks.x.bench import Bench


@pytest.fixture
async def other(state: State) -> AsyncIterator[Bench]:
    """The second channel."""
    made = Bench(state)
    yield made
    await made.close()


async def test_who_finds_no_room_says_so_and_asks(
    bench: Bench, other: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The clock here leaps on with every wait.
    monkeypatch.setattr(ears, "_ROOM_EVERY", timedelta(days=365))
    heard: dict[str, set[str]] = {"first": set(), "second": set()}

    async def listen(name: str, connector: XConnector) -> None:
        async with aclosing(connector.stream(None)) as batches:
            async for batch in batches:
                heard[name] |= {each.external_id for each in batch.changes}

    running = [
        asyncio.create_task(listen("first", bench.open(listen="mentions,stream"))),
        asyncio.create_task(listen("second", other.open(listen="mentions,stream"))),
    ]
    await until(lambda: any("Another channel" in words for words in told(bench, other)))
    asked = bench.says("@Northwind hello")
    await until(lambda: all(asked in ids for ids in heard.values()))
    lasting = bench.state.hub.streams.connections
    assert [one.reason for one in lasting if one.disconnected_at is None] == [""], "one holds it"
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def told(*benches: Bench) -> list[str]:
    """What the channels say now."""
    return [bench.memory.words[-1] for bench in benches if bench.memory.words]
