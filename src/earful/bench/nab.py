"""The scoring of the Numenta Anomaly Benchmark, standard profile, by its published rules.

A detection inside a window of an anomaly counts the more the earlier it is, the first in each
window alone; each one outside costs, the less the sooner after a window; each window without one
costs. The sum over all files is scaled so that who says nothing has 0 and who is perfect has 100.
Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms", 2015 (arXiv 1510.03336), and
its code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp
from pathlib import Path

from earful.bursts.series import read_series

PROBATION = 0.15
MOST_PROBATION = 5000
"""Rows of which the share above is not scored, however long the file."""
FALSE_ALARM = 0.11
MISSED = 1.0
FAR = 3.0
"""Lengths of a window after it, from which on a false alarm costs the whole."""


@dataclass(frozen=True)
class File:
    """A series and, by its first and last row, each window in which something was the matter."""

    series: list[tuple[datetime, float]]
    windows: list[tuple[int, int]]


def read_files(folder: Path) -> dict[str, File]:
    """The files that `windows.json` names. Raises OSError, ValueError, Refused."""
    named = json.loads((folder / "windows.json").read_text(encoding="utf-8"))
    return {name: _file(folder / name, windows) for name, windows in named.items()}


def _file(path: Path, windows: list[list[str]]) -> File:
    with path.open(encoding="utf-8", newline="") as lines:
        series = read_series(lines)
    spans = [
        (datetime.fromisoformat(first), datetime.fromisoformat(last)) for first, last in windows
    ]
    rows = [[n for n, (at, _) in enumerate(series) if first <= at <= last] for first, last in spans]
    return File(series, [(row[0], row[-1]) for row in rows if row])


def nab_score(files: Mapping[str, File], scores: Mapping[str, Sequence[float]], at: float) -> float:
    """At most 100, and below 0 for who is worse than saying nothing; alarms score at least `at`."""
    total, windows = 0.0, 0
    for name, file in files.items():
        total += _of_file(file, [n for n, score in enumerate(scores[name]) if score >= at])
        windows += len(file.windows)
    nothing, perfect = -MISSED * windows, float(windows)
    return 100 * (total - nothing) / (perfect - nothing)


def _of_file(file: File, alarms: list[int]) -> float:
    probation = int(min(len(file.series), MOST_PROBATION) * PROBATION)
    hits: dict[int, float] = {}
    cost = 0.0
    for row in alarms:
        if row < probation:
            continue
        inside = next((n for n, (a, z) in enumerate(file.windows) if a <= row <= z), None)
        if inside is None:
            cost += _false(file, row)
        else:
            hits[inside] = max(hits.get(inside, -1.0), _hit(file.windows[inside], row))
    return sum(hits.values()) + cost - MISSED * (len(file.windows) - len(hits))


def _hit(window: tuple[int, int], row: int) -> float:
    """1 at the first row of the window, falling towards nothing at its last."""
    first, last = window
    return _sigmoid(-(last - row + 1) / (last - first + 1)) / _sigmoid(-1.0)


def _false(file: File, row: int) -> float:
    before = [window for window in file.windows if window[1] < row]
    if not before:
        return -FALSE_ALARM
    first, last = max(before, key=lambda window: window[1])
    return FALSE_ALARM * _sigmoid((row - last) / max(1, last - first))


def _sigmoid(place: float) -> float:
    return -1.0 if place > FAR else 2 / (1 + exp(5 * place)) - 1


def best(
    files: Mapping[str, File], scores: Mapping[str, Sequence[float]], most: int = 400
) -> float:
    """The score at the threshold that suits it best, of the `most` highest; known afterwards."""
    found = sorted({round(one, 6) for each in scores.values() for one in each}, reverse=True)[:most]
    return max((nab_score(files, scores, at) for at in found), default=0.0)
