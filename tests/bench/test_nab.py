"""The benchmark's scoring against sums by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import exp
from pathlib import Path

import pytest
from click.testing import CliRunner

from earful.bench.nab import File, best, nab_score
from earful.cli.bench import bench

START = datetime(2026, 1, 1)  # noqa: DTZ001 - the benchmark's own are naive
FILE = File([(START + timedelta(minutes=n), 0.0) for n in range(1000)], [(300, 399), (600, 699)])


def scored(*alarms: int) -> float:
    scores = [1.0 if n in alarms else 0.0 for n in range(1000)]
    return nab_score({"f": FILE}, {"f": scores}, 0.5)


def sigmoid(place: float) -> float:
    return 2 / (1 + exp(5 * place)) - 1


def test_who_says_nothing_has_0_and_who_is_perfect_100() -> None:
    assert scored() == 0
    assert scored(300, 600) == pytest.approx(100)


def test_the_first_in_a_window_counts_and_the_earlier_the_more() -> None:
    # One window found at its first row, one missed: (1 - 1 + 2) of 4.
    assert scored(300) == scored(300, 301, 390) == pytest.approx(50)
    late = sigmoid(-(399 - 350 + 1) / 100) / sigmoid(-1)
    assert scored(350) == pytest.approx(100 * (late - 1 + 2) / 4)


def test_false_alarms_cost_by_how_long_after_a_window_they_come() -> None:
    assert scored(300, 600, 200) == pytest.approx(100 * (2 - 0.11 + 2) / 4)
    near = 0.11 * sigmoid(10 / 99)
    assert scored(300, 600, 409) == pytest.approx(100 * (2 + near + 2) / 4)
    assert scored(300, 600, 999) == pytest.approx(100 * (2 - 0.11 + 2) / 4, abs=1e-6)


def test_the_first_rows_are_not_scored() -> None:
    assert scored(*range(150)) == 0
    assert scored(150) == pytest.approx(100 * -0.11 / 4)


def test_the_best_threshold_is_looked_for() -> None:
    scores = [0.9 if n in (300, 600) else 0.4 if n % 2 else 0.1 for n in range(1000)]
    assert best({"f": FILE}, {"f": scores}) == pytest.approx(100)


def test_absent_data_is_said_with_status_2(tmp_path: Path) -> None:
    done = CliRunner().invoke(bench, ["bursts", "--data", str(tmp_path)])
    assert done.exit_code == 2
    assert "windows.json is missing" in done.output
