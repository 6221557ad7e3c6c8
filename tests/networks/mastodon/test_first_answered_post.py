"""The whole way, once: a post on a server that speaks Mastodon's API is answered there, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from earful.accounts.secrets import Keyring
from earful.desk.connect import add_channel, probe
from earful.kit.clock import system_clock
from earful.store.pool import Database
from tests.cast import gather
from tests.networks.bluesky.test_first_answered_post import OPEN, SENT, Desk, until
from tests.networks.mastodon.server import Account, MockServer


@pytest.fixture
async def desk(
    database: Database, mastodon: MockServer, brand: Account, tmp_path: Path
) -> AsyncIterator[Desk]:
    """A workspace with one Mastodon channel and a worker."""
    cast = await gather(database)
    keyring = Keyring.from_setting("a key for tests that is long enough")
    async with database.acquire() as db:
        await db.execute("DELETE FROM channel")
    fields = {"instance": mastodon.url, "token": brand.token}
    account = await probe("mastodon", fields, system_clock)
    desk = Desk(cast, database, keyring, tmp_path)
    async with desk.works.open(cast.workspace_id, cast.alice) as work:
        await add_channel(work, keyring, account, cast.channel.inbox_id)
    await desk.start()
    yield desk
    await desk.stop()


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
