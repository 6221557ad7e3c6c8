"""Posts of anybody by their words: asked of the real network's AppView."""

from __future__ import annotations

import asyncio

from earful.networks.contract import Post, Searches, Sought
from tests.networks.bluesky.bench import WITHIN, Bench
from tests.networks.bluesky.network import Account


async def test_words_are_found_and_the_cursor_goes_on(
    bench: Bench, carol: Account, brand: Account
) -> None:
    assert isinstance(bench.connector, Searches)
    made = await carol.post("The zephyrline parcel shop is shut again")
    sought = Sought(ways=(("zephyrline",), ("quillwright",)))
    async with asyncio.timeout(WITHIN):
        batch = await bench.connector.search(sought, None)
        while not batch.changes:  # the index is a moment behind
            await asyncio.sleep(0.3)
            batch = await bench.connector.search(sought, None)
    [found] = batch.changes
    assert isinstance(found, Post)
    assert (found.external_id, found.addressed, found.own) == (made["uri"], False, False)
    assert batch.cursor
    assert batch.cursor["until"]
