"""Intake: each post once, in its conversation, and nothing stops the feed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from earful.conversations.rows import recount
from earful.intake import opening
from earful.intake.receive import receive
from earful.networks.contract import Deletion, Person, Unreadable
from earful.sla.clocks import keep_clocks
from earful.store.address import Addresses
from earful.store.pool import Database
from earful.stream.work import Works
from earful.triage import severity
from tests.cast import CAROL, DAVE, START, Cast, batch, gather, post

SLOW = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_sleep(NEW.text::float); RETURN NEW; END $$;
CREATE TRIGGER dawdle BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION dawdle();
"""
"""Each post takes the seconds that it says."""

ERIN = Person("did:erin", "erin.example", "Erin")


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


async def take(cast: Cast, *changes: Any, cursor: int = 1) -> Any:
    return await receive(
        cast.works, cast.workspace_id, cast.channel, batch(*changes, cursor=cursor)
    )


async def rows(cast: Cast, sql: str, *args: Any) -> list[Any]:
    async with cast.database.acquire() as db:
        return list(await db.fetch(sql, *args))


async def conversations(cast: Cast) -> list[Any]:
    return await rows(
        cast, "SELECT * FROM conversation WHERE merged_into IS NULL ORDER BY opened_at, id"
    )


async def test_a_post_opens_a_conversation_with_a_clock_of_ten_minutes(cast: Cast) -> None:
    assert (
        await take(cast, post("1", "@Northwind third call and still nothing #northwindfail"))
    ).new == 1
    [row] = await conversations(cast)
    assert (row["status"], row["unanswered"], row["severity"]) == ("open", 1, 3)
    assert row["due_at"] == START + timedelta(minutes=10)
    assert "#northwindfail" in row["severity_reason"]
    [event] = await rows(cast, "SELECT * FROM event")
    assert (event["seq"], event["kind"]) == (1, "conversation.opened")
    assert event["data"]["card"]["unanswered"] == 1
    assert event["data"]["messages"][0]["text"].startswith("@Northwind third call")


async def test_repeats_are_accepted_once_and_the_cursor_moves(cast: Cast) -> None:
    await take(cast, post("1"), post("1"), post("2", author=DAVE), cursor=1)
    again = await take(cast, post("2", author=DAVE), post("1"), cursor=2)
    assert (again.new, again.repeated) == (0, 2)
    assert len(await rows(cast, "SELECT id FROM message")) == 2
    [channel] = await rows(cast, "SELECT cursor FROM channel")
    assert channel["cursor"] == {"at": 2}


async def test_the_same_post_by_many_takers_at_once_is_one(cast: Cast) -> None:
    posts = [post(str(n), author=DAVE if n % 2 else CAROL) for n in range(20)]
    results = await asyncio.gather(*(take(cast, *posts) for _ in range(6)))
    assert sum(result.new for result in results) == 20
    assert len(await rows(cast, "SELECT id FROM message")) == 20
    assert len(await conversations(cast)) == 2


async def test_two_quick_posts_of_one_person_join(cast: Cast) -> None:
    await take(cast, post("1"), post("2", published_at=START + timedelta(seconds=20)))
    await take(cast, post("3", published_at=START + timedelta(seconds=40)))
    [row] = await conversations(cast)
    assert row["unanswered"] == 3


async def test_a_thread_stays_whole_with_several_people_in_it(cast: Cast) -> None:
    await take(cast, post("1"))
    await take(cast, post("2", "same here", author=DAVE, parent_id="1", root_id="1"))
    [row] = await conversations(cast)
    assert (row["people"], row["unanswered"]) == (2, 2)


