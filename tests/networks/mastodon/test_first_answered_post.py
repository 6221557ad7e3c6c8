"""The whole way, once: a post on a server that speaks Mastodon's API is answered there, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from earful.accounts.secrets import Keyring
from earful.desk.connect import add_channel, probe
from earful.kit.clock import system_clock
from earful.networks.conformance import Fault
from earful.store.pool import Database
from tests.cast import gather
from tests.networks.bluesky.test_first_answered_post import OPEN, SENT, Desk, until
from tests.networks.faulty_line import FaultyLine
from tests.networks.mastodon.server import Account, MockServer
from tests.networks.mastodon.village_server import VillageServer


@asynccontextmanager
async def desk_on(database: Database, url: str, token: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """A workspace with one Mastodon channel and a worker."""
    cast = await gather(database)
    keyring = Keyring.from_setting("a key for tests that is long enough")
    async with database.acquire() as db:
        await db.execute("DELETE FROM channel")
    fields = {"instance": url, "token": token}
    account = await probe("mastodon", fields, system_clock)
    desk = Desk(cast, database, keyring, tmp_path)
    async with desk.works.open(cast.workspace_id, cast.alice) as work:
        await add_channel(work, keyring, account, cast.channel.inbox_id)
    await desk.start()
    yield desk
    await desk.stop()


@pytest.fixture
async def desk(
    database: Database, mastodon: MockServer, brand: Account, tmp_path: Path
) -> AsyncIterator[Desk]:
    """A desk on the server that speaks the whole API."""
    async with desk_on(database, mastodon.url, brand.token, tmp_path) as made:
        yield made


async def test_a_mention_is_answered_on_the_server_once(
    desk: Desk, brand: Account, carol: Account
) -> None:
    asked = await carol.post(f"@{brand.acct} third call and still nothing")
    conversation = await until(lambda: desk.one(OPEN))
    assert conversation["contact_handle"] == carol.full

    await desk.answer(conversation["id"], "Three calls is three too many.")
    await until(lambda: desk.one(SENT))
    after = await desk.one("SELECT * FROM conversation WHERE workspace_id = $1")
    assert (after["status"], after["unanswered"]) == ("pending", 0)
    [answer] = await brand.posts()
    assert answer["in_reply_to_id"] == asked["id"]
    assert f"@{carol.acct} Three calls is three too many. ^BO" in answer["content"]

    await carol.post(f"@{brand.acct} order 4471", in_reply_to_id=answer["id"])
    again = await until(lambda: desk.one(OPEN))
    assert again["id"] == conversation["id"]
    assert again["preview"].endswith("order 4471")


async def test_a_direct_post_is_answered_directly(
    desk: Desk, brand: Account, carol: Account
) -> None:
    await carol.post(f"@{brand.acct} my address is ...", visibility="direct")
    conversation = await until(lambda: desk.one(OPEN))
    assert conversation["visibility"] == "direct"
    await desk.answer(conversation["id"], "Thank you.")
    await until(lambda: desk.one(SENT))
    [answer] = await brand.posts()
    assert (answer["visibility"], answer["mentions"][0]["id"]) == ("direct", carol.id)


async def test_an_answer_lost_on_a_server_that_ignores_the_key_stands_once(
    database: Database, village: VillageServer, northwind: Account, dana: Account, tmp_path: Path
) -> None:
    """It says yes and drops the connection: the desk looks, finds it, and sends no second one."""
    line = FaultyLine(village.url, strikes="POST /api/v1/statuses")
    await line.open()
    async with desk_on(database, line.url, northwind.token, tmp_path) as desk:
        shown = await desk.one("SELECT limits FROM channel WHERE workspace_id = $1")
        assert (shown["limits"]["length"], shown["limits"]["link_length"]) == (5000, 25)
        await dana.post(f"@{northwind.acct} my parcel?", visibility="direct")
        conversation = await until(lambda: desk.one(OPEN))
        async with line.fault(Fault.LOST_ANSWER):
            await desk.answer(conversation["id"], "It leaves today.")
            await until(lambda: desk.one(UNCERTAIN))
        sent = await until(lambda: desk.one(SENT))
        assert sent["attempts"] == 1
    [answer] = await northwind.posts()
    assert (answer["visibility"], answer["text"]) == (
        "direct",
        f"@{dana.acct} It leaves today. ^BO",
    )
    await line.close()


UNCERTAIN = "SELECT * FROM delivery WHERE workspace_id = $1 AND state = 'uncertain'"
