"""Parents that nobody delivered are asked of the network, and the thread rejoins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from earful.networks.contract import Post
from earful.store.pool import Database
from earful.worker import parents
from earful.worker.desk import Shared
from earful.worker.parents import PutOff, look_up
from tests.cast import CAROL, Cast, post
from tests.desk.acts import home_of, rows, take
from tests.networks.rehearsal.serving import Server

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


async def orphan(cast: Cast, town: Server, text: str = "first") -> str:
    """A reply comes in whose parent stands in the town, unheard. Returns the parent's id."""
    entry = town.ask("/guests", text=text)
    reply = Post(
        external_id=f"reply-{entry['id']}",
        author=CAROL,
        text="@Northwind and now?",
        published_at=AT,
        parent_id=entry["id"],
        root_id=entry["id"],
    )
    await take(cast, reply)
    found: str = entry["id"]
    return found


async def looked(cast: Cast) -> list[Any]:
    return [row["parent_looked"] for row in await rows(cast, LOOKED)]


LOOKED = "SELECT parent_looked FROM message WHERE parent_external_id IS NOT NULL ORDER BY id"


async def test_the_thread_rejoins_and_the_parent_is_owed_nothing(
    cast: Cast, shared: Shared, town: Server
) -> None:
    parent = await orphan(cast, town)
    await look_up(shared, PutOff())
    assert await home_of(cast, parent) == await home_of(cast, f"reply-{parent}")
    [row] = await rows(cast, "SELECT disposition FROM message WHERE external_id = $1", parent)
    assert row["disposition"] == "context"
    [card] = await rows(cast, "SELECT unanswered FROM conversation WHERE merged_into IS NULL")
    assert card["unanswered"] == 1
    await look_up(shared, PutOff())
    assert len(await rows(cast, "SELECT 1 FROM message")) == 2


async def test_while_the_network_is_asked_no_transaction_is_open(
    cast: Cast, shared: Shared, town: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await orphan(cast, town)
    seen = []

    async def asked(shared: Shared, row: dict[str, Any]) -> None:
        del row
        async with cast.database.acquire() as db:
            seen.append(await db.fetchval(OPEN))

    monkeypatch.setattr(parents, "_told", asked)
    await look_up(shared, PutOff())
    assert seen == [0]


OPEN = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
  AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'
"""


async def test_a_network_that_fails_is_asked_again_three_times(
    cast: Cast, shared: Shared, town: Server
) -> None:
    parent = await orphan(cast, town)
    town.ask("/faults", on="lookup", kind="500", times=2)
    later = PutOff()
    for wait in (0, 59):
        cast.time.pass_(seconds=wait)
        await look_up(shared, later)
        assert await looked(cast) == [False]
    cast.time.pass_(seconds=1)
    await look_up(shared, later)
    cast.time.pass_(minutes=10)
    await look_up(shared, later)
    assert await home_of(cast, parent) == await home_of(cast, f"reply-{parent}")
    town.ask("/faults", on="lookup", kind="500", times=100)
    await orphan(cast, town, "second")
    for _ in range(5):
        await look_up(shared, later)
        cast.time.pass_(minutes=60)
    assert await looked(cast) == [True, True], "given up: the feed may still bring it"


async def test_one_that_can_not_be_taken_in_holds_up_no_other(
    cast: Cast, shared: Shared, town: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = await orphan(cast, town, "poison")
    good = await orphan(cast, town, "good")
    take_in = parents._take_in

    async def picky(shared: Shared, row: dict[str, Any], post: Post) -> None:
        if post.text == "poison":
            raise ValueError("no")
        await take_in(shared, row, post)

    monkeypatch.setattr(parents, "_take_in", picky)
    await look_up(shared, PutOff())
    assert await rows(cast, "SELECT 1 FROM message WHERE external_id = $1", bad) == []
    assert await home_of(cast, good) == await home_of(cast, f"reply-{good}")


async def test_what_is_gone_there_is_asked_for_once(
    cast: Cast, shared: Shared, town: Server, database: Database
) -> None:
    del database, town
    await take(cast, post("r1", "@Northwind hm", parent_id="nowhere", root_id="nowhere"))
    await look_up(shared, PutOff())
    assert await looked(cast) == [True]


def test_too_many_are_not_kept_in_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parents, "MOST_PUT_OFF", 2)
    later = PutOff()
    assert [later.put_off(key, AT) for key in "abc"] == [True, True, False]
    assert sorted(later.waiting(AT)) == ["a", "b"]
    later.forget("a")
    assert later.put_off("c", AT)