async def test_a_thread_that_comes_in_one_batch_is_one_conversation(cast: Cast) -> None:
    angry = "same, third call and still nothing #northwindfail"
    await take(
        cast,
        post("2", angry, author=DAVE, parent_id="1", published_at=START - timedelta(hours=1)),
        post("3", "and another thing", parent_id="2", published_at=START + timedelta(minutes=1)),
        post("1"),
        post("4", "in a circle", author=ERIN, parent_id="5"),
        post("5", "in a circle", author=ERIN, parent_id="4"),
    )
    live = await conversations(cast)
    assert sorted((row["contact_handle"], row["people"], row["unanswered"]) for row in live) == [
        ("carol.example", 2, 3),
        ("erin.example", 1, 2),
    ]
    [first] = [row for row in live if row["people"] == 2]
    assert (first["severity"], first["preview"]) == (3, "and another thing")
    kinds = [row["kind"] for row in await rows(cast, "SELECT kind FROM event ORDER BY seq")]
    assert sorted(kinds) == ["conversation.opened"] * 2 + ["message.received"] * 3


async def test_what_a_new_conversation_says_is_what_a_recount_finds(cast: Cast) -> None:
    await take(
        cast,
        post("1", "two  words"),
        post("2", "context", author=DAVE, parent_id="1", addressed=False),
        post("3", "more", published_at=START - timedelta(days=1)),
    )
    before = [dict(row) for row in await conversations(cast)]
    async with cast.works.open(cast.workspace_id) as work:
        await recount(work, [row["id"] for row in before])
        await keep_clocks(work, [row["id"] for row in before])
    after = [dict(row) for row in await conversations(cast)]
    assert [row | {"version": 1} for row in after] == before


async def test_a_reply_before_its_parent_rejoins_late(cast: Cast) -> None:
    await take(cast, post("2", "and another thing", author=DAVE, parent_id="1"))
    await take(cast, post("1", author=CAROL))
    live = await conversations(cast)
    assert len(live) == 1
    assert live[0]["unanswered"] == 2
    [child] = await rows(cast, "SELECT parent_id FROM message WHERE external_id = '2'")
    assert child["parent_id"] is not None


async def test_reply_before_parent_in_reversed_batches_of_a_deep_thread(cast: Cast) -> None:
    chain = [post("0"), *(post(str(n), author=DAVE, parent_id=str(n - 1)) for n in range(1, 6))]
    for item in reversed(chain):
        await take(cast, item)
    live = await conversations(cast)
    assert [row["unanswered"] for row in live] == [6]


async def test_deleted_and_edited_posts_stay_as_facts(cast: Cast) -> None:
    await take(cast, post("1", "first"), post("2", "second", author=DAVE))
    cast.time.pass_(minutes=1)
    await take(
        cast,
        Deletion(external_id="1", at=START),
        post("2", "better", author=DAVE, edited_at=START + timedelta(seconds=30)),
    )
    one, two = await rows(cast, "SELECT * FROM message ORDER BY external_id")
    assert (one["deleted_at"], one["disposition"], one["text"]) == (START, "deleted", "first")
    assert (two["text"], two["disposition"]) == ("better", None)
    [revision] = await rows(cast, "SELECT text FROM message_revision")
    assert revision["text"] == "second"
    kinds = [row["kind"] for row in await rows(cast, "SELECT kind FROM event ORDER BY seq")]
    assert "message.deleted" in kinds
    assert "message.edited" in kinds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\x00b",
        "\ud800 lone",
        "👩‍👩‍👧‍👦" * 50,
        "\u202eמימין לשמאל",
        "x" * 1_000_000,
        "<script>alert(1)</script>",
    ],
    ids=["empty", "null", "surrogate", "emoji", "rtl", "1MB", "script"],
)
async def test_hostile_texts_are_taken_in(cast: Cast, text: str) -> None:
    assert (await take(cast, post("1", text))).new == 1
    [row] = await rows(cast, "SELECT text FROM message")
    assert "\x00" not in row["text"]
    assert len(row["text"]) <= 100_000


async def test_dates_from_the_future_are_clamped_and_from_the_past_are_kept(cast: Cast) -> None:
    await take(
        cast,
        post("1", published_at=START + timedelta(days=400)),
        post("2", author=DAVE, published_at=START - timedelta(days=400)),
    )
    await take(cast, post("3", author=ERIN, published_at=datetime(1, 1, 1, tzinfo=UTC)))
    future, past, first = await rows(cast, "SELECT published_at FROM message ORDER BY external_id")
    assert first["published_at"] == datetime(1970, 1, 1, tzinfo=UTC)
    assert future["published_at"] <= START + timedelta(seconds=1)
    assert past["published_at"] == START - timedelta(days=400)


