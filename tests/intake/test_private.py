"""What is said in private stays apart from what the same person says in public."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from earful.desk.merge import merge
from earful.intake.receive import receive
from earful.kit.refusal import Refused
from earful.networks.contract import Batch, Person, Visibility
from earful.store.pool import Database
from tests.cast import CAROL, START, Cast, batch, gather, post

US = Person("did:us", "northwind.example", "Northwind")
DIRECT: dict[str, Any] = {"visibility": Visibility.DIRECT}


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


async def take(cast: Cast, *changes: Any) -> Any:
    return await receive(cast.works, cast.workspace_id, cast.channel, batch(*changes, cursor=1))


async def open_ones(cast: Cast) -> list[Any]:
    async with cast.database.acquire() as db:
        return list(
            await db.fetch(
                """SELECT * FROM conversation WHERE status <> 'resolved'
                   ORDER BY visibility DESC, opened_at, id"""
            )
        )


async def message(cast: Cast, external_id: str) -> Any:
    async with cast.database.acquire() as db:
        return await db.fetchrow("SELECT * FROM message WHERE external_id = $1", external_id)


async def test_one_person_may_wait_in_public_and_in_private_at_once(cast: Cast) -> None:
    await take(cast, post("1"), post("2", "my number is 0815", **DIRECT))
    await take(cast, post("3", "and my street", **DIRECT), post("4", "hello?"))
    public, private = await open_ones(cast)
    assert (public["visibility"], public["unanswered"]) == ("public", 2)
    assert (private["visibility"], private["unanswered"]) == ("direct", 2)
    assert "0815" not in public["preview"]


@pytest.mark.parametrize("link", ["parent_id", "root_id", "quoted_id"])
@pytest.mark.parametrize("together", [True, False])
async def test_a_private_answer_to_a_public_post_does_not_join_its_thread(
    cast: Cast, link: str, together: bool
) -> None:
    first, second = post("1"), post("2", "in confidence", **DIRECT | {link: "1"})
    if together:
        await take(cast, second, first)
    else:
        await take(cast, first)
        await take(cast, second)
    public, private = await open_ones(cast)
    assert (public["unanswered"], private["unanswered"]) == (1, 1)
    assert (await message(cast, "2"))["parent_id"] is None


async def test_nor_when_the_public_post_comes_late(cast: Cast) -> None:
    await take(cast, post("2", "in confidence", parent_id="1", **DIRECT))
    await take(cast, post("1"))
    assert [row["visibility"] for row in await open_ones(cast)] == ["public", "direct"]
    assert (await message(cast, "2"))["parent_id"] is None


async def test_private_and_public_are_not_merged_by_hand(cast: Cast) -> None:
    await take(cast, post("1"), post("2", **DIRECT))
    public, private = await open_ones(cast)
    with pytest.raises(Refused, match="private"):
        async with cast.works.open(cast.workspace_id, actor=cast.alice) as work:
            await merge(work, private["id"], public["id"])


async def test_our_own_private_message_stands_in_the_talk_and_answers_it(cast: Cast) -> None:
    await take(cast, post("1"), post("2", "my number is 0815", **DIRECT))
    own = post(
        "3",
        "We call you.",
        author=US,
        own=True,
        to=CAROL,
        published_at=START + timedelta(minutes=1),
        **DIRECT,
    )
    await take(cast, own)
    public, private = await open_ones(cast)
    assert (public["unanswered"], private["unanswered"]) == (1, 0)
    assert (await message(cast, "3"))["conversation_id"] == private["id"]
    assert (await message(cast, "2"))["disposition"] == "answered"


async def test_what_a_machine_wrote_is_owed_nothing(cast: Cast) -> None:
    assert (await take(cast, post("1", "I am away", automatic="out of office"))).new == 0
    await take(cast, post("2"))
    await take(cast, post("3", "I am away", parent_id="2", automatic="out of office"))
    [row] = await open_ones(cast)
    assert row["unanswered"] == 1
    kept = await message(cast, "3")
    assert (kept["disposition"], kept["extra"]) == ("context", {"automatic": "out of office"})


async def test_what_few_posts_have_is_told_with_them(cast: Cast) -> None:
    said: dict[str, Any] = {
        "subject": "My parcel",
        "warning": "blood",
        "whole": "Hi\n> you wrote",
        "barred": "not mentioned",
    }
    await take(cast, post("1", **said), post("2"))
    assert (await message(cast, "1"))["extra"] == said
    assert (await message(cast, "2"))["extra"] is None
    async with cast.database.acquire() as db:
        [told] = await db.fetch("SELECT data FROM event ORDER BY seq LIMIT 1")
        found = await db.fetchval(
            "SELECT count(*) FROM message WHERE search @@ to_tsquery('simple', 'parcel')"
        )
    assert told["data"]["messages"][0]["extra"] == said
    assert found == 1


async def test_a_batch_without_a_cursor_leaves_the_channels(cast: Cast) -> None:
    await take(cast, post("1"))
    await receive(cast.works, cast.workspace_id, cast.channel, Batch((post("2"),), None))
    async with cast.database.acquire() as db:
        assert await db.fetchval("SELECT cursor FROM channel") == {"at": 1}
        assert await db.fetchval("SELECT count(*) FROM message") == 2
