"""What happens at once, late or out of order: nobody is hidden by it, and nothing undone."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from earful.desk.merge import merge
from earful.desk.resolve import reopen, resolve, wait_for_customer
from earful.desk.settle import delivery_sent, find_rival
from earful.desk.snooze import snooze
from earful.intake import match
from earful.intake.accept import accept
from earful.intake.channel import Channel
from earful.intake.receive import receive
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.networks.contract import Person, Published, Receipt, Visibility
from earful.outbox import outcome, queue
from earful.store.pool import Database
from tests.cast import DAVE, START, Cast, batch, gather, post
from tests.desk.acts import answer, balanced, home_of, rows, take
from tests.worker.waiting import eventually

US = Person("Northwind", "Northwind", "Northwind")
HIDDEN = "SELECT 1 FROM conversation WHERE unanswered > 0 AND status IN ('pending', 'resolved')"


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


async def by_bob(cast: Cast, act: Any, *args: Any) -> None:
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await act(work, *args)


async def another_handle(cast: Cast) -> Channel:
    """A second account of the same company, in the same inbox."""
    found = Channel(new_id(), "rehearsal", cast.channel.inbox_id, "Help", "Help")
    async with cast.database.transaction() as db:
        await db.execute(
            """INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id,
                 created_at) VALUES ($1, $2, $3, $4, $4, $4, $5, $6)""",
            cast.workspace_id,
            found.id,
            found.network,
            found.handle,
            found.inbox_id,
            START,
        )
    return found


@pytest.mark.parametrize("state", ["pending", "snoozed"])
async def test_who_writes_in_an_old_thread_wakes_her_open_conversation(
    cast: Cast, state: str
) -> None:
    await take(cast, post("1"))
    await by_bob(cast, resolve, await home_of(cast, "1"), "no_reply_needed", "sold out")
    await take(cast, post("2"))
    new = await home_of(cast, "2")
    await by_bob(cast, resolve, new, "no_reply_needed", "sold out too")
    await by_bob(cast, reopen, new)
    async with cast.database.acquire() as db:
        await db.execute("UPDATE message SET disposition = 'answered' WHERE external_id = '2'")
        await db.execute("UPDATE conversation SET unanswered = 0")
    await by_bob(cast, *((wait_for_customer, new) if state == "pending" else (snooze, new, None)))
    await take(cast, post("3", "and still nothing?", parent_id="1"))
    assert await home_of(cast, "3") == new
    [row] = await rows(cast, "SELECT status, unanswered FROM conversation WHERE id = $1", new)
    assert (row["status"], row["unanswered"]) == ("open", 1)
    assert await rows(cast, HIDDEN) == []
    await balanced(cast)


async def test_who_writes_in_two_old_threads_at_once_wakes_one_of_them(cast: Cast) -> None:
    for number in ("1", "2"):
        await take(cast, post(number))
        await by_bob(cast, resolve, await home_of(cast, number), "no_reply_needed", "sold out")
    async with cast.works.open(cast.workspace_id) as work:  # in one go: nothing is tried again
        both = (post("3", "hello?", parent_id="1"), post("4", "anybody?", parent_id="2"))
        await accept(work, cast.channel, batch(*both))
    assert await home_of(cast, "3") == await home_of(cast, "4")
    awake = await rows(cast, "SELECT unanswered FROM conversation WHERE status = 'open'")
    assert [row["unanswered"] for row in awake] == [2]
    await balanced(cast)


async def test_old_threads_in_public_and_in_private_wake_each_by_itself(cast: Cast) -> None:
    said = {"1": Visibility.PUBLIC, "2": Visibility.DIRECT}
    for number, where in said.items():
        await take(cast, post(number, visibility=where))
        await by_bob(cast, resolve, await home_of(cast, number), "no_reply_needed", "sold out")
    await take(
        cast, *(post(f"{n}-more", parent_id=n, visibility=where) for n, where in said.items())
    )
    for number in said:
        assert await home_of(cast, f"{number}-more") == await home_of(cast, number)
    assert len(await rows(cast, "SELECT FROM conversation WHERE status = 'open'")) == 2
    await balanced(cast)


@pytest.mark.parametrize("addressed", [True, False], ids=["owed", "context"])
async def test_a_reply_whose_thread_is_merged_away_meanwhile_goes_along(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, addressed: bool
) -> None:
    await take(cast, post("1"), post("2", author=DAVE))
    target, source = await home_of(cast, "1"), await home_of(cast, "2")
    honest = match._stand_in

    async def found_just_before(*args: Any) -> Any:
        found = await honest(*args)
        monkeypatch.setattr(match, "_stand_in", honest)
        await by_bob(cast, merge, source, target)
        return found

    monkeypatch.setattr(match, "_stand_in", found_just_before)
    await take(cast, post("3", "more of it", DAVE, parent_id="2", addressed=addressed))
    assert await home_of(cast, "3") == target
    [row] = await rows(cast, "SELECT * FROM conversation WHERE id = $1", source)
    assert (row["status"], row["unanswered"], row["merged_into"]) == ("resolved", 0, target)
    await balanced(cast)


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "told",
    [
        [("newest", 20), ("older", 10), ("first", None)],
        [("typo", None), ("newest", 20), ("older", 10)],
        [("newest", None), ("newest", 20), ("typo", 10)],
        [("typo", None), ("older", 10), ("newest", 20), ("older", 10), ("newest", 20)],
    ],
    ids=["edit-first", "reversed", "changed-back", "repeated"],
)
async def test_the_last_edit_stands_whatever_order_they_come_in(
    cast: Cast, told: list[tuple[str, int | None]]
) -> None:
    cast.time.pass_(minutes=1)
    for text, seconds in told:
        await take(cast, post("1", text, edited_at=at(seconds) if seconds else None))
    [row] = await rows(cast, "SELECT text, edited_at FROM message")
    assert (row["text"], row["edited_at"]) == ("newest", at(20))
    [event] = await rows(cast, "SELECT data FROM event ORDER BY seq DESC LIMIT 1")
    assert event["data"]["messages"][0]["edited_at"] == "2026-11-02T09:00:20Z"


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_post_that_names_two_handles_is_one_conversation_owed_one_answer(
    cast: Cast, at_once: bool
) -> None:
    """Both channels hear it, one after the other or at the same moment: it stands once."""
    other = await another_handle(cast)
    said = batch(post("1", "@Northwind @Help hello?"))
    hears = [
        receive(cast.works, cast.workspace_id, channel, said) for channel in (cast.channel, other)
    ]
    if at_once:
        await asyncio.gather(*hears)
    else:
        for hearing in hears:
            await hearing
    [card] = await rows(cast, "SELECT id, unanswered FROM conversation")
    assert card["unanswered"] == 1
    assert len(await rows(cast, "SELECT 1 FROM clock WHERE stopped_at IS NULL")) == 1
    delivery = await answer(cast, card["id"])
    async with cast.works.open(cast.workspace_id) as work:
        [claimed] = await queue.claim(work)
        assert claimed.id == delivery.id
        assert await outcome.sent(work, claimed, Receipt((Published("sent-1", "", "", {}),)))
        await delivery_sent(work, claimed)
    [card] = await rows(cast, "SELECT unanswered, status FROM conversation")
    assert card["unanswered"] == 0
    await balanced(cast)


async def test_what_one_handle_answers_waits_at_no_other(cast: Cast) -> None:
    other = await another_handle(cast)
    await take(cast, post("1", "@Northwind @Help hello?"))
    ours = post("ours", "hello Carol", US, parent_id="1", root_id="1")
    await receive(cast.works, cast.workspace_id, other, batch(ours))
    await take(cast, msgspec.structs.replace(ours, own=True))
    [row] = await rows(cast, "SELECT direction, author_kind FROM message WHERE external_id='ours'")
    assert (row["direction"], row["author_kind"]) == ("outgoing", "account")
    [row] = await rows(cast, "SELECT disposition FROM message WHERE external_id = '1'")
    assert row["disposition"] == "answered"


async def test_an_echo_that_another_handle_hears_first_waits_for_the_receipt(cast: Cast) -> None:
    other = await another_handle(cast)
    await take(cast, post("1", "@Northwind @Help hello?"))
    await answer(cast, await home_of(cast, "1"), "hello Carol")
    async with cast.works.open(cast.workspace_id) as work:
        assert len(await queue.claim(work)) == 1
    echo = post("ours", "hello Carol ^BO", US, parent_id="1", root_id="1")
    await receive(cast.works, cast.workspace_id, other, batch(echo))
    assert len(await rows(cast, "SELECT id FROM message WHERE direction <> 'activity'")) == 2
    assert len(await rows(cast, "SELECT number FROM own_aside")) == 1


async def test_a_post_whose_person_opens_another_meanwhile_is_taken_in_all_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(cast, post("1"))
    await by_bob(cast, resolve, await home_of(cast, "1"), "no_reply_needed", "sold out")
    honest = find_rival

    async def looked_just_before(*args: Any) -> Any:
        found = await honest(*args)
        monkeypatch.setattr("earful.intake.waking.find_rival", honest)
        await take(cast, post("2"))
        return found

    monkeypatch.setattr("earful.intake.waking.find_rival", looked_just_before)
    await take(cast, post("3", "and still nothing?", parent_id="1"))
    assert await home_of(cast, "3") == await home_of(cast, "2")
    assert await rows(cast, "SELECT reason FROM set_aside") == []
    await balanced(cast)


async def test_reopening_as_they_write_anew_is_refused_in_words(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    await by_bob(cast, resolve, home, "no_reply_needed", "sold out")
    honest = find_rival

    async def looked_just_before(*args: Any) -> Any:
        found = await honest(*args)
        monkeypatch.setattr("earful.desk.resolve.find_rival", honest)
        await take(cast, post("2"))
        return found

    monkeypatch.setattr("earful.desk.resolve.find_rival", looked_just_before)
    with pytest.raises(Refused) as refused:
        await by_bob(cast, reopen, home)
    assert refused.value.extra["conversation"] == await home_of(cast, "2")


async def test_a_merge_waits_for_an_outcome_that_is_being_recorded(cast: Cast) -> None:
    await take(cast, post("1"), post("2", author=DAVE))
    source, target = await home_of(cast, "1"), await home_of(cast, "2")
    await answer(cast, source)
    async with cast.works.open(cast.workspace_id) as work:
        [sending] = await queue.claim(work)
    async with cast.works.open(cast.workspace_id) as work:
        await outcome.sent(work, sending, Receipt((Published("ours", "", "", {}),)))
        merging = asyncio.create_task(by_bob(cast, merge, source, target))
        waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = user"

        async def somebody_waits() -> bool:
            return bool(await rows(cast, waits))

        await eventually(somebody_waits)
        await delivery_sent(work, sending)
    await merging
    [row] = await rows(cast, "SELECT conversation_id, state FROM delivery")
    assert (row["conversation_id"], row["state"]) == (target, "sent")
    await balanced(cast)
