"""What a file repeats is what dateutil makes of it, and what is written is read again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from dateutil.rrule import DAILY, WEEKLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from earful.roster import calendar_out
from earful.roster.calendar_in import read
from earful.roster.duties import Duty, Shift, duties
from earful.roster.shifts import DAYS, Pattern, times_of

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WINDOW = (datetime(2026, 9, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC))


def as_shift(one: Pattern) -> Shift:
    opens, closes = times_of(one.opens, one.closes)
    plain = msgspec.structs.asdict(one)
    plain |= {"opens": opens, "closes": closes, "skipped": frozenset(one.skipped), "id": "s"}
    plain["weekdays"] = frozenset(map(DAYS.index, one.weekdays or DAYS))
    return Shift(**{name: plain[name] for name in Shift.__struct_fields__})


def spans(shifts: list[Pattern]) -> list[tuple[datetime, datetime]]:
    found = duties(map(as_shift, shifts), [], *WINDOW)
    return [(one.starts_at, one.ends_at) for one in found]


@st.composite
def series(draw: st.DrawFn) -> tuple[str, str, datetime, dict[str, object], list[datetime]]:
    """An event that repeats: its zone, its rule, its start, dateutil's words, days left out."""
    zone = draw(st.sampled_from(ZONES))
    day = date(2026, 9, 7) + timedelta(days=draw(st.integers(0, 60)))
    # Not in the hours in which clocks turn: how a wall clock counts there is tested elsewhere.
    start = datetime(day.year, day.month, day.day, draw(st.integers(4, 23)), 30)  # noqa: DTZ001
    freq = draw(st.sampled_from(("WEEKLY", "DAILY")))
    every = draw(st.integers(1, 4)) if freq == "WEEKLY" else 1
    others = draw(st.sets(st.integers(0, 6), max_size=4)) if freq == "WEEKLY" else set()
    rule, known = f"FREQ={freq};INTERVAL={every}", {"interval": every, "dtstart": start}
    if others:
        days = sorted(others | {start.weekday()})
        rule += ";BYDAY=" + ",".join(CODES[one] for one in days)
        known["byweekday"] = days
    end = draw(st.sampled_from(("COUNT", "UNTIL", "")))
    if end == "COUNT":
        known["count"] = draw(st.integers(1, 40))
        rule += f";COUNT={known['count']}"
    else:
        last = start + timedelta(days=draw(st.integers(0, 120)))
        known["until"] = last
        rule += f";UNTIL={last.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    times = list(rrule(WEEKLY if freq == "WEEKLY" else DAILY, **known))
    out = draw(st.lists(st.sampled_from(times), max_size=5)) if times else []
    return zone, rule, start, {"times": times}, out


@settings(max_examples=150, deadline=None)
@given(series(), st.integers(1, 24))
def test_a_series_falls_where_dateutil_says(
    given_: tuple[str, str, datetime, dict[str, list[datetime]], list[datetime]], hours: int
) -> None:
    zone, rule, start, expected, out = given_
    where = "" if zone == "UTC" else f";TZID={zone}"
    z = "Z" if zone == "UTC" else ""
    left = "".join(f"EXDATE{where}:{one:%Y%m%dT%H%M%S}{z}\r\n" for one in out)
    end = start + timedelta(hours=hours)
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTART{where}:{start:%Y%m%dT%H%M%S}{z}\r\nDTEND{where}:{end:%Y%m%dT%H%M%S}{z}\r\n"
        f"RRULE:{rule}\r\n{left}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    found = read(text, "bob", None, "UTC")
    assert found.troubles == []
    tz = ZoneInfo(zone)
    starts = [one.replace(tzinfo=tz).astimezone(UTC) for one in expected["times"] if one not in out]
    assert [begin for begin, _ in spans(found.shifts)] == starts


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(1, 24),
    st.booleans(),
)
def test_what_is_written_is_read_again(zone: str, opens: int, hours: int, on_call: bool) -> None:
    shift = Shift(
        id="s", agent_id="bob", zone=zone, opens=opens * 3600, closes=(opens + hours) * 3600,
        from_day=date(2026, 10, 20), until_day=date(2027, 4, 6), on_call=on_call,
    )  # fmt: skip
    written: list[Duty] = duties([shift], [], *WINDOW)
    text = calendar_out.written(written, {"bob": "Jon Callaghan"}, "Roster", WINDOW[0]).decode()
    found = read(text, "bob", None, zone)
    assert found.troubles == []
    assert {one.on_call for one in found.shifts} == {on_call}
    assert spans(found.shifts) == [(one.starts_at, one.ends_at) for one in written]
