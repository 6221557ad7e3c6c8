"""The whole way, once: a post on a real Bluesky network is answered there, once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from earful.accounts.secrets import Keyring
from earful.composing.reply import Reply, Signer, reply
from earful.composing.writing import Picture
from earful.desk.connect import add_channel, probe
from earful.kit.clock import system_clock
from earful.media.files import MediaFiles
from earful.settings import Settings
from earful.store.pool import Database
from earful.stream.work import Works
from earful.worker.desk import Shared
from earful.worker.run import run_worker
from tests.cast import Cast, gather
from tests.networks.bluesky.network import Account, BlueskyNetwork, mention

PATIENCE = 30.0


async def until(find: Callable[[], Awaitable[Any]]) -> Any:
    """What `find` answers once it answers something, within PATIENCE seconds."""
    async with asyncio.timeout(PATIENCE):
        for pause in itertools.repeat(0.05):
            if found := await find():
                return found
            await asyncio.sleep(pause)
    return None


class Desk:
    """A workspace with one Bluesky channel and a worker that can be stopped and started."""

    def __init__(self, cast: Cast, database: Database, keyring: Keyring, folder: Path) -> None:
        self.cast = cast
        self.works = Works(database, system_clock)
        self._keyring = keyring
        self.media = MediaFiles(folder / "media")
        self._settings = Settings.from_env({"EARFUL_DATA_DIR": str(folder)})
        self._database = database
        self._running: tuple[Shared, asyncio.Task[None]] | None = None

    async def start(self) -> None:
        shared = Shared(self._database, system_clock, self._keyring, self.media)
        self._running = (shared, asyncio.create_task(run_worker(shared, self._settings)))

    async def stop(self) -> None:
        if self._running:
            shared, task = self._running
            self._running = None
            shared.stopping.set()
            shared.wake()
            await task

    async def one(self, sql: str) -> Any:
        async with self._database.acquire() as db:
            return await db.fetchrow(sql, self.cast.workspace_id)

    async def all(self, sql: str) -> list[Any]:
        async with self._database.acquire() as db:
            return list(await db.fetch(sql, self.cast.workspace_id))

    async def answer(self, conversation_id: str, text: str, *media: str) -> str:
        signer = Signer(self.cast.bob.id or "", "Bob", "bob", "BO", undo_for=0)
        asked = Reply(text=text, media=[Picture(one) for one in media])
        async with self.works.open(self.cast.workspace_id, self.cast.bob) as work:
            _, message = await reply(work, conversation_id, asked, signer)
        return message.id


@pytest.fixture
async def desk(
    database: Database, network: BlueskyNetwork, brand: Account, tmp_path: Path
) -> AsyncIterator[Desk]:
    cast = await gather(database)
    keyring = Keyring.from_setting("a key for tests that is long enough")
    async with database.acquire() as db:
        await db.execute("DELETE FROM channel")
    fields = {
        "service": network.pds,
        "handle": brand.handle,
        "app_password": brand.password,
        "firehose": network.pds.replace("http", "ws"),
        "pictures": "server",
    }
    account = await probe("bluesky", fields, system_clock)
    desk = Desk(cast, database, keyring, tmp_path)
    async with desk.works.open(cast.workspace_id, cast.alice) as work:
        await add_channel(work, keyring, account, cast.channel.inbox_id)
    await desk.start()
    yield desk
    await desk.stop()


OPEN = "SELECT * FROM conversation WHERE workspace_id = $1 AND status = 'open' AND unanswered > 0"
SENT = "SELECT * FROM delivery WHERE workspace_id = $1 AND state = 'sent'"


async def test_a_mention_is_answered_on_the_network_once(
    desk: Desk, network: BlueskyNetwork, brand: Account
) -> None:
    carol = await network.account("carol", "Carol")
    text = f"@{brand.handle} third call and still nothing #northwindfail"
    asked = await carol.post(text, facets=[mention(text, brand)])
    conversation = await until(lambda: desk.one(OPEN))
    assert conversation["contact_handle"] == carol.handle
    assert (conversation["severity"], conversation["unanswered"]) == (3, 1)
    assert conversation["due_at"] is not None

    await desk.answer(conversation["id"], "Three calls is three too many. I am on it.")
    await until(lambda: desk.one(SENT))
    after = await desk.one("SELECT * FROM conversation WHERE workspace_id = $1")
    assert (after["status"], after["unanswered"], after["due_at"]) == ("pending", 0, None)

    [answer] = await brand.posts()
    assert answer["value"]["text"] == "Three calls is three too many. I am on it. ^BO"
    assert answer["value"]["reply"]["parent"]["uri"] == asked["uri"]


async def test_what_comes_while_the_worker_is_down_is_not_lost_and_not_doubled(
    desk: Desk, network: BlueskyNetwork, brand: Account
) -> None:
    carol = await network.account("carol", "Carol")
    text = f"@{brand.handle} is anybody there?"
    await carol.post(text, facets=[mention(text, brand)])
    await until(lambda: desk.one(OPEN))
    await desk.stop()
    dave = await network.account("dave", "Dave")
    missed = f"@{brand.handle} hello from the outage"
    await dave.post(missed, facets=[mention(missed, brand)])
    await desk.start()
    handles = "SELECT contact_handle FROM conversation WHERE workspace_id = $1 ORDER BY opened_at"
    found = await until(lambda: _two(desk, handles))
    assert [row["contact_handle"] for row in found] == [carol.handle, dave.handle]
    texts = await desk.all("SELECT text FROM message WHERE workspace_id = $1 ORDER BY received_at")
    assert [row["text"] for row in texts] == [text, missed]


async def _two(desk: Desk, sql: str) -> list[Any]:
    rows = await desk.all(sql)
    return rows if len(rows) == 2 else []


async def test_the_customers_reply_returns_to_the_same_conversation(
    desk: Desk, network: BlueskyNetwork, brand: Account
) -> None:
    carol = await network.account("carol", "Carol")
    text = f"@{brand.handle} where is my parcel?"
    asked = await carol.post(text, facets=[mention(text, brand)])
    conversation = await until(lambda: desk.one(OPEN))
    await desk.answer(conversation["id"], "Which order is it?")
    await until(lambda: desk.one(SENT))
    [ours] = await brand.posts()
    parent = {"uri": ours["uri"], "cid": ours["cid"]}
    await carol.post("Order 4471", reply={"root": asked, "parent": parent})
    again = await until(lambda: desk.one(OPEN))
    assert again["id"] == conversation["id"]
    assert (again["unanswered"], again["preview"]) == (1, "Order 4471")
    kinds = await desk.all("SELECT kind FROM clock WHERE workspace_id = $1 ORDER BY started_at")
    assert [row["kind"] for row in kinds] == ["first_response", "next_response"]
