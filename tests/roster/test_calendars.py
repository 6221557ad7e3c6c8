"""Calendar files in and out: what can be a shift becomes one, the rest is said in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from earful.kit.refusal import NotFound, Refused
from earful.roster import calendar_out
from earful.roster.calendar_in import Read, read
from earful.roster.duties import Duty
from earful.roster.shifts import Pattern
from tests.cast import Cast
from tests.desk.acts import rows
from tests.roster.conftest import on

ZONE = """BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:20001029T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20000326T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
"""
NINE = "DTSTART;TZID=Europe/Berlin:20261102T090000\nDTEND;TZID=Europe/Berlin:20261102T170000\n"
TUESDAY = NINE.replace("20261102", "20261103")
NIGHT = "DTSTART;TZID=Europe/Berlin:20261102T220000\nDURATION:PT8H\n"


def file(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\nUID:u{n}\nSUMMARY:Event {n}\n{event.strip()}\nEND:VEVENT\n"
                   for n, event in enumerate(events))  # fmt: skip
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n")


def taken(*events: str, zone: str = "Europe/Berlin") -> Read:
    return read(file(*events), "bob", None, zone)


def one(event: str) -> Pattern:
    found = taken(event)
    assert found.troubles == []
    [shift] = found.shifts
    return shift


def why(event: str) -> str:
    found = taken(event)
    assert (found.shifts, found.absences) == ([], [])
    [trouble] = found.troubles
    return trouble.why


def test_a_single_shift_in_each_way_to_write_a_time() -> None:
    shift = one(NINE)
    assert (shift.zone, shift.opens, shift.closes) == ("Europe/Berlin", "09:00", "17:00")
    assert (shift.from_day, shift.until_day) == (date(2026, 11, 2), date(2026, 11, 2))
    utc = one("DTSTART:20261102T230000Z\nDTEND:20261103T010000Z")
    assert (utc.zone, utc.opens, utc.closes) == ("UTC", "23:00", "01:00")
    floating = one("DTSTART:20261102T090000\nDURATION:P1D")
    assert (floating.zone, floating.opens, floating.closes) == ("Europe/Berlin", "09:00", "09:00")
    windows = one(NINE.replace("Europe/Berlin", "W. Europe Standard Time"))
    assert windows == shift


def test_weeks_become_repeating_shifts() -> None:
    week = one(NINE + "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2\n"
               "EXDATE;TZID=Europe/Berlin:20261116T090000,20261118T090000")  # fmt: skip
    assert (week.weekdays, week.every, week.until_day) == (("mon", "wed"), 2, None)
    assert week.skipped == (date(2026, 11, 16), date(2026, 11, 18))
    assert one(NINE + "RRULE:FREQ=WEEKLY").weekdays == ("mon",)
    assert one(NIGHT + "RRULE:FREQ=DAILY").weekdays == ()


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", date(2026, 11, 9)),
        ("FREQ=DAILY;COUNT=1", date(2026, 11, 2)),
        ("FREQ=WEEKLY;UNTIL=20261130", date(2026, 11, 30)),
        ("FREQ=DAILY;UNTIL=20261105T080000Z", date(2026, 11, 5)),
        ("FREQ=DAILY;UNTIL=20261105T070000Z", date(2026, 11, 4)),
    ],
)
def test_series_end(rule: str, last: date) -> None:
    assert one(NINE + f"RRULE:{rule}").until_day == last


def test_a_moved_day_leaves_its_series_and_more_days_are_single() -> None:
    moved = NINE.replace("T09", "T11").replace("20261102", "20261109")
    text = file(NINE + "RRULE:FREQ=WEEKLY\nRDATE;TZID=Europe/Berlin:20261105T090000",
                moved + "RECURRENCE-ID;TZID=Europe/Berlin:20261109T090000")  # fmt: skip
    week, extra, other = read(text.replace("UID:u1", "UID:u0"), "bob", None, "UTC").shifts
    assert week.skipped == (date(2026, 11, 9),)
    assert (extra.from_day, extra.until_day) == (date(2026, 11, 5), date(2026, 11, 5))
    assert (other.from_day, other.opens) == (date(2026, 11, 9), "11:00")


def test_whole_days_are_an_absence() -> None:
    [away] = taken("DTSTART;VALUE=DATE:20261223\nDTEND;VALUE=DATE:20270102").absences
    assert away.starts_at == datetime(2026, 12, 22, 23, tzinfo=UTC)
    assert away.ends_at == datetime(2027, 1, 1, 23, tzinfo=UTC)
    [day] = taken("DTSTART;VALUE=DATE:20261223").absences
    assert day.ends_at - day.starts_at == timedelta(days=1)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (NINE + "RRULE:FREQ=MONTHLY", "weekly"),
        (NINE + "RRULE:FREQ=WEEKLY;BYDAY=1MO", "plain weekdays"),
        (NINE + "RRULE:FREQ=WEEKLY;BYHOUR=3", "weekly"),
        (NINE + "RRULE:FREQ=SECONDLY", "weekly"),
        (NINE + "RRULE:FREQ=DAILY;COUNT=99999999", "1000 times"),
        (NINE + "RRULE:FREQ=WEEKLY;INTERVAL=53", "2 to 52"),
        (NINE + "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU;WKST=SU", "Monday"),
        # In the week that begins on a Sunday the Monday of this Tuesday's series is another one.
        (TUESDAY + "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU", "Monday"),
        (NINE.replace("Europe/Berlin", "Nowhere/Land"), "“Nowhere/Land” is not known"),
        ("DTSTART:20261102T090030Z\nDTEND:20261102T090045Z", "longer than nothing"),
        (NINE + "RRULE:FREQ=WEEKLY;UNTIL=20250101", "before it begins"),
        (NINE + "STATUS:CANCELLED", "cancelled"),
        ("DTSTART:20261102T090000Z\nDTEND:20261104T090000Z", "at most a day"),
        ("DTSTART:20261102T090000Z\nDTEND:20261102T090000Z", "at most a day"),
        ("DTSTART:20261102T090000Z\nDTEND:20261101T090000Z", "at most a day"),
        ("DTSTART:20261102T090000Z\nDTEND;VALUE=DATE:20261104", "ends on a day"),
        ("DTSTART:19991102T090000Z\nDURATION:PT1H", "2000"),
        ("DTSTART:nonsense\nDURATION:PT1H", ""),
        ("DURATION:PT1H", "no beginning"),
        ("DTSTART;VALUE=DATE:20261223\nRRULE:FREQ=YEARLY", "no absence"),
    ],
)
def test_what_can_be_no_shift_is_said(event: str, words: str) -> None:
    assert words in why(event)


def test_a_zone_of_the_files_own_is_known_by_its_turns() -> None:
    event = NINE.replace("Europe/Berlin", "Office") + "RRULE:FREQ=WEEKLY\n"
    text = file(event).replace("BEGIN:VEVENT", ZONE.replace("\n", "\r\n") + "BEGIN:VEVENT")
    [known] = read(text, "bob", None, "Europe/Berlin").shifts
    assert (known.zone, known.opens, known.weekdays) == ("Europe/Berlin", "09:00", ("mon",))
    unknown = read(text, "bob", None, "America/New_York")
    assert unknown.shifts == []
    assert "known by no name" in unknown.troubles[0].why
    once = read(text.replace("RRULE:FREQ=WEEKLY\r\n", ""), "bob", None, "America/New_York")
    assert (once.shifts[0].opens, once.shifts[0].closes) == ("03:00", "11:00")


@pytest.mark.parametrize(
    ("title", "on_call"),
    [("Jon Callaghan on shift", False), ("Bob on call", True), ("On-Call: Bob", True), ("", False)],
)
def test_who_is_on_call_is_told_by_the_word(title: str, on_call: bool) -> None:
    text = file(NINE).replace("Event 0", title)
    assert read(text, "bob", None, "UTC").shifts[0].on_call is on_call


@pytest.mark.parametrize("text", ["", "x", "BEGIN:VCALENDAR", "\x00"])
def test_what_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read(text, "bob", None, "UTC")


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(Refused, match="512 KB"):
        read(file(*[NINE + f"DESCRIPTION:{'x' * 600_000}"]), "bob", None, "UTC")
    short = "DTSTART:20261102T090000Z"
    with pytest.raises(Refused, match="2000"):
        read(file(*[short] * 2001), "bob", None, "UTC")


def test_what_is_written_is_read_again() -> None:
    start = datetime(2026, 11, 2, 21, tzinfo=UTC)
    duty = Duty(
        starts_at=start, ends_at=start + timedelta(hours=8), agent_id="bob", team_id=None,
        on_call=True, shift_id="s", day=date(2026, 11, 2),
    )  # fmt: skip
    text = calendar_out.written([duty], {"bob": "Bob, Jr;\nX"}, "Night\r\nX:y", start).decode()
    [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["SUMMARY"] == "Bob, Jr; X on call"
    [again] = read(text, "bob", None, "UTC").shifts
    assert (again.opens, again.closes, again.on_call) == ("21:00", "05:00", True)


async def test_an_address_leads_to_the_roster_until_it_is_removed(cast: Cast) -> None:
    assert cast.bob.id
    await on(cast, cast.bob)
    await on(cast, cast.alice)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        feed, token = await calendar_out.make_feed(work, cast.bob.id, None)
        found = await calendar_out.find(work.db, token)
        assert found is not None
        text = (await calendar_out.render(work.db, found, work.now)).decode()
        assert "Bob on shift" in text
        assert "Alice" not in text
        assert await calendar_out.find(work.db, token[:-1] + "x") is None
        with pytest.raises(NotFound):
            await calendar_out.remove_feed(work, feed.id, cast.alice.id)
    kept = await rows(cast, "SELECT * FROM roster_feed")
    assert token not in str(kept)
    await rows(cast, "UPDATE agent SET disabled_at = created_at WHERE id = $1", cast.bob.id)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        assert await calendar_out.find(work.db, token) is None
        await calendar_out.remove_feed(work, feed.id, None)
        assert await calendar_out.list_feeds(work.db, cast.workspace_id, None) == []