async def test_a_post_that_cannot_be_taken_in_is_set_aside_and_the_rest_goes_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = severity.judge

    def judge(text: str) -> Any:
        if text == "poison":
            raise ValueError("cannot judge this")
        return honest(text)

    monkeypatch.setattr(opening, "judge", judge)
    people = [CAROL.__class__(f"p{n}", f"p{n}", "") for n in range(9)]
    posts = [post(str(n), "poison" if n == 4 else "hello?", author=people[n]) for n in range(9)]
    result = await take(cast, *posts, cursor=7)
    assert result.new == 8
    [aside] = await rows(cast, "SELECT * FROM set_aside")
    assert aside["external_id"] == "4"
    assert "cannot judge this" in aside["reason"]
    [channel] = await rows(cast, "SELECT cursor FROM channel")
    assert channel["cursor"] == {"at": 7}


async def test_a_batch_that_takes_too_long_is_halved_and_what_is_too_slow_alone_is_set_aside(
    cast: Cast, addresses: Addresses, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    await owner.execute(SLOW)
    hasty = await Database.connect(addresses, size=1, statement_for=0.5)
    people = [Person(f"p{n}", f"p{n}", "") for n in range(8)]
    texts = {2: "0.3", 5: "30", 7: "0.3"}  # seconds: two are too much together, one is alone
    posts = [post(str(n), texts.get(n, "0"), author=people[n]) for n in range(8)]
    result = await receive(
        Works(hasty, cast.time), cast.workspace_id, cast.channel, batch(*posts, cursor=7)
    )
    await hasty.close()
    assert result.new == 7
    [aside] = await rows(cast, "SELECT * FROM set_aside")
    assert (aside["external_id"], "QueryCanceled" in aside["reason"]) == ("5", True)
    [channel] = await rows(cast, "SELECT cursor FROM channel")
    assert channel["cursor"] == {"at": 7}


async def test_what_could_not_be_translated_is_kept_with_its_reason(cast: Cast) -> None:
    await take(cast, Unreadable(external_id="9", reason="no text", payload='{"a":1}'))
    [aside] = await rows(cast, "SELECT * FROM set_aside")
    assert aside["reason"] == "no text"


async def test_events_are_gapless_in_the_order_of_commits(cast: Cast) -> None:
    await asyncio.gather(
        *(take(cast, post(f"{n}", author=DAVE if n % 3 else CAROL)) for n in range(12))
    )
    seqs = [row["seq"] for row in await rows(cast, "SELECT seq FROM event ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_the_equation_holds(cast: Cast) -> None:
    await take(cast, post("1"), post("2", author=DAVE), post("3", author=DAVE, parent_id="2"))
    await take(cast, Deletion(external_id="3", at=START))
    [sums] = await rows(
        cast,
        """SELECT count(*) AS inbound, count(disposition) AS settled,
             (SELECT sum(unanswered) FROM conversation) AS open
           FROM message WHERE direction = 'incoming'""",
    )
    assert sums["inbound"] == sums["settled"] + sums["open"]


async def test_whether_an_account_is_a_bot_is_known_and_may_change(cast: Cast) -> None:
    await take(cast, post("1", author=msgspec.structs.replace(DAVE, bot=True)), post("2"))
    sql = "SELECT handle FROM contact_handle WHERE bot"
    assert [row["handle"] for row in await rows(cast, sql)] == [DAVE.handle]
    await take(cast, post("3", author=DAVE))
    assert await rows(cast, sql) == []


@pytest.mark.parametrize("order", [1, -1], ids=["after", "before"])
async def test_a_post_deleted_before_anybody_read_it_owes_no_answer(cast: Cast, order: int) -> None:
    await take(cast, *[post("1"), Deletion(external_id="1", at=START)][::order])
    [row] = await rows(cast, "SELECT deleted_at, disposition FROM message")
    assert (row["deleted_at"], row["disposition"]) == (START, "deleted")
    [home] = await conversations(cast)
    assert (home["unanswered"], home["due_at"]) == (0, None)
