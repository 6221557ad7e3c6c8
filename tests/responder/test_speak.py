"""Who is told, who is not, once, and what becomes of what was said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from earful.accounts.secrets import Keyring
from earful.desk.preferring import live_in
from earful.desk.privacy import erase_person
from earful.desk.resolve import resolve
from earful.desk.settle import delivery_sent
from earful.desk.severity import set_severity
from earful.kit.ids import new_id
from earful.media.files import MediaFiles
from earful.networks.contract import Person, Published, Receipt
from earful.outbox import outcome, queue
from earful.promises.record import keeps_its_word
from earful.responder.forecast import forecast_of
from earful.responder.rules import Rules, Text, keep_rules
from earful.responder.staffing import counted, staffing
from earful.roster.shifts import Pattern
from earful.roster.shifts import add as add_shift
from earful.sla.calendar import NEVER, Calendar, Slot
from earful.sla.keeping import keep_hours
from earful.store.pool import Database
from earful.worker import responding
from earful.worker.desk import Shared
from tests.cast import CAROL, DAVE, START, Cast, gather, post
from tests.desk.acts import answer, card_of, home_of, rows, take

OFFICE = Calendar(week=(*((Slot(12 * 3600, 17 * 3600),),) * 5, (), ()))
"""Open from noon on; the cast's day is a Monday, nine o'clock."""
TEXTS = {
    "en": Text(promising="Hi {name}, a person answers by {time}.", plain="We will be back."),
    "de": Text(promising="Hallo {name}, ein Mensch antwortet bis {time}."),
}
SAID = """
SELECT text FROM message WHERE author_kind = 'system' AND direction = 'outgoing' ORDER BY id
"""


class Night:
    """An inbox that opens at noon, and its worker."""

    def __init__(self, cast: Cast, shared: Shared) -> None:
        self.cast, self.shared = cast, shared

    async def rules(self, calendar: Calendar = OFFICE, **more: Any) -> None:
        """Switch it on."""
        async with self.cast.works.open(self.cast.workspace_id, self.cast.alice) as work:
            hours = await keep_hours(work, "Office", calendar)
            wanted: dict[str, Any] = {"on": True, "texts": TEXTS, "hours_id": hours.id} | more
            rules = Rules(**wanted)
            await keep_rules(work, self.cast.channel.inbox_id, rules)

    async def work(self) -> list[str]:
        """One round of the worker. Returns what was ever said."""
        await responding.hear_on(self.shared)
        await responding.promises_due(self.shared)
        return [row["text"] for row in await rows(self.cast, SAID)]

    async def write(self, number: str, text: str = "@Northwind help", **more: Any) -> str:
        """Somebody writes now."""
        await take(self.cast, post(number, text, published_at=self.cast.time(), **more))
        return await home_of(self.cast, number)

    async def answered(self, home: str) -> None:
        """Bob's answer stands on the network."""
        delivery = await answer(self.cast, home)
        async with self.cast.works.open(self.cast.workspace_id) as work:
            await rows(self.cast, "UPDATE delivery SET state = 'undone' WHERE agent_id IS NULL "
                       "AND state = 'queued'")  # fmt: skip
            claimed = [one for one in await queue.claim(work) if one.id == delivery.id]
            receipt = Receipt((Published(f"r{delivery.id}", "", "x", {}),))
            assert await outcome.sent(work, claimed[0], receipt)
            await delivery_sent(work, claimed[0])


@pytest.fixture
async def night(database: Database, tmp_path: Path) -> Night:
    cast = await gather(database)
    keyring = Keyring(["a key for the tests of the responder, long enough"])
    return Night(cast, Shared(database, cast.time, keyring, MediaFiles(tmp_path)))


async def test_it_says_when_a_person_answers_and_who_waits_goes_on_waiting(night: Night) -> None:
    await night.rules()
    home = await night.write("1")
    assert await night.work() == ["Hi Carol Diaz, a person answers by 12:05 PM UTC."]
    card = await card_of(night.cast, home)
    assert (card.unanswered, card.status) == (1, "open")
    [promise] = await rows(night.cast, "SELECT kind, due_at, state FROM promise")
    assert (promise["kind"], promise["state"]) == ("answer", "open")
    assert promise["due_at"] == night.cast.time() + timedelta(hours=3, minutes=5)


