"""How well bursts are found, on series whose anomalies are known, beside two plain ways."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Any

from earful.bench.nab import best, nab_score, read_files
from earful.bench.say import say
from earful.bursts.detecting import THRESHOLD, score_all
from earful.bursts.series import step_of

GAUSSIAN_WINDOW, GAUSSIAN_STEP = 6400, 100
"""Values that the windowed Gaussian of the benchmark knows, and how often it looks at them anew."""
Z_WINDOW = 2016
"""A week of five minutes."""
LEAST = 30


async def bursts(data: Path) -> dict[str, Any]:
    """Ours at its published threshold; the others each at the one that suits it best afterwards."""
    files = read_files(data)
    values = {name: [value for _, value in file.series] for name, file in files.items()}
    began = time.process_time()
    ours = {name: score_all(file.series, step_of(file.series)) for name, file in files.items()}
    took = time.process_time() - began
    steps = sum(map(len, values.values()))
    say("the plain ways, each with the threshold that suits it best")
    gaussian = best(files, {name: _gaussian(one) for name, one in values.items()})
    z_score = best(files, {name: _z_score(one) for name, one in values.items()})
    return {
        "steps": steps,
        "threshold": THRESHOLD,
        "nab_score": round(nab_score(files, ours, THRESHOLD), 2),
        "nab_score_best": round(best(files, ours), 2),
        "baseline_score": round(max(gaussian, z_score), 2),
        "gaussian_score": round(gaussian, 2),
        "z_score": round(z_score, 2),
        "us_per_step": round(took / steps * 1e6, 1),
    }


def _gaussian(values: Sequence[float]) -> list[float]:
    """How far from the mean of the last values, either way, in their deviations."""
    found, mean, deviation = [], 0.0, 0.0
    for n, value in enumerate(values):
        if n < GAUSSIAN_WINDOW or n % GAUSSIAN_STEP == 0:
            known = values[max(0, n - GAUSSIAN_WINDOW) : n]
            # Every value would cost its square; the first thousand tell enough of it.
            if n < 1000 or n % GAUSSIAN_STEP == 0:
                mean, deviation = _spread(known)
        found.append(abs(value - mean) / deviation if n >= LEAST and deviation else 0.0)
    return found


def _spread(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 0.0
    mean = sum(values) / len(values)
    return mean, sqrt(sum((one - mean) ** 2 for one in values) / len(values))


def _z_score(values: Sequence[float]) -> list[float]:
    """How far above the mean of the last week, in its deviations."""
    found: list[float] = []
    known = deque[float](maxlen=Z_WINDOW)
    total = squares = 0.0
    for value in values:
        count = len(known)
        mean = total / count if count else 0.0
        spread = sqrt(max(0.0, squares / count - mean**2)) if count else 0.0
        found.append((value - mean) / spread if count >= LEAST and spread else 0.0)
        if count == Z_WINDOW:
            total, squares = total - known[0], squares - known[0] ** 2
        known.append(value)
        total, squares = total + value, squares + value**2
    return found
