"""From shifts to who is there: past midnight, at both turns of the clock, every other week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from earful.roster.duties import Away, Duty, Shift, duties, without

BERLIN = "Europe/Berlin"
HOUR = 3600


def shift(**more: object) -> Shift:
    """Nine to five in Berlin from Monday, 2 November 2026, on."""
    base = {
        "id": "s", "agent_id": "bob", "zone": BERLIN, "opens": 9 * HOUR, "closes": 17 * HOUR,
        "from_day": date(2026, 11, 2),
    }  # fmt: skip
    return Shift(**base | more)  # type: ignore[arg-type]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def spans(found: list[Duty]) -> list[tuple[str, str]]:
    zone = ZoneInfo(BERLIN)
    return [
        (f"{d.starts_at.astimezone(zone):%d %H:%M}", f"{d.ends_at.astimezone(zone):%d %H:%M}")
        for d in found
    ]


def test_a_week_of_weekdays() -> None:
    work = shift(weekdays=frozenset({0, 2}), until_day=date(2026, 11, 9))
    found = duties([work], [], at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"))
    assert spans(found) == [
        ("02 09:00", "02 17:00"),
        ("04 09:00", "04 17:00"),
        ("09 09:00", "09 17:00"),
    ]


def test_a_night_lasts_into_the_day_on_which_one_looks() -> None:
    night = shift(opens=22 * HOUR, closes=30 * HOUR)
    noon = at("2026-11-03T05:59:59+01:00")
    [found] = duties([night], [], noon, noon + timedelta(seconds=1))
    assert spans([found]) == [("02 22:00", "03 06:00")]
    six = at("2026-11-03T06:00:00+01:00")
    assert duties([night], [], six, six + timedelta(seconds=1)) == []


def test_the_turns_of_the_clock_make_nights_shorter_and_longer() -> None:
    night = shift(opens=22 * HOUR, closes=30 * HOUR, from_day=date(2026, 3, 1))
    for day, hours in (("2026-03-28", 7), ("2026-10-24", 9), ("2026-10-25", 8)):
        start = at(f"{day}T21:00:00Z")
        [found] = [
            d for d in duties([night], [], start, start + timedelta(hours=3)) if f"{d.day}" == day
        ]
        assert found.ends_at - found.starts_at == timedelta(hours=hours)
    gap = shift(
        opens=2 * HOUR, closes=3 * HOUR, from_day=date(2026, 3, 29), until_day=date(2026, 3, 29)
    )
    assert duties([gap], [], at("2026-03-28T00:00:00Z"), at("2026-03-31T00:00:00Z")) == []


def test_every_other_week_and_left_out_days() -> None:
    work = shift(every=2, weekdays=frozenset({0, 6}), skipped=frozenset({date(2026, 11, 16)}))
    found = duties([work], [], at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"))
    assert [d.day.day for d in found] == [2, 8, 22, 30]


def test_an_absence_cuts_out_what_it_covers() -> None:
    doctor = Away("bob", at("2026-11-02T11:00:00+01:00"), at("2026-11-02T12:00:00+01:00"))
    other = Away("eve", at("2026-11-01T11:00:00+01:00"), at("2026-12-02T12:00:00+01:00"))
    start = at("2026-11-02T00:00:00Z")
    found = duties([shift()], [doctor, other], start, start + timedelta(days=1))
    assert spans(found) == [("02 09:00", "02 11:00"), ("02 12:00", "02 17:00")]


SHIFTS = st.builds(
    lambda zone, opens, length, weekdays, first, lasts, every: shift(
        zone=zone, opens=opens, closes=opens + length, weekdays=weekdays, every=every,
        from_day=date(2026, 1, 1) + timedelta(days=first),
        until_day=date(2026, 1, 1) + timedelta(days=first + lasts),
    ),
    st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
    st.integers(0, 86_399), st.integers(60, 86_400),
    st.frozensets(st.integers(0, 6), min_size=1), st.integers(0, 360), st.integers(0, 60),
    st.integers(1, 3),
)  # fmt: skip
DAYS = st.integers(0, 400).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=7 * n))


@given(SHIFTS, DAYS, st.integers(1, 24 * 40))
def test_a_window_shows_what_its_instants_show(work: Shift, start: datetime, hours: int) -> None:
    end = start + timedelta(hours=hours)
    found = duties([work], [], start, end)
    middle = start + (end - start) / 2
    tick = timedelta(microseconds=1)
    then = duties([work], [], middle, middle + tick)
    assert then == [d for d in found if d.starts_at <= middle < d.ends_at]
    cut = duties([work], [], start, middle) + duties([work], [], middle, end)
    assert {(d.day, d.starts_at) for d in cut} == {(d.day, d.starts_at) for d in found}
    zone = ZoneInfo(work.zone)
    for duty in found:
        assert duty.starts_at.astimezone(zone).date() == duty.day
        assert (
            work.closes - work.opens - 3 * HOUR <= (duty.ends_at - duty.starts_at).total_seconds()
        )


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=6))
def test_holes_are_taken_out_and_nothing_else(holes: list[tuple[int, int]]) -> None:
    def when(n: int) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n)

    left = without((when(20), when(80)), [(when(low), when(high)) for low, high in holes])
    for hour in range(20, 80):
        inside = any(start <= when(hour) < end for start, end in left)
        assert inside != any(low <= hour < high for low, high in holes)
