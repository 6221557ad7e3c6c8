"""Mentions that are found while a browser looks."""

from __future__ import annotations

from earful.kit.clock import system_clock
from earful.listening.finding import hunt, keep, those_of
from earful.networks.contract import Batch, Person, Post
from earful.settings import Settings
from earful.store.opening import open_store
from earful.stream.work import Works
from tests.browser.desk import Desk

SEARCH = "SELECT * FROM saved_search WHERE name = $1"
CHANNEL = "SELECT * FROM channel WHERE workspace_id = $1 AND state <> 'off' ORDER BY created_at"
FORGET = "DELETE FROM mention"


def said(number: int, author: Person, text: str) -> Post:
    """A post that was not written to us."""
    return Post(
        external_id=f"heard-{number}",
        author=author,
        text=text,
        published_at=system_clock(),
        uri=f"https://town.example/{number}",
        addressed=False,
    )


async def hear(desk: Desk, name: str, *posts: Post) -> int:
    """The saved search of this name finds posts, as it does on a network. How many were new."""
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(desk.folder)})
    async with open_store(settings, size=2) as store:
        async with store.database.acquire() as db:
            search = await db.fetchrow(SEARCH, name)
            assert search is not None
            channel = await db.fetchrow(CHANNEL, search["workspace_id"])
        wanted = hunt(search["id"], search["query"], search["languages"])
        works = Works(store.database, system_clock)
        async with works.open(search["workspace_id"]) as work:
            return len(await keep(work, channel, wanted, those_of(wanted, Batch(posts, {}))))


async def forget_all(desk: Desk) -> None:
    """Leave no mention behind."""
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(desk.folder)})
    async with open_store(settings, size=2) as store, store.database.acquire() as db:
        await db.execute(FORGET)
