"""What holds for all hours: adding and measuring undo each other, and nothing is lost between."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from earful.sla.calendar import Calendar, Change, OwnDay, Slot, Week
from earful.sla.errors import NeverOpen
from earful.sla.hours import Hours
from earful.sla.walls import SECOND, count_of, instant_of, wall_to_count, zone_of

ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe",
         "Pacific/Apia", "Africa/Casablanca", "America/St_Johns")  # fmt: skip
START, END = datetime(2023, 1, 1, tzinfo=UTC), datetime(2029, 12, 31, tzinfo=UTC)
instants = st.integers(count_of(START), count_of(END)).map(instant_of)
targets = st.integers(0, 60 * 86_400 * SECOND).map(lambda n: timedelta(microseconds=n))
dates = st.dates(date(2023, 1, 1), date(2029, 12, 31))


@st.composite
def slots(draw: st.DrawFn, closes_by: int = 86_400) -> tuple[Slot, ...]:
    """Slots of a day that do not overlap, cut at random times."""
    cuts = draw(st.lists(st.integers(0, closes_by), max_size=6, unique=True).map(sorted))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple(Slot(opens, closes) for opens, closes in pairs if opens < 86_400)


nights = st.integers(64_800, 86_399).map(lambda opens: (Slot(opens, opens + 21_600),))
weeks: st.SearchStrategy[Week] = st.tuples(*[st.one_of(slots(), nights)] * 7)
calendars = st.builds(
    Calendar,
    zone=st.sampled_from(ZONES),
    week=weeks,
    changes=st.lists(st.builds(Change, dates, weeks), max_size=2).map(
        lambda found: tuple(sorted(found, key=lambda change: change.starts_on))
    ),
    own_days=st.lists(st.builds(OwnDay, dates, slots()), max_size=3).map(tuple),
)


@given(calendars, instants, targets)
@settings(max_examples=60, deadline=None)
def test_adding_then_measuring_gives_back(
    calendar: Calendar, start: datetime, target: timedelta
) -> None:
    hours = Hours(calendar)
    try:
        due = hours.due_at(start, target)
    except NeverOpen:
        assert hours.worked(start, start + timedelta(days=365)) < target
        return
    assert hours.worked(start, due) == target
    if target:
        # The earliest such instant: a moment before, something was still missing.
        assert hours.worked(start, due - timedelta(microseconds=1)) < target


@given(calendars, st.tuples(instants, instants, instants).map(sorted))
@settings(max_examples=60, deadline=None)
def test_measures_add_up_and_never_exceed_the_clock(
    calendar: Calendar, three: list[datetime]
) -> None:
    hours = Hours(calendar)
    first, middle, last = three
    assert hours.worked(first, middle) + hours.worked(middle, last) == hours.worked(first, last)
    assert timedelta() <= hours.worked(first, last) <= last - first
    assert hours.worked(last, first) == -hours.worked(first, last)
    spans = list(hours.open_spans(first, last))
    assert sum((end - start for start, end in spans), timedelta()) == hours.worked(first, last)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    assert all(hours.is_open(start) and not hours.is_open(end) for start, end in spans[:-1])


@given(calendars, instants, targets, targets)
@settings(max_examples=60, deadline=None)
def test_later_and_longer_is_never_sooner(
    calendar: Calendar, start: datetime, target: timedelta, more: timedelta
) -> None:
    hours = Hours(calendar)
    try:
        longer = hours.due_at(start, target + more)
        later = hours.due_at(start + more, target)
    except NeverOpen:
        return
    due = hours.due_at(start, target)
    assert start <= due <= longer
    assert due <= later
    # Two targets one after the other are the two together.
    assert hours.due_at(due, more) == longer or not more


@given(calendars, instants, st.sampled_from(ZONES))
@settings(max_examples=40, deadline=None)
def test_the_zone_in_which_an_instant_is_said_changes_nothing(
    calendar: Calendar, start: datetime, zone: str
) -> None:
    hours = Hours(calendar)
    elsewhere = start.astimezone(ZoneInfo(zone))
    target = timedelta(hours=5)
    try:
        assert hours.due_at(start, target) == hours.due_at(elsewhere, target)
    except NeverOpen:
        return
    assert hours.next_open(elsewhere) == hours.next_open(start)
    assert hours.worked(start, start + target) == hours.worked(elsewhere, elsewhere + target)


@given(st.integers(0, 12), weeks, instants, targets)
@settings(max_examples=40, deadline=None)
def test_hours_of_a_fixed_offset_are_those_of_utc_shifted(
    ahead: int, week: Week, start: datetime, target: timedelta
) -> None:
    here, there = Hours(Calendar("UTC", week)), Hours(Calendar(f"Etc/GMT-{ahead}", week))
    try:
        due = here.due_at(start, target)
    except NeverOpen:
        return
    shift = timedelta(hours=ahead)
    assert there.due_at(start - shift, target) == due - shift


@given(st.sampled_from(ZONES), dates, st.integers(0, 2 * 86_400 - 1), st.integers(1, 86_400))
@settings(max_examples=200, deadline=None)
def test_a_later_wall_clock_is_never_an_earlier_instant(
    zone: str, day: date, seconds: int, more: int
) -> None:
    place = zone_of(zone)
    assert wall_to_count(place, day, seconds) <= wall_to_count(place, day, seconds + more)
    assert wall_to_count(place, day, 86_400) == wall_to_count(
        place, date.fromordinal(day.toordinal() + 1), 0
    )