async def test_once_per_person_and_spell(night: Night) -> None:
    await night.rules()
    await night.write("1")
    await night.write("2")
    await night.write("3", author=DAVE)
    assert len(await night.work()) == 2
    await night.write("4")
    assert len(await night.work()) == 2
    night.cast.time.pass_(hours=9)  # 18:00, closed again
    await night.write("5")
    assert (await night.work())[2].endswith("by Tuesday 12:05 PM UTC.")


async def test_what_usually_comes_meanwhile_and_is_more_urgent_makes_it_later(night: Night) -> None:
    await night.rules()
    cast = night.cast
    place = (cast.workspace_id, cast.channel.inbox_id)
    async with cast.database.acquire() as db:
        # Four weeks, and in each of them 40 posts on a Monday at eleven.
        await db.execute(
            """INSERT INTO inbound_hour (workspace_id, hour, inbox_id, posts)
               SELECT $1, $3::timestamptz - make_interval(weeks => n) + interval '2 hours', $2, 40
               FROM generate_series(1, 4) AS n""",
            *place,
            cast.time(),
        )
    await take(cast, post("0", "@Northwind help", DAVE, published_at=cast.time()))
    await night.write("1")
    await night.write("2", author=Person("did:eve", "eve.example", "Eve"))
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await set_severity(work, await home_of(cast, "0"), 2, "a lawyer")
        coming = await forecast_of(work, cast.channel.inbox_id, 4, "UTC")
        share = 1 / 3  # of those who wait, Dave alone is more urgent
        average = 160 / (28 - 2 / 24) * 7 / 168
        at_eleven = coming(cast.time() + timedelta(hours=2))
        assert at_eleven == pytest.approx(share * (160 + average) / (4 - 2 / 168 + 1), rel=0.01)
        assert coming(cast.time()) < 0.1
        calm = await forecast_of(work, cast.channel.inbox_id, 1, "UTC")
        assert calm(cast.time() + timedelta(hours=2)) == 0, (
            "nothing is more urgent than the gravest"
        )
    await night.write("3", author=Person("did:fay", "fay.example", "Fay"))
    assert (await night.work())[-1] == "Hi Fay, a person answers by 12:35 PM UTC."


async def test_where_a_person_answers_in_time_nothing_is_said(night: Night) -> None:
    await night.rules()
    night.cast.time.pass_(hours=4)  # 13:00, open
    await night.write("1")
    assert await night.work() == []
    assert await rows(night.cast, "SELECT 1 FROM promise") == []


@pytest.mark.parametrize(
    ("text", "author", "more"),
    [
        ("@Northwind help", Person("did:bot", "bot.example", "Bot", bot=True), {}),
        ("@Northwind help", Person("Northwind", "Northwind", "Northwind"), {}),
        ("@Northwind I am out of office", CAROL, {"automatic": "vacation"}),
        ("@Northwind my mother passed away", CAROL, {}),
        ("@Northwind I want to die", CAROL, {}),
        ("@Northwind STOP", CAROL, {}),
        ("nice weather", CAROL, {"addressed": False}),
    ],
    ids=["a bot", "ours", "a machine", "grief", "self-harm", "stop", "not to us"],
)
async def test_to_whom_nothing_is_said(
    night: Night, text: str, author: Person, more: dict[str, Any]
) -> None:
    await night.rules()
    await take(night.cast, post("1", text, author, published_at=night.cast.time(), **more))
    assert await night.work() == []
    assert await rows(night.cast, "SELECT 1 FROM promise") == []


async def test_grief_goes_to_a_person_at_once(night: Night) -> None:
    await night.rules()
    home = await night.write("1", "@Northwind how do I close the account? My mother passed away.")
    await night.work()
    card = await card_of(night.cast, home)
    assert (card.severity, card.severity_reason) == (2, "somebody died: a person at once")


@pytest.mark.parametrize("on", [True, False, None])
async def test_a_person_is_called_whether_or_not_anything_is_said(
    night: Night, on: bool | None
) -> None:
    if on is not None:
        await night.rules(on=on)
    calm = await night.write("1", "@Northwind how late are you open?", author=DAVE)
    home = await night.write("2", "@Northwind my grandma died")
    night.cast.time.pass_(hours=7)  # the worker was away: too late for a greeting, not for a person
    await night.work()
    card = await card_of(night.cast, home)
    assert (card.severity, card.severity_reason) == (2, "somebody died: a person at once")
    assert (await card_of(night.cast, calm)).severity == 4
    [line] = await rows(
        night.cast, "SELECT text FROM message WHERE direction = 'activity' AND text ~ 'severity'"
    )
    assert line["text"] == "Earful set severity 2"
    async with night.cast.works.open(night.cast.workspace_id, night.cast.bob) as work:
        await set_severity(work, home, 4, "spoke to her")
    await night.write("3", "@Northwind thank you")
    await night.work()
    # What somebody decided about it stays decided until more of it is written.
    assert (await card_of(night.cast, home)).severity == 4


