"""What starts, stops, holds and replaces a clock, and what it says when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from earful.desk.merge import merge
from earful.desk.resolve import reopen, resolve, wait_for_customer
from earful.desk.settle import delivery_sent
from earful.desk.severity import set_severity
from earful.desk.snooze import snooze, wake
from earful.desk.timers import act_on_time, begin_keeping
from earful.kit.ids import new_id
from earful.networks.contract import Person, Published, Receipt, Visibility
from earful.outbox import outcome, queue
from earful.sla.alarms import ring
from earful.sla.calendar import Calendar, Slot
from earful.sla.keeping import KeptPolicy, keep_hours, keep_policy
from earful.sla.terms import Match, Promise, Target, Terms
from tests.cast import DAVE, START, Cast, post
from tests.desk.acts import answer, card_of, home_of, rows, take

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
# Nine to ten and eleven to twelve, every day; the tests begin at nine.
HOURS = Calendar("UTC", ((Slot(32_400, 36_000), Slot(39_600, 43_200)),) * 7)


async def does(cast: Cast, command: Any, *args: Any, **more: Any) -> Any:
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        return await command(work, *args, **more)


async def promises(cast: Cast, policy_id: str | None = None, **terms: Any) -> KeptPolicy:
    """A policy for all: half an hour of business time unless said otherwise."""
    target = Target(terms.pop("within", 1800), terms.pop("counts", "business"))
    resolution = terms.pop("resolution", None)
    promise = Promise(first_response=target, next_response=target, resolution=resolution)
    terms.setdefault("severities", dict.fromkeys(range(1, 6), promise))
    terms.setdefault("name", "ours")
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        if "hours_id" not in terms:
            terms["hours_id"] = (await keep_hours(work, "Office", HOURS)).id
        kept = await keep_policy(work, Terms(**terms), policy_id)
    cast.time.pass_(seconds=2)  # every process knows by then
    return kept


async def carol_writes(cast: Cast, name: str = "1", **more: Any) -> str:
    more.setdefault("published_at", cast.time())
    await take(cast, post(name, "@Northwind hello", **more))
    return await home_of(cast, name)


async def clocks(cast: Cast, kind: str = "first_response") -> list[Any]:
    return await rows(cast, "SELECT * FROM clock WHERE kind = $1 ORDER BY id", kind)


async def said(cast: Cast) -> list[tuple[str, Any]]:
    """What the clocks said until now, with the instants they meant."""
    async with cast.works.open(cast.workspace_id) as work:
        await act_on_time(work)
    events = await rows(cast, "SELECT kind, data FROM event WHERE kind LIKE 'clock.%' ORDER BY seq")
    return [(event["kind"], event["data"]["clock"]["at"]) for event in events]


def at(cast_time: Any) -> str:
    return str(cast_time.isoformat().replace("+00:00", "Z"))


async def bob_answers(cast: Cast, home: str) -> None:
    made = await answer(cast, home)
    async with cast.works.open(cast.workspace_id) as work:
        [claimed] = await queue.claim(work, "w")
        assert claimed.id == made.id
        await outcome.sent(work, claimed, Receipt((Published("r" + claimed.id, "", "", {}),)))
        await delivery_sent(work, claimed)


async def test_each_point_is_told_once_and_the_limit_after_the_breach(cast: Cast) -> None:
    await carol_writes(cast)
    points = [(30, "warned"), (48, "warned"), (60, "breached"), (24 * 60, "overrun")]
    expected: list[tuple[str, str]] = []
    for minutes, kind in points:
        cast.time.now = START + minutes * MINUTE - timedelta(microseconds=1)
        assert await said(cast) == expected
        cast.time.now = START + minutes * MINUTE
        expected.append((f"clock.{kind}", at(cast.time.now)))
        assert await said(cast) == expected
        assert await said(cast) == expected
    [event] = await rows(cast, "SELECT * FROM event WHERE kind = 'clock.breached'")
    assert event["conversation_id"] is not None
    assert event["data"]["clock"]["policy"] == "standard"
    assert "card" not in event["data"]


async def test_of_points_that_passed_unseen_the_last_warning_or_the_breach_is_told(
    cast: Cast,
) -> None:
    await carol_writes(cast)
    cast.time.pass_(minutes=50)
    assert await said(cast) == [("clock.warned", at(START + 48 * MINUTE))]
    await carol_writes(cast, "2", author=DAVE)
    cast.time.pass_(hours=3)
    assert [kind for kind, _ in await said(cast)] == ["clock.warned"] + ["clock.breached"] * 2


async def test_two_workers_at_once_tell_each_clock_once(cast: Cast) -> None:
    for number in range(6):
        await carol_writes(cast, str(number), author=stranger(number))
    cast.time.pass_(hours=1)
    async with cast.works.open(cast.workspace_id) as one:
        assert await ring(one, 4) == 4
        async with cast.works.open(cast.workspace_id) as other:
            assert await ring(other) == 2
    assert len(await said(cast)) == 6
    told = await rows(
        cast, "SELECT DISTINCT data -> 'clock' ->> 'id' FROM event WHERE kind = 'clock.breached'"
    )
    assert len(told) == 6


async def test_a_clock_that_jumps_back_tells_nothing_again(cast: Cast) -> None:
    await carol_writes(cast)
    cast.time.pass_(hours=30)
    kinds = ["clock.breached", "clock.overrun"]
    assert [kind for kind, _ in await said(cast)] == kinds
    cast.time.now = START
    assert [kind for kind, _ in await said(cast)] == kinds
    cast.time.pass_(hours=40)
    assert [kind for kind, _ in await said(cast)] == kinds


async def test_a_clock_of_an_older_version_goes_on(cast: Cast) -> None:
    await carol_writes(cast)
    async with cast.database.acquire() as db:
        await db.execute("UPDATE clock SET next_at = NULL, severity = NULL")
        await begin_keeping(db)
    cast.time.pass_(hours=1)
    assert [kind for kind, _ in await said(cast)] == ["clock.breached"]


async def test_what_comes_from_public_to_private_is_a_next_response(cast: Cast) -> None:
    public = await carol_writes(cast)
    private = await carol_writes(cast, "dm", visibility=Visibility.DIRECT)
    [_, first] = await clocks(cast)
    assert first["conversation_id"] == private
    await does(cast, resolve, private, "no_reply_needed", "not now")
    async with cast.database.acquire() as db:
        await db.execute(
            """INSERT INTO move (workspace_id, id, from_id, to_id, contact_id, way, agent_id, state,
                 offered_at)
               SELECT workspace_id, $1, $2, id, contact_id, 'direct', $3, 'arrived', $4
               FROM conversation WHERE id = $5""",
            new_id(),
            public,
            cast.bob.id,
            cast.time(),
            private,
        )
    await does(cast, reopen, private)
    [running] = await clocks(cast, "next_response")
    assert running["conversation_id"] == private


async def test_business_time_stands_still_at_lunch(cast: Cast) -> None:
    kept = await promises(cast)
    cast.time.now = START + 50 * MINUTE
    home = await carol_writes(cast)
    card = await card_of(cast, home)
    assert card.clock is not None
    assert card.clock.due_at == START + 2 * HOUR + 20 * MINUTE
    assert card.clock.policy_id == kept.version_id
    cast.time.now = START + 2 * HOUR + 5 * MINUTE
    assert await said(cast) == [("clock.warned", at(START + 2 * HOUR + 5 * MINUTE))]


async def test_a_new_version_leaves_clocks_that_run_as_they_are(cast: Cast) -> None:
    first = await promises(cast, counts="calendar")
    home = await carol_writes(cast)
    started = cast.time()
    second = await promises(
        cast, first.id, within=60, counts="calendar", hours_id=first.terms.hours_id
    )
    other = await carol_writes(cast, "2", author=DAVE)
    assert second.version == 2
    dues = {row["conversation_id"]: row for row in await clocks(cast)}
    assert dues[home]["due_at"] == started + 30 * MINUTE
    assert dues[home]["policy_id"] == first.version_id
    assert dues[other]["due_at"] == cast.time() + MINUTE
    # A policy whose hours change has a new version of its own: the old one holds the old hours.
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await keep_hours(work, "Office", Calendar("UTC"), first.terms.hours_id)
    kept = await rows(cast, "SELECT version, terms FROM policy_version ORDER BY version")
    assert [row["version"] for row in kept] == [1, 2, 3]
    assert kept[1]["terms"]["calendar"]["week"] != kept[2]["terms"]["calendar"]["week"]


async def test_another_severity_replaces_the_clock_from_the_same_start(cast: Cast) -> None:
    home = await carol_writes(cast)
    cast.time.pass_(minutes=2)
    card = await does(cast, set_severity, home, 3)
    assert card.clock is not None
    assert card.clock.due_at == START + 10 * MINUTE
    cast.time.pass_(minutes=10)
    assert [kind for kind, _ in await said(cast)] == ["clock.breached"]
    # What was told of this wait is not told again; a target that is still to come is.
    await does(cast, set_severity, home, 2)
    assert len(await said(cast)) == 1
    await does(cast, set_severity, home, 4)
    cast.time.pass_(hours=1)
    assert [kind for kind, _ in await said(cast)] == ["clock.breached"] * 2
    ended = [row["ended_as"] for row in await clocks(cast)]
    assert ended == ["replaced", "replaced", "replaced", None]


async def test_a_worse_severity_that_is_late_already_is_told_at_once(cast: Cast) -> None:
    home = await carol_writes(cast)
    cast.time.pass_(minutes=20)
    await does(cast, set_severity, home, 1)
    assert await said(cast) == [("clock.breached", at(START + 5 * MINUTE))]


async def test_snoozing_holds_the_clock_only_where_the_policy_says_so(cast: Cast) -> None:
    home = await carol_writes(cast)
    card = await does(cast, snooze, home, START + 2 * HOUR)
    assert card.clock is not None
    assert card.clock.due_at == START + HOUR
    await promises(cast, counts="calendar", snoozed_pauses_response=True)
    start = cast.time()
    other = await carol_writes(cast, "2", author=DAVE)
    cast.time.pass_(minutes=10)
    assert (await does(cast, snooze, other, start + 2 * HOUR)).clock is None
    cast.time.pass_(hours=1)
    assert [kind for kind, _ in await said(cast)] == ["clock.breached"]  # Carol's, not Dave's
    card = await does(cast, wake, other)
    assert card.clock is not None
    assert card.clock.due_at == cast.time() + 20 * MINUTE
    cast.time.pass_(minutes=20)
    assert (await said(cast))[-1] == ("clock.breached", at(cast.time()))


async def test_who_is_answered_while_the_clock_stands_still_is_answered_in_time(
    cast: Cast,
) -> None:
    await promises(cast, counts="calendar", snoozed_pauses_response=True)
    home = await carol_writes(cast)
    cast.time.pass_(minutes=10)
    await does(cast, snooze, home, cast.time() + 9 * HOUR)
    cast.time.pass_(hours=3)
    await bob_answers(cast, home)
    [clock] = await clocks(cast)
    assert (clock["met_at"], clock["ended_as"]) == (cast.time(), "answered")
    assert clock["due_at"] == cast.time()
    assert await said(cast) == []
    # Whose time was up before it was set aside was late, and stays so.
    other = await carol_writes(cast, "2", author=DAVE)
    cast.time.pass_(hours=2)
    assert [kind for kind, _ in await said(cast)][-1] == "clock.breached"
    await does(cast, snooze, other, cast.time() + 9 * HOUR)
    cast.time.pass_(hours=3)
    await bob_answers(cast, other)
    late = (await clocks(cast))[-1]
    assert late["met_at"] - late["due_at"] > 4 * HOUR


async def test_an_answer_meets_the_clock_and_the_next_wait_is_a_next_response(cast: Cast) -> None:
    home = await carol_writes(cast)
    cast.time.pass_(minutes=20)
    await bob_answers(cast, home)
    [first] = await clocks(cast)
    assert (first["met_at"], first["ended_as"]) == (cast.time(), "answered")
    cast.time.pass_(minutes=20)
    assert await carol_writes(cast, "2", parent_id="r") in {home, await home_of(cast, "2")}
    assert await said(cast) == []
    [second] = await clocks(cast, "next_response")
    assert (second["started_at"], second["due_at"]) == (cast.time(), cast.time() + HOUR)


async def test_reopening_promises_anew_and_a_later_message_starts_a_clock(cast: Cast) -> None:
    home = await carol_writes(cast)
    await does(cast, resolve, home, "no_reply_needed", "meant for others")
    cast.time.pass_(hours=5)
    card = await does(cast, reopen, home)
    assert card.clock is not None
    assert (card.clock.started_at, card.clock.due_at) == (cast.time(), cast.time() + HOUR)
    assert card.waiting_since == START
    assert await said(cast) == []
    first, second = await clocks(cast)
    assert (first["ended_as"], first["met_at"]) == ("resolved", None)
    assert second["waits_since"] == START
    # A command that changes nothing of the wait leaves the clock alone.
    await does(cast, snooze, home, cast.time() + HOUR)
    assert len(await clocks(cast)) == 2


async def test_merging_keeps_the_longest_wait_and_tells_no_breach_twice(cast: Cast) -> None:
    source = await carol_writes(cast)
    cast.time.pass_(minutes=55)
    target = await carol_writes(cast, "2", author=DAVE)
    cast.time.pass_(minutes=10)
    assert [kind for kind, _ in await said(cast)] == ["clock.breached"]
    card = await does(cast, merge, source, target)
    assert card.clock is not None
    assert (card.clock.started_at, card.clock.due_at) == (START, START + HOUR)
    cast.time.pass_(hours=2)
    assert [kind for kind, _ in await said(cast)] == ["clock.breached"]
    ended = sorted(str(row["ended_as"]) for row in await clocks(cast))
    assert ended == ["None", "merged", "replaced"]


async def test_old_posts_of_an_import_are_history_and_silent(cast: Cast) -> None:
    old = START - timedelta(days=3)
    for number in range(20):
        author = stranger(number)
        await take(cast, post(f"old{number}", "@Northwind hello", author, published_at=old))
    recent = await carol_writes(cast, "new", published_at=START - 2 * HOUR)
    kept = await clocks(cast)
    past = [row for row in kept if row["conversation_id"] != recent]
    assert {(row["started_at"], row["breached_at"], row["next_at"]) for row in past} == {
        (old, old + HOUR, None)
    }
    card = await card_of(cast, past[0]["conversation_id"])
    assert card.clock is not None
    assert card.clock.due_at == old + HOUR
    cast.time.pass_(days=2)
    assert {kind for kind, _ in await said(cast)} == {"clock.breached", "clock.overrun"}
    events = await rows(
        cast, "SELECT DISTINCT conversation_id FROM event WHERE kind LIKE 'clock.%'"
    )
    assert [event["conversation_id"] for event in events] == [recent]
    # It is answered like any other, and its clock ends.
    await does(cast, resolve, past[0]["conversation_id"], "no_reply_needed", "long ago")
    [ended] = await rows(
        cast, "SELECT ended_as FROM clock WHERE conversation_id = $1", past[0]["conversation_id"]
    )
    assert ended["ended_as"] == "resolved"


def stranger(number: int) -> Person:
    return Person(f"p{number}", f"p{number}", f"P{number}")


async def test_resolution_is_counted_to_the_last_one_and_waits_for_the_customer(
    cast: Cast,
) -> None:
    await promises(cast, counts="calendar", resolution=Target(4 * 3600))
    start = cast.time()
    home = await carol_writes(cast)
    [running] = await clocks(cast, "resolution")
    assert (running["started_at"], running["due_at"]) == (start, start + 4 * HOUR)
    cast.time.pass_(hours=1)
    async with cast.database.acquire() as db:
        await db.execute(
            "UPDATE message SET disposition = 'answered', settled_at = $1", cast.time()
        )
        await db.execute("UPDATE conversation SET unanswered = 0")
    await does(cast, wait_for_customer, home)
    [held] = await clocks(cast, "resolution")
    assert (held["next_at"], held["left_for"]) == (None, 3 * HOUR)
    cast.time.pass_(hours=10)
    await does(cast, reopen, home)
    [running] = await clocks(cast, "resolution")
    assert running["due_at"] == cast.time() + 3 * HOUR
    cast.time.pass_(hours=1)
    await does(cast, resolve, home, "solved", "done")
    [ended] = await clocks(cast, "resolution")
    assert (ended["met_at"], ended["ended_as"]) == (cast.time(), "resolved")
    cast.time.pass_(days=1)
    await does(cast, reopen, home)
    again = (await clocks(cast, "resolution"))[1]
    assert again["due_at"] == cast.time() + 2 * HOUR
    cast.time.pass_(hours=2)
    assert (await said(cast))[-1] == ("clock.breached", at(cast.time()))


async def test_policies_know_contacts_by_their_tags_and_messages_by_their_language(
    cast: Cast,
) -> None:
    def all_in(seconds: float) -> dict[int, Promise]:
        return dict.fromkeys(range(1, 6), Promise(first_response=Target(seconds)))

    home = await carol_writes(cast)
    await does(cast, resolve, home, "no_reply_needed", "meant for others")
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        contact = await work.db.fetchval("SELECT contact_id FROM conversation")
        await work.db.execute(
            "INSERT INTO contact_tag (workspace_id, contact_id, tag) VALUES ($1, $2, 'vip')",
            cast.workspace_id,
            contact,
        )
        await keep_policy(work, Terms("vip", all_in(60), match=Match(contact_tags=("vip",))))
        await keep_policy(work, Terms("de", all_in(120), match=Match(languages=("DE",))))
    cast.time.pass_(hours=1)
    special = await carol_writes(cast, "2")
    german = await carol_writes(cast, "3", author=DAVE, language="de-CH")
    other = await carol_writes(cast, "4", author=stranger(4), language="en")
    dues = [(await card_of(cast, key)).clock for key in (special, german, other)]
    assert [due and due.due_at - cast.time() for due in dues] == [MINUTE, 2 * MINUTE, HOUR]
