"""The whole way, once: a post on a simulated X is answered there, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from earful.accounts.secrets import Keyring
from earful.desk.connect import add_channel, probe
from earful.kit.clock import system_clock
from earful.networks.x.simulator import stage
from earful.networks.x.simulator.faults import Fault
from earful.store.pool import Database
from tests.cast import gather
from tests.networks.bluesky.test_first_answered_post import OPEN, SENT, Desk, until
from tests.networks.x.bench import Bench


@pytest.fixture
async def desk(database: Database, bench: Bench, tmp_path: Path) -> AsyncIterator[Desk]:
    """A workspace with one channel on X and a worker."""
    cast = await gather(database)
    keyring = Keyring.from_setting("a key for tests that is long enough")
    async with database.acquire() as db:
        await db.execute("DELETE FROM channel")
    account = await probe("x", {**bench.config, **bench.secrets}, system_clock)
    desk = Desk(cast, database, keyring, tmp_path)
    async with desk.works.open(cast.workspace_id, cast.alice) as work:
        await add_channel(work, keyring, account, cast.channel.inbox_id)
    await desk.start()
    yield desk
    await desk.stop()


async def test_a_mention_is_answered_on_x_once(desk: Desk, bench: Bench) -> None:
    asked = bench.says("@Northwind third call and still nothing")
    conversation = await until(lambda: desk.one(OPEN))
    assert conversation["contact_handle"] == "carol"

    await desk.answer(conversation["id"], "Three calls is three too many.")
    await until(lambda: desk.one(SENT))
    after = await desk.one("SELECT * FROM conversation WHERE workspace_id = $1")
    assert (after["status"], after["unanswered"]) == ("pending", 0)
    [answer] = [entry for entry in bench.world.ledger if entry.own and entry.kind == "post"]
    assert (answer.parent_id, answer.by_api) == (asked, True)
    assert answer.text.endswith("Three calls is three too many. ^BO")

    bench.says("@Northwind order 4471", reply_to=answer.id)
    again = await until(lambda: desk.one(OPEN))
    assert again["id"] == conversation["id"]
    assert again["preview"].endswith("order 4471")


async def test_a_private_message_is_answered_in_private(desk: Desk, bench: Bench) -> None:
    bench.writes("my address is ...")
    conversation = await until(lambda: desk.one(OPEN))
    assert conversation["visibility"] == "direct"
    await desk.answer(conversation["id"], "Thank you.")
    await until(lambda: desk.one(SENT))
    [answer] = [entry for entry in bench.world.ledger if entry.own and entry.kind == "dm"]
    assert answer.text.startswith("Thank you.")
    assert [entry for entry in bench.world.ledger if entry.own and entry.kind == "post"] == []


async def test_what_was_taken_away_is_gone_the_next_night(desk: Desk, bench: Bench) -> None:
    """X tells nobody that somebody else deleted a post: it is asked."""
    bench.state.faults.add(Fault("403", "compliance", 0))  # no batch job: post by post
    asked = bench.says("@Northwind I regret this")
    stays = bench.says("@Northwind and this not", by="dave")
    await until(lambda: desk.all(MESSAGES.format("count(*) = 2")))
    stage.delete(bench.world, asked)
    await desk.one("UPDATE channel SET created_at = now() - interval '2 days' "
                   "WHERE workspace_id = $1 RETURNING true")  # fmt: skip
    await desk.stop()
    await desk.start()  # a worker looks for channels whose turn was missed when it begins
    gone = await until(lambda: desk.one(MESSAGES.format("bool_or(deleted_at IS NOT NULL)")))
    assert gone is not None
    rows = await desk.all("SELECT external_id, deleted_at FROM message WHERE workspace_id = $1")
    assert {row["external_id"] for row in rows if row["deleted_at"]} == {asked}
    assert stays in {row["external_id"] for row in rows}


MESSAGES = "SELECT true FROM message WHERE workspace_id = $1 HAVING {}"
