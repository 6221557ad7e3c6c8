"""Each command of the desk: what it does, what it refuses, and that nobody is dropped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from earful.conversations.states import GRAPH
from earful.desk.assign import assign
from earful.desk.bulk import Bulk, act_on_many
from earful.desk.merge import merge
from earful.desk.notes import add_note
from earful.desk.resolve import reopen, resolve, wait_for_customer
from earful.desk.severity import set_severity
from earful.desk.snooze import snooze, wake_due
from earful.desk.summary import LONGEST, set_summary
from earful.desk.tags import add_tag, remove_tag
from earful.desk.timers import act_on_time
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from tests.cast import DAVE, START, Cast, post
from tests.desk.acts import answer, balanced, card_of, home_of, rows, take

LATER = START + timedelta(hours=2)


async def asked(cast: Cast, external_id: str = "1", **more: Any) -> str:
    """Carol (or `author`) writes in."""
    await take(cast, post(external_id, **more))
    return await home_of(cast, external_id)


async def bob(cast: Cast, command: Any, *args: Any, **more: Any) -> Any:
    """Bob does it, in a transaction of his own."""
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        return await command(work, *args, **more)


async def refused(cast: Cast, command: Any, *args: Any, **more: Any) -> str:
    """Bob tries; the slug of the refusal."""
    with pytest.raises(Refused) as caught:
        await bob(cast, command, *args, **more)
    return caught.value.slug


async def put_into(cast: Cast, home: str, status: str) -> None:
    if status == "open":
        return
    if status == "snoozed":
        await bob(cast, snooze, home, LATER)
        return
    if status == "pending":
        async with cast.database.acquire() as db:
            await db.execute("UPDATE message SET disposition = 'answered'")
        await bob(cast, set_severity, home, 4)
        await bob(cast, wait_for_customer, home)
    else:
        await bob(cast, resolve, home, "solved", "said on the phone")


GOING = {
    "pending": lambda cast, home: bob(cast, wait_for_customer, home),
    "snoozed": lambda cast, home: bob(cast, snooze, home, LATER),
    "resolved": lambda cast, home: bob(cast, resolve, home, "solved", "a reason"),
    "open": lambda cast, home: bob(cast, reopen, home),
}


@pytest.mark.parametrize("before", GRAPH)
@pytest.mark.parametrize("after", GRAPH)
async def test_what_is_drawn_happens_and_what_is_not_is_refused(
    cast: Cast, before: str, after: str
) -> None:
    home = await asked(cast)
    await put_into(cast, home, before)
    assert (await card_of(cast, home)).status == before
    waits = (await card_of(cast, home)).unanswered
    drawn = after in GRAPH[before]
    if not drawn or (after == "pending" and waits):
        with pytest.raises(Refused):
            await GOING[after](cast, home)
        assert (await card_of(cast, home)).status == before
    else:
        assert (await GOING[after](cast, home)).status == after
    await balanced(cast)


async def test_what_stands_so_already_is_said_so(cast: Cast) -> None:
    home = await asked(cast)
    for then, words in (
        (reopen, "This conversation is open already."),
        (wait_for_customer, "This conversation is resolved. Reopen it first."),
    ):
        with pytest.raises(Refused, match=words):
            await bob(cast, then, home)
        if then is reopen:
            await bob(cast, resolve, home, "spam", "a bot")


async def test_silence_needs_a_reason(cast: Cast) -> None:
    home = await asked(cast)
    assert await refused(cast, resolve, home, "no_reply_needed") == "unanswered"
    assert await refused(cast, resolve, home, "no_reply_needed", " \n ") == "unanswered"
    card = await bob(cast, resolve, home, "no_reply_needed", "it was meant for another Northwind")
    assert (card.status, card.disposition, card.unanswered, card.clock) == (
        "resolved",
        "no_reply_needed",
        0,
        None,
    )
    [clock] = await rows(cast, "SELECT met_at, stopped_at FROM clock")
    assert (clock["met_at"], clock["stopped_at"]) == (None, START)
    [event] = await rows(cast, "SELECT data FROM event WHERE kind = 'conversation.resolved'")
    assert event["data"]["reason"] == "it was meant for another Northwind"


async def test_a_reason_for_what_was_seen_is_none_for_what_came_since(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    await take(cast, post("2", "and it burns", parent_id="1"))
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        with pytest.raises(Refused, match="wrote again"):
            await resolve(work, home, "no_reply_needed", "only thanks", 1)
        assert (await resolve(work, home, "no_reply_needed", "both read", 2)).unanswered == 0


@pytest.mark.parametrize("disposition", ["merged", "", "whatever", "answered"])
async def test_only_named_dispositions_end_a_conversation(cast: Cast, disposition: str) -> None:
    home = await asked(cast)
    assert await refused(cast, resolve, home, disposition, "a reason") == "invalid"


async def test_what_is_on_its_way_must_be_settled_before_the_end(cast: Cast) -> None:
    home = await asked(cast)
    await answer(cast, home)
    assert await refused(cast, resolve, home, "solved", "a reason") == "sending"


async def test_reopening_brings_back_what_the_last_end_set_aside(cast: Cast) -> None:
    home = await asked(cast)
    await bob(cast, resolve, home, "praise_noted", "kind words")
    cast.time.pass_(days=3)
    await take(cast, post("2", parent_id="1", published_at=cast.time()))
    await bob(cast, resolve, home, "no_reply_needed", "kind words again")
    card = await bob(cast, reopen, home)
    assert (card.status, card.unanswered, card.disposition) == ("open", 1, None)
    [old] = await rows(cast, "SELECT disposition FROM message WHERE external_id = '1'")
    assert old["disposition"] == "resolved"
    await balanced(cast)


async def test_a_second_open_conversation_of_one_person_is_refused(cast: Cast) -> None:
    home = await asked(cast)
    await bob(cast, resolve, home, "solved", "done")
    await asked(cast, "2")
    assert await refused(cast, reopen, home) == "rival"


async def test_a_snooze_ends_by_its_time(cast: Cast) -> None:
    home = await asked(cast)
    card = await bob(cast, snooze, home, LATER)
    assert (card.status, card.snoozed_until, card.unanswered) == ("snoozed", LATER, 1)
    assert await bob(cast, wake_due) == 0
    cast.time.now = LATER
    assert await bob(cast, wake_due) == 1
    card = await card_of(cast, home)
    assert (card.status, card.snoozed_until) == ("open", None)


async def test_a_snooze_ends_by_a_reply_in_any_case(cast: Cast) -> None:
    home = await asked(cast)
    await bob(cast, snooze, home, LATER, on_reply=False)
    await asked(cast, "2")
    assert (await card_of(cast, home)).status == "open"


@pytest.mark.parametrize(
    "until",
    [None, START, START - timedelta(days=1), START + timedelta(days=400), datetime(2026, 11, 3)],  # noqa: DTZ001
    ids=["never", "now", "past", "far", "naive"],
)
async def test_a_snooze_needs_an_end(cast: Cast, until: datetime | None) -> None:
    home = await asked(cast)
    assert await refused(cast, snooze, home, until, on_reply=False) == "invalid"


async def test_who_waits_is_not_snoozed_until_they_write_again(cast: Cast) -> None:
    home = await asked(cast)
    assert await refused(cast, snooze, home, None) == "unanswered"


async def test_bulk_cannot_drop_who_waits(cast: Cast) -> None:
    waits, answered = await asked(cast), await asked(cast, "2", author=DAVE)
    async with cast.database.acquire() as db:
        await db.execute(
            "UPDATE message SET disposition = 'answered' WHERE conversation_id = $1", answered
        )
    await bob(cast, add_tag, answered, "calm")
    order = Bulk(ids=[waits, answered, new_id()], act="resolve", disposition="solved")
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        done = await act_on_many(work, order, None)
    assert done.done == [answered]
    assert {one["id"] for one in done.refused} == set(order.ids) - {answered}
    assert (await card_of(cast, waits)).status == "open"
    await balanced(cast)


async def test_bulk_does_not_reach_into_other_inboxes(cast: Cast) -> None:
    home = await asked(cast)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        done = await act_on_many(work, Bulk(ids=[home], act="tag", tag="x"), frozenset())
    assert done.done == []
    assert (await card_of(cast, home)).tags == []


async def test_merge_keeps_everything(cast: Cast) -> None:
    home, other = await asked(cast), await asked(cast, "2", author=DAVE)
    await bob(cast, add_note, home, "he called twice", [cast.alice.id])
    sent = await answer(cast, home, undo_for=60)
    before = await rows(cast, "SELECT id FROM message")
    card = await bob(cast, merge, home, other)
    assert (card.unanswered, card.people, card.sending) == (2, 2, 1)
    source = await card_of(cast, home)
    assert (source.status, source.disposition, source.merged_into) == ("resolved", "merged", other)
    kept = await rows(
        cast, "SELECT id FROM message WHERE conversation_id = $1 AND direction <> 'activity'", other
    )
    assert {row["id"] for row in kept} <= {row["id"] for row in before}
    assert len(kept) == 4
    [delivery] = await rows(cast, "SELECT conversation_id FROM delivery WHERE id = $1", sent.id)
    assert delivery["conversation_id"] == other
    assert await refused(cast, reopen, home) == "merged"
    assert await refused(cast, merge, other, home) == "merged"
    assert await refused(cast, merge, other, other) == "invalid"
    await balanced(cast)


@pytest.mark.parametrize("status", ["snoozed", "pending"])
async def test_who_waits_does_not_vanish_into_a_quiet_conversation(cast: Cast, status: str) -> None:
    quiet = await asked(cast, "1", author=DAVE)
    await put_into(cast, quiet, status)
    home = await asked(cast, "2")
    card = await bob(cast, merge, home, quiet)
    assert (card.status, card.unanswered) == ("open", 2 if status == "snoozed" else 1)


async def test_who_waits_is_not_merged_into_a_resolved_one(cast: Cast) -> None:
    done = await asked(cast, "1", author=DAVE)
    await bob(cast, resolve, done, "solved", "done")
    assert await refused(cast, merge, await asked(cast, "2"), done) == "unanswered"


async def test_the_clock_belongs_to_who_waits_longest(cast: Cast) -> None:
    home = await asked(cast)
    cast.time.pass_(minutes=8)
    await take(cast, post("2", author=DAVE, parent_id="1", published_at=cast.time()))
    card = await card_of(cast, home)
    assert card.clock is not None
    assert card.clock.due_at == START + timedelta(minutes=60)
    async with cast.database.acquire() as db:
        await db.execute(
            "UPDATE message SET disposition = 'answered', settled_at = $1 WHERE external_id = '1'",
            cast.time(),
        )
    card = await bob(cast, set_severity, home, 3)
    assert card.clock is not None
    assert card.clock.due_at == START + timedelta(minutes=18)
    met = await rows(cast, "SELECT met_at FROM clock WHERE stopped_at IS NOT NULL")
    assert [row["met_at"] for row in met] == [START + timedelta(minutes=8)]


async def test_a_clock_that_runs_out_says_so_once(cast: Cast) -> None:
    await asked(cast)
    cast.time.pass_(minutes=60)
    assert [await bob(cast, act_on_time) for _ in range(2)] == [1, 0]


async def test_a_conversation_goes_to_somebody_who_sees_it(cast: Cast) -> None:
    home = await asked(cast)
    assert (await bob(cast, assign, home, cast.bob.id)).assignee_id == cast.bob.id
    assert (await bob(cast, assign, home, None)).assignee_id is None
    with pytest.raises(NotFound):
        await bob(cast, assign, home, new_id())
    async with cast.database.acquire() as db:
        await db.execute(
            "INSERT INTO inbox_member (workspace_id, inbox_id, agent_id) VALUES ($1, $2, $3)",
            cast.workspace_id,
            cast.channel.inbox_id,
            cast.alice.id,
        )
    assert await refused(cast, assign, home, cast.bob.id) == "invalid"
    assert (await bob(cast, assign, home, cast.alice.id)).assignee_id == cast.alice.id


async def test_tags_and_severity_have_bounds(cast: Cast) -> None:
    home = await asked(cast)
    for number in range(20):
        await bob(cast, add_tag, home, f"tag {number}")
    assert await refused(cast, add_tag, home, "one more") == "too-many"
    assert await refused(cast, add_tag, home, "  ") == "empty"
    card = await bob(cast, remove_tag, home, "tag 3")
    assert len(card.tags) == 19
    for severity in (0, 6, -1, 10**12):
        assert await refused(cast, set_severity, home, severity) == "invalid"


async def test_notes_name_colleagues_only(cast: Cast) -> None:
    home = await asked(cast)
    await bob(cast, add_note, home, "look", [cast.alice.id, new_id()])
    [note] = await rows(cast, "SELECT mentions, visibility FROM message WHERE direction = 'note'")
    assert (note["mentions"], note["visibility"]) == ([cast.alice.id], "internal")
    assert await refused(cast, add_note, home, "\x00 \n", []) == "empty"
    assert await refused(cast, add_note, home, "x" * 20_001, []) == "too-long"


async def test_a_command_on_nothing_finds_nothing(cast: Cast) -> None:
    assert await refused(cast, wait_for_customer, new_id()) == "not-found"


async def test_a_case_is_summed_up_in_one_line(cast: Cast) -> None:
    home = await asked(cast)
    assert (await bob(cast, set_summary, home, " Router down\nsince Monday ")).summary == (
        "Router down since Monday"
    )
    assert (await bob(cast, set_summary, home, "x" * LONGEST)).summary == "x" * LONGEST
    assert await refused(cast, set_summary, home, "x" * (LONGEST + 1)) == "too-long"
    assert (await card_of(cast, home)).summary == "x" * LONGEST
    assert (await bob(cast, set_summary, home, "")).summary == ""
