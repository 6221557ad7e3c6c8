"""What is worth an alert, and what is not: tables of rules."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from earful.insights.looking_alike import looks_like
from earful.insights.noticing import STEP, Said, accelerates, begins, is_over, series
from tests.cast import START

NOW = START + timedelta(days=10)


def steady(days: int, people: int = 4) -> dict[datetime, int]:
    """As many in each step, a few more each second one."""
    steps = days * timedelta(days=1) // STEP
    return {NOW - n * STEP: people + n % 3 for n in range(1, steps)}


@pytest.mark.parametrize(
    ("days", "people", "now", "seen"),
    [
        (8, 4, 400, True),
        (8, 4, 60, True),
        (8, 4, 7, False),
        (8, 0, 9, False),
        (8, 100, 104, False),
        (0, 4, 400, False),
        (2, 4, 0, False),
    ],
)
def test_a_burst_is_more_people_than_the_hour_explains(
    days: int, people: int, now: int, seen: bool
) -> None:
    assert begins(steady(days, people) | {NOW: now}, NOW) is seen


def test_a_burst_is_seen_once_and_ends_when_it_is_calm() -> None:
    counts = steady(8) | {NOW: 200}
    assert begins(counts, NOW)
    counts[NOW + STEP] = 210
    assert not begins(counts, NOW + STEP), "the same"
    later = NOW + 4 * STEP
    counts |= {NOW + 2 * STEP: 99, NOW + 3 * STEP: 5}
    assert not is_over(counts, NOW + 3 * STEP, 210)
    assert is_over(counts, later, 210)


def test_steps_in_which_nobody_wrote_are_steps() -> None:
    assert series({}, NOW) == []
    assert [value for _, value in series({NOW - 2 * STEP: 3}, NOW)] == [3, 0, 0]


def said(people: int, minutes_ago: float, mood: float | None = None, who: str = "p") -> list[Said]:
    at = NOW - timedelta(minutes=minutes_ago)
    return [Said(at, f"{who}{n}", mood) for n in range(people)]


@pytest.mark.parametrize(
    ("posts", "people"),
    [
        (said(10, 5, -0.6), 10),
        (said(10, 5, 0.1) + said(3, 40, 0.6, "q"), 10),
        (said(10, 5, 0.5), 0),
        (said(10, 5), 0),
        (said(30, 5, 0.9), 30),
        (said(7, 5, -0.9), 0),
        (said(10, 5, -0.6) + said(20, 30, -0.6, "q"), 0),
        (said(1, 5, -0.9) * 50, 0),
        (said(40, 90, -0.9), 0),
        ([], 0),
    ],
)
def test_a_conversation_runs_away_by_people_and_mood(posts: list[Said], people: int) -> None:
    assert accelerates(posts, NOW) == people


@pytest.mark.parametrize(
    ("handle", "name", "like"),
    [
        ("northwind.example", "Northwind", ""),
        ("n0rthwind.social", "", "northwind"),
        ("northwlnd", "", "northwind"),
        ("nоrthwind", "", "northwind"),
        ("northwind_support", "", "northwind"),
        ("nortwhind", "", "northwind"),
        ("someone", "Northwind", "northwind"),
        ("someone", "NORTHWIND ✓", "northwind"),
        ("northwind_fan_club", "", ""),
        ("southwind", "", ""),
        ("carol.example", "Carol", ""),
        ("", "", ""),
        ("北風", "北風", ""),
    ],
)
def test_who_looks_like_us(handle: str, name: str, like: str) -> None:
    assert looks_like(handle, name, {"northwind.example"}, {"northwind", "ab"}) == like


def test_short_names_look_like_nothing() -> None:
    assert looks_like("acne", "Acne", set(), {"acme"}) == ""