async def test_what_was_written_long_ago_wakes_nobody(night: Night) -> None:
    old = post("1", "@Northwind my mum died", published_at=START - timedelta(days=30))
    await take(night.cast, old)
    await night.work()
    assert (await card_of(night.cast, await home_of(night.cast, "1"))).severity == 4


async def test_who_asked_for_it_is_left_alone_for_good(night: Night) -> None:
    await night.rules()
    await night.write("1", "@Northwind STOP")
    await night.work()
    night.cast.time.pass_(days=3)
    await night.write("2")
    assert await night.work() == []


async def test_off_and_without_a_text_it_is_silent(night: Night) -> None:
    await night.write("1")
    assert await night.work() == []
    await night.rules(on=False)
    await night.write("2", author=DAVE)
    assert await night.work() == []


async def test_where_no_time_is_known_none_is_promised(night: Night) -> None:
    await night.rules(hours_id=None)
    await night.write("1")
    assert await night.work() == ["We will be back."]
    assert await rows(night.cast, "SELECT 1 FROM promise") == []


async def test_in_their_language_with_its_own_words_for_the_time(night: Night) -> None:
    await night.rules(zone="Europe/Berlin")
    await night.write("1", language="de-AT")
    assert await night.work() == ["Hallo Carol Diaz, ein Mensch antwortet bis 13:05 MEZ."]


async def test_the_time_is_said_as_it_is_where_they_live(night: Night) -> None:
    await night.rules()
    home = await night.write("1")
    async with night.cast.works.open(night.cast.workspace_id, night.cast.bob) as work:
        await live_in(work, (await card_of(night.cast, home)).contact.id, "Asia/Tokyo")
    [said] = await night.work()
    assert said == "Hi Carol Diaz, a person answers by 9:05 PM (Tokyo)."
    # Who lives nowhere that is known is told in the inbox's own zone, by its name.
    await night.write("2", author=DAVE)
    assert (await night.work())[1].endswith("by 12:05 PM UTC.")


async def test_kept_by_the_first_answer_of_a_person(night: Night) -> None:
    await night.rules()
    home = await night.write("1")
    await night.work()
    night.cast.time.pass_(hours=3)
    await night.answered(home)
    await night.work()
    [promise] = await rows(night.cast, "SELECT state, done_at FROM promise")
    assert (promise["state"], promise["done_at"]) == ("kept", night.cast.time())


async def test_broken_when_nobody_came_and_the_error_is_measured_when_one_did(
    night: Night,
) -> None:
    await night.rules()
    home = await night.write("1")
    await night.work()
    night.cast.time.pass_(hours=4)
    await night.work()
    [promise] = await rows(night.cast, "SELECT state, done_at, due_at FROM promise")
    assert (promise["state"], promise["done_at"]) == ("broken", None)
    night.cast.time.pass_(minutes=30)
    await night.answered(home)
    await night.work()
    [promise] = await rows(night.cast, "SELECT state, done_at, due_at FROM promise")
    assert (promise["state"], promise["done_at"] - promise["due_at"]) == (
        "broken",
        timedelta(hours=1, minutes=25),
    )


async def test_it_stops_promising_what_it_lately_failed_to_keep(night: Night) -> None:
    await night.rules()
    for number in range(5):
        person = Person(f"did:{number}", f"p{number}.example", f"P{number}")
        await night.write(str(number), author=person)
    await night.work()
    night.cast.time.pass_(hours=9)
    said = await night.work()
    assert len(said) == 5
    async with night.cast.database.acquire() as db:
        ours = (night.cast.workspace_id, night.cast.channel.inbox_id)
        assert not await keeps_its_word(db, *ours, night.cast.time())
        assert await keeps_its_word(db, *ours, night.cast.time() + timedelta(days=15))
    await night.write("9", author=DAVE)
    assert (await night.work())[5:] == ["We will be back."]


async def test_a_worker_that_was_away_greets_nobody_belatedly(night: Night) -> None:
    await night.rules()
    await night.write("1")
    night.cast.time.pass_(minutes=11)
    assert await night.work() == []


async def test_an_import_of_old_posts_greets_nobody(night: Night) -> None:
    await night.rules()
    await take(night.cast, post("1", published_at=night.cast.time() - timedelta(days=30)))
    assert await night.work() == []


