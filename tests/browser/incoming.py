"""Posts that come in while a browser looks."""

from __future__ import annotations

from earful.intake.channel import Channel
from earful.intake.receive import receive
from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.networks.contract import Batch, Change
from earful.settings import Settings
from earful.store.opening import open_store
from earful.stream.work import Works
from tests.browser.desk import Desk

FIND = """
SELECT * FROM channel WHERE $1 IN ('', handle) AND state <> 'off' ORDER BY created_at LIMIT 1
"""
CONNECT = """
INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id, state,
  created_at)
SELECT workspace_id, $1, $2, $3, $3, $3, inbox_id, 'held', now() FROM channel
ORDER BY created_at LIMIT 1
"""


async def connected(desk: Desk, network: str, handle: str) -> str:
    """A channel of `network` beside those the desk has, held: nobody asks the network for it."""
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(desk.folder)})
    channel_id = new_id()
    async with open_store(settings, size=2) as store, store.database.acquire() as db:
        await db.execute(CONNECT, channel_id, network, handle)
    return channel_id


async def come_in(desk: Desk, *changes: Change, handle: str = "") -> None:
    """Posts come in by the desk's first channel, or by the one called `handle`."""
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(desk.folder)})
    async with open_store(settings, size=2) as store:
        async with store.database.acquire() as db:
            row = await db.fetchrow(FIND, handle)
            assert row is not None
        channel = Channel(
            row["id"], row["network"], row["inbox_id"], row["handle"], row["external_id"]
        )
        works = Works(store.database, system_clock)
        batch = Batch(tuple(changes), {})
        await receive(works, row["workspace_id"], channel, batch, cursor=False)
