"""When is it due: the sums, nights in which clocks change, and days unlike the others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from earful.sla.calendar import (
    ALWAYS,
    AROUND_THE_CLOCK,
    NEVER,
    Calendar,
    Change,
    OwnDay,
    Region,
    Slot,
    Week,
)
from earful.sla.errors import HoursError, NeverOpen
from earful.sla.hours import due_at, hours_of, is_open, next_open, open_spans, worked

HOUR = 3600
LUNCH = (Slot(9 * HOUR, 12 * HOUR), Slot(13 * HOUR, 17 * HOUR))
OFFICE: Week = (*(LUNCH,) * 5, (), ())
NEW_YORK = "America/New_York"


def ny(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(NEW_YORK))  # type: ignore[misc, arg-type]


def span(*parts: int) -> timedelta:
    days, hours, minutes = (0,) * (3 - len(parts)) + parts
    return timedelta(days=days, hours=hours, minutes=minutes)


def nightly(opens: int, closes: int, zone: str = NEW_YORK) -> Calendar:
    return Calendar(zone, ((Slot(opens, closes),),) * 7)


def test_lunch_and_weekend_do_not_count() -> None:
    office = Calendar(NEW_YORK, OFFICE)
    assert due_at(ny(2026, 1, 9, 11, 50), span(30), office) == ny(2026, 1, 9, 13, 20)
    assert due_at(ny(2026, 1, 9, 16, 50), span(20), office) == ny(2026, 1, 12, 9, 10)
    assert worked(ny(2026, 1, 9, 16, 50), ny(2026, 1, 12, 9, 10), office) == span(20)


def test_the_last_minute_is_due_at_closing_and_nothing_at_once() -> None:
    office = Calendar(NEW_YORK, OFFICE)
    assert due_at(ny(2026, 1, 9, 16, 50), span(10), office) == ny(2026, 1, 9, 17)
    saturday = ny(2026, 1, 10, 3)
    assert due_at(saturday, span(0), office) == saturday
    assert due_at(saturday, timedelta(microseconds=1), office) == ny(2026, 1, 12, 9) + timedelta(
        microseconds=1
    )


def test_a_slot_past_midnight_loses_no_second() -> None:
    late = nightly(22 * HOUR, 30 * HOUR)
    assert due_at(ny(2026, 1, 9, 23, 59), span(2), late) == ny(2026, 1, 10, 0, 1)
    assert worked(ny(2026, 1, 9, 12), ny(2026, 1, 10, 12), late) == span(8, 0)
    whole = Calendar(NEW_YORK, ALWAYS)
    assert list(open_spans(ny(2025, 12, 30), ny(2026, 1, 3), whole)) == [
        (ny(2025, 12, 30), ny(2026, 1, 3))
    ]


def test_a_late_slot_belongs_to_the_day_on_which_it_opens() -> None:
    friday = Calendar("UTC", (*((),) * 4, (Slot(22 * HOUR, 30 * HOUR),), (), ()))
    closed_saturday = Calendar("UTC", friday.week, own_days=(OwnDay(date(2026, 1, 10)),))
    closed_friday = Calendar("UTC", friday.week, own_days=(OwnDay(date(2026, 1, 9)),))
    night = datetime(2026, 1, 10, 3, tzinfo=UTC)
    assert is_open(night, friday)
    assert is_open(night, closed_saturday)
    assert not is_open(night, closed_friday)


@pytest.mark.parametrize(
    ("opens", "closes", "day", "hours"),
    [
        (0, 24, (2026, 3, 8), 23.0),  # forward at 02:00
        (0, 24, (2026, 11, 1), 25.0),  # back at 02:00
        (1, 4, (2026, 3, 8), 2.0),
        (1, 4, (2026, 11, 1), 4.0),
        (2.25, 2.75, (2026, 3, 8), 0.0),  # a time that never comes
        (2.5, 5, (2026, 3, 8), 2.0),  # opens at the turn
        (0, 2.5, (2026, 3, 8), 2.0),  # closes at the turn
        (1.25, 1.75, (2026, 11, 1), 0.5),  # only the first coming
        (0, 1.5, (2026, 11, 1), 1.5),
        (1.5, 3, (2026, 11, 1), 2.5),
    ],
)
def test_the_nights_in_which_clocks_change(
    opens: float, closes: float, day: tuple[int, int, int], hours: float
) -> None:
    hour = Calendar(NEW_YORK, ((Slot(int(opens * HOUR), int(closes * HOUR)),),) * 7)
    own = ny(*day)
    assert worked(own, own + timedelta(days=1), hour) == timedelta(hours=hours)


def test_opening_in_the_missing_hour_is_the_moment_of_the_turn() -> None:
    calendar = nightly(int(2.5 * HOUR), 5 * HOUR)
    assert next_open(ny(2026, 3, 8, 1), calendar) == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_a_calendar_target_does_not_see_the_change_of_clocks() -> None:
    start = ny(2026, 3, 7, 12).astimezone(UTC)
    assert due_at(start, span(1, 0, 0), AROUND_THE_CLOCK) == start + span(24, 0)


def test_holidays_come_from_the_region_and_own_days_go_first() -> None:
    week: Week = ((Slot(9 * HOUR, 17 * HOUR),),) * 7
    bavaria = Calendar("Europe/Berlin", week, regions=(Region("DE", "BY"),))
    berlin = Calendar("Europe/Berlin", week, regions=(Region("DE", "BE"),))
    worked_there = Calendar(
        "Europe/Berlin",
        week,
        regions=(Region("DE", "BY"),),
        own_days=(OwnDay(date(2026, 1, 6), (Slot(10 * HOUR, 11 * HOUR),)),),
    )
    noon = datetime(2026, 1, 6, 10, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert [is_open(noon, one) for one in (bavaria, berlin, worked_there)] == [False, True, True]


def test_a_yearly_day_comes_back_and_29_february_only_in_leap_years() -> None:
    leap = Calendar("UTC", ALWAYS, own_days=(OwnDay(date(2020, 2, 29), yearly=True),))
    days = [
        worked(datetime(year, 2, 28, tzinfo=UTC), datetime(year, 3, 2, tzinfo=UTC), leap)
        for year in (2024, 2026, 2028)
    ]
    assert days == [span(2, 0, 0), span(2, 0, 0), span(2, 0, 0)]
    begins = Calendar("UTC", ALWAYS, own_days=(OwnDay(date(2026, 12, 24), yearly=True),))
    eve = [is_open(datetime(year, 12, 24, 9, tzinfo=UTC), begins) for year in (2025, 2026, 2027)]
    assert eve == [True, False, False]


def test_hours_change_on_a_monday_and_the_past_keeps_its_own() -> None:
    early: Week = (*((Slot(7 * HOUR, 8 * HOUR),),) * 5, (), ())
    calendar = Calendar("UTC", OFFICE, changes=(Change(date(2026, 5, 4), early),))
    before, after = datetime(2026, 4, 27, tzinfo=UTC), datetime(2026, 5, 4, tzinfo=UTC)
    assert worked(before, after, calendar) == span(35, 0)
    assert worked(after, after + timedelta(days=7), calendar) == span(5, 0)


def test_a_calendar_that_never_opens_says_so() -> None:
    never = Calendar("UTC", NEVER, own_days=(OwnDay(date(2026, 1, 6), (Slot(0, HOUR),)),))
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert due_at(early, span(1, 0), never) == datetime(2026, 1, 6, 1, tzinfo=UTC)
    with pytest.raises(NeverOpen):
        due_at(early, span(1, 1), never)
    with pytest.raises(NeverOpen):
        next_open(late, never)


def test_a_target_below_zero_and_a_strange_zone_are_refused() -> None:
    with pytest.raises(HoursError, match="not below zero"):
        due_at(datetime(2026, 1, 1, tzinfo=UTC), span(-1), AROUND_THE_CLOCK)
    with pytest.raises(HoursError, match="Europe/Berlin"):
        hours_of(Calendar("Europe/Atlantis"))


def test_a_thousand_days_and_the_end_of_time() -> None:
    office = Calendar(NEW_YORK, OFFICE)
    start = ny(2026, 1, 5, 9)
    due = due_at(start, span(1000, 0, 0), office)
    assert worked(start, due, office) == span(1000, 0, 0)
    with pytest.raises(HoursError):
        due_at(datetime(9990, 1, 1, tzinfo=UTC), timedelta(days=100_000), office)


def test_a_day_that_a_zone_left_out() -> None:
    samoa = Calendar("Pacific/Apia", ((Slot(9 * HOUR, 17 * HOUR),),) * 7)
    first = datetime(2011, 12, 28, tzinfo=ZoneInfo("Pacific/Apia"))
    last = datetime(2012, 1, 2, tzinfo=ZoneInfo("Pacific/Apia"))
    # 28, 29 and 31 December and 1 January: there was no 30th.
    assert worked(first, last, samoa) == span(32, 0)
