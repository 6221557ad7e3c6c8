"""What is unusual in made-up series, and what isn't."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from earful.bursts.detecting import THRESHOLD, Detector, score_all

START = datetime(2026, 3, 2, tzinfo=UTC)
MINUTES = 30
DAY = 48
Series = list[tuple[datetime, float]]


def days(count: int, seed: int = 1) -> Series:
    """Quiet nights and busy noons, with the scatter of counts."""
    die = random.Random(seed)  # noqa: S311
    found = []
    for n in range(count * DAY):
        at = START + timedelta(minutes=MINUTES * n)
        mean = 60 - 50 * math.cos(2 * math.pi * (n % DAY) / DAY)
        found.append((at, max(0.0, round(die.gauss(mean, math.sqrt(mean))))))
    return found


def with_burst(series: Series, at: int, length: int, times: float) -> Series:
    return [
        (when, value * times if at <= n < at + length else value)
        for n, (when, value) in enumerate(series)
    ]


def told(series: Series) -> list[int]:
    scores = score_all(series, MINUTES * 60)
    assert len(scores) == len(series)
    assert all(0 <= score <= 1 for score in scores)
    return [n for n, score in enumerate(scores) if score >= THRESHOLD]


def test_the_hour_of_the_day_is_no_burst() -> None:
    assert told(days(40)) == []


@pytest.mark.parametrize("seed", range(5))
def test_a_burst_is_told_soon_and_once(seed: int) -> None:
    at = 25 * DAY + 24
    found = told(with_burst(days(40, seed), at, 12, 5))
    assert len(found) == 1
    assert at <= found[0] <= at + 2


def test_a_burst_at_night_is_told_though_noon_has_more() -> None:
    at = 25 * DAY + 4
    found = told(with_burst(days(40), at, 8, 8))
    assert found[:1] in ([at], [at + 1], [at + 2])


def test_fewer_than_usual_is_none() -> None:
    assert told(with_burst(days(40), 25 * DAY + 20, 20, 0)) == []


def test_nothing_looks_ahead() -> None:
    whole = with_burst(days(30), 25 * DAY, 12, 6)
    scores = score_all(whole, MINUTES * 60)
    for end in (10, 25 * DAY - 1, 25 * DAY + 5):
        assert score_all(whole[:end], MINUTES * 60) == scores[:end]


def test_what_was_not_seen_is_learnt_from_by_nobody() -> None:
    detector, twin = Detector(1800), Detector(1800)
    for at, value in days(3):
        assert detector.score(at, value) == twin.score(at, value)
        assert detector.score(at, math.nan) == detector.score(at, math.inf) == 0


@pytest.mark.parametrize(
    "values", [[0.0] * 500, [7.0] * 500, [1e300] * 500, [-5.0] * 500, [1e-300] * 50, [3.0]]
)
def test_what_never_moves_is_usual(values: list[float]) -> None:
    series = [(START + timedelta(minutes=MINUTES * n), value) for n, value in enumerate(values)]
    assert told(series) == []


def test_the_first_that_moves_after_long_silence_is_told() -> None:
    silence = [(START + timedelta(minutes=MINUTES * n), 0.0) for n in range(500)]
    assert told(
        with_burst([(at, 1.0) for at, _ in silence], 400, 2, 1)
        and silence[:400] + [(at, 9.0) for at, _ in silence[400:403]] + silence[403:]
    )[:1] in ([400], [401])


@pytest.mark.parametrize("step", [0.0, -5.0, 1e-9, 86_400.0, 1e12])
def test_steps_of_any_length(step: float) -> None:
    detector = Detector(max(step, 60.0) if step < 1 else step)
    for at, value in days(2):
        assert 0 <= detector.score(at, value) < 1


def test_a_huge_step_drowns_no_other_once_it_is_forgotten() -> None:
    series = days(60)
    glitch = [*series[:500], (series[500][0], 1e14), *series[501:]]
    assert told(glitch) == [500]


def test_what_is_too_large_to_be_squared_is_scored() -> None:
    series = days(20)
    for huge in (1e200, 1.7e308):
        swings = [(at, huge if n % 2 else -huge) for n, (at, _) in enumerate(series)]
        assert told([*series[:400], (series[400][0], huge), *series[401:]]) == [400]
        assert told(swings) == []
