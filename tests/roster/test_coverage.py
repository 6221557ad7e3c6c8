"""People beside posts: the list of gaps is exact, and no post and no minute is counted twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from earful.roster.coverage import cells, gaps_in, named, usual, week_of
from earful.roster.demand import Hour
from earful.roster.duties import Duty

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 2)
WEEK = week_of(MONDAY, BERLIN)


def duty(start: float, end: float, who: str = "bob", **more: bool) -> Duty:
    """Hours from the week's beginning."""
    begins, ends = (WEEK[0] + timedelta(hours=n) for n in (start, end))
    return Duty(
        starts_at=begins, ends_at=ends, agent_id=who, team_id=None, shift_id="s", day=MONDAY,
        **{"on_call": False} | more,
    )  # fmt: skip


def test_gaps_are_named_exactly_with_what_usually_comes() -> None:
    saturday = 5 * 24
    staffed = [duty(0, saturday + 20), duty(saturday + 23, 7 * 24, "eve")]
    came = [Hour(WEEK[0] + timedelta(hours=saturday + h), 28) for h in (20, 22)]
    posts = usual(came, 4.0, BERLIN)
    [gap] = named(gaps_in(staffed, WEEK), BERLIN, posts)
    assert gap.words == "Saturday 20:00–23:00: nobody, usually 14 posts"
    assert gap.ends_at - gap.starts_at == timedelta(hours=3)


def test_somebody_on_call_is_no_cover_and_a_part_of_an_hour_counts_as_one() -> None:
    staffed = [duty(0, 24 * 7 - 1.5), duty(0, 24 * 7, "eve", on_call=True)]
    posts = {(6, 22): 4.0, (6, 23): 6.0}
    [gap] = named(gaps_in(staffed, WEEK), BERLIN, posts)
    assert (gap.words, gap.posts) == ("Sunday 22:30–24:00: nobody, usually 8 posts", 8.0)
    by_hour = {(c.weekday, c.hour): c for c in cells(staffed, WEEK, BERLIN, posts)}
    assert (by_hour[6, 22].people, by_hour[6, 22].covered) == (0.5, 0.5)
    assert (by_hour[6, 21].people, by_hour[6, 23].people, by_hour[6, 23].posts) == (1, 0, 6)


def test_two_shifts_of_one_person_are_one_person() -> None:
    found = cells([duty(0, 10), duty(5, 12), duty(9, 11, "eve")], WEEK, BERLIN, {})
    assert [c.people for c in found[:13]] == [1] * 9 + [2, 2, 1, 0]


def test_nobody_at_all_is_one_gap_of_the_week() -> None:
    [gap] = named(gaps_in([], WEEK), BERLIN, {})
    assert gap.words == "Monday 00:00–Monday 00:00: nobody, usually no posts"
    assert len(cells([], WEEK, BERLIN, {})) == 168


def test_the_weeks_in_which_clocks_turn() -> None:
    spring, autumn = (week_of(date(2026, *day), BERLIN) for day in ((3, 23), (10, 19)))
    assert (spring[1] - spring[0], autumn[1] - autumn[0]) == (
        timedelta(hours=167), timedelta(hours=169),
    )  # fmt: skip
    assert len(cells([], spring, BERLIN, {})) == 167
    assert len(cells([], autumn, BERLIN, {})) == 168


SPANS = st.lists(st.tuples(st.integers(-10, 180), st.integers(1, 60)), max_size=8)


@given(SPANS)
def test_a_moment_is_in_a_gap_or_somebody_is_there(spans: list[tuple[int, int]]) -> None:
    staffed = [duty(start, start + lasts, str(n)) for n, (start, lasts) in enumerate(spans)]
    empty = gaps_in(staffed, WEEK)
    for hour in range(168):
        at = WEEK[0] + timedelta(hours=hour, minutes=30)
        there = any(one.starts_at <= at < one.ends_at for one in staffed)
        assert there != any(start <= at < end for start, end in empty)


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 50)), max_size=40))
def test_every_post_is_in_one_hour_of_the_week(came: list[tuple[int, int]]) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hours = [Hour(start + timedelta(hours=at), posts) for at, posts in came]
    for zone in (BERLIN, ZoneInfo("Asia/Kolkata")):
        total = sum(usual(hours, 4.0, zone).values())
        assert abs(total * 4 - sum(posts for _, posts in came)) < 1e-6