async def test_what_the_network_would_refuse_is_left_with_its_reason(night: Night) -> None:
    await night.rules()
    home = await night.write("1")
    await rows(night.cast, "UPDATE channel SET state = 'held', state_reason = 'Restored.'")
    assert await night.work() == []
    [line] = await rows(night.cast, "SELECT text FROM message WHERE text LIKE 'Not said%'")
    assert "held" in line["text"]
    assert (await card_of(night.cast, home)).unanswered == 1
    assert await rows(night.cast, "SELECT 1 FROM promise") == []


async def test_resolved_and_erased_leave_nothing(night: Night) -> None:
    await night.rules()
    home = await night.write("1")
    async with night.cast.works.open(night.cast.workspace_id, night.cast.bob) as work:
        await resolve(work, home, "spam", "spam")
    assert await night.work() == []
    async with night.cast.works.open(night.cast.workspace_id, night.cast.alice) as work:
        await erase_person(work, (await card_of(night.cast, home)).contact.id)
    assert await rows(night.cast, "SELECT 1 FROM responder_spell") == []


async def test_hours_without_an_open_minute_promise_nothing(night: Night) -> None:
    with pytest.raises(Exception, match="open"):
        await night.rules(Calendar(week=NEVER))


async def test_the_roster_says_who_is_there_once_there_is_one(night: Night) -> None:
    await night.rules()
    async with night.cast.works.open(night.cast.workspace_id, night.cast.alice) as work:
        await work.db.execute(
            """INSERT INTO shift (workspace_id, id, agent_id, zone, weekdays, opens, closes,
                 from_day, created_at)
               VALUES ($1, $2, $3, 'UTC', '{0,1,2,3,4}', 50400, 64800, '2026-11-02', $4)""",
            night.cast.workspace_id,
            new_id(),
            night.cast.bob.id,
            work.now,
        )
    await night.write("1")
    assert await night.work() == ["Hi Carol Diaz, a person answers by 2:05 PM UTC."]


async def test_two_shifts_of_hers_at_once_make_no_second_person(night: Night) -> None:
    bob = night.cast.bob
    assert bob.id is not None
    day = START.date()
    async with night.cast.works.open(night.cast.workspace_id, night.cast.alice) as work:
        for opens, closes in (("12:00", "17:00"), ("13:00", "18:00"), ("07:00", "08:00")):
            await add_shift(
                work,
                Pattern(agent_id=bob.id, opens=opens, closes=closes, from_day=day, until_day=day),
            )
        [span] = await staffing(work, night.cast.channel.inbox_id, None)
    noon = START + timedelta(hours=3)
    assert (span.start, span.end, span.agents) == (noon, noon + timedelta(hours=6), 1)


def test_people_are_counted_where_their_shifts_overlap() -> None:
    nine, noon = START, START + timedelta(hours=3)
    six = START + timedelta(hours=9)
    found = counted([(nine, six), (noon, six), (noon, noon + timedelta(hours=1))])
    assert [(span.start, span.agents) for span in found] == [
        (nine, 1),
        (noon, 3),
        (noon + timedelta(hours=1), 2),
    ]
    assert counted([]) == []


@pytest.mark.parametrize("rounds", [1, 2])
async def test_what_was_said_before_the_newest_message_counts(night: Night, rounds: int) -> None:
    await night.rules()
    home = await night.write("1", "@Northwind my mother passed away")
    if rounds > 1:
        assert await night.work() == []
    assert await night.write("2", "@Northwind her contract number is 1234") == home
    assert await night.work() == []
    assert (await card_of(night.cast, home)).severity == 2


async def test_who_says_stop_and_goes_on_was_heard(night: Night) -> None:
    await night.rules()
    await night.write("1", "@Northwind STOP")
    await night.write("2", "@Northwind where is my parcel")
    assert await night.work() == []


async def test_only_who_asks_to_be_left_alone_is(night: Night) -> None:
    await night.rules()
    await night.write("1", "@Northwind help")
    stop = post("2", "@Northwind STOP", DAVE, published_at=night.cast.time(), parent_id="1")
    await take(night.cast, stop)
    await night.work()
    left = await rows(
        night.cast,
        """SELECT h.handle FROM left_alone l JOIN contact_handle h
             ON h.workspace_id = l.workspace_id AND h.contact_id = l.contact_id""",
    )
    assert [row["handle"] for row in left] == [DAVE.handle]
