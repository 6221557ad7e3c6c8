"""Posts that come in while a browser looks."""

from __future__ import annotations

from earful.intake.channel import Channel
from earful.intake.receive import receive
from earful.kit.clock import system_clock
from earful.networks.contract import Batch, Change
from earful.settings import Settings
from earful.store.opening import open_store
from earful.stream.work import Works
from tests.browser.desk import Desk


async def come_in(desk: Desk, *changes: Change) -> None:
    """Posts come in by the desk's first channel."""
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(desk.folder)})
    async with open_store(settings, size=2) as store:
        async with store.database.acquire() as db:
            row = await db.fetchrow("SELECT * FROM channel ORDER BY created_at LIMIT 1")
            assert row is not None
        channel = Channel(
            row["id"], row["network"], row["inbox_id"], row["handle"], row["external_id"]
        )
        works = Works(store.database, system_clock)
        batch = Batch(tuple(changes), {})
        await receive(works, row["workspace_id"], channel, batch, cursor=False)
