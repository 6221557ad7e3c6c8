"""How unusual each step of a series is, judged by nothing but what came before it.

Three things in turn: how far a step is above what is usual at that time of day (the median of two
weeks), as a share of how far steps usually are from it; held up by the step before; and told once,
until a day has passed or it grows by half. Why so, and the figures, stand in
docs/reference/bursts.md.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from math import isfinite, sqrt

DAYS = 14
"""Days that say what is usual."""
NEAR = 2
"""Steps before and after that count as the same time of day."""
LEAST = 5
"""Values at that time of day, below which the last steps say what is usual."""
LATELY = 60
SETTLED = 30
"""Steps before anything can be unusual."""
HALF = 8.0
"""So many times the usual distance is a score of one half: the threshold of an alert."""
THRESHOLD = 0.5
TELLS = 4.0
"""So many times is told as the same burst afterwards, unless it grows."""
GROWS = 1.5
DAY = 86_400.0
LARGEST = 1e100
"""What is larger counts as this: squares of such can still be added up."""
LOST = 1e-9
"""What is left of a sum, as a share, below which what was added up is lost in rounding."""


class Detector:
    """Scores steps of `step` seconds one after the other; never looks ahead."""

    def __init__(self, step: float) -> None:
        self._step = max(1.0, step)
        self._slots = max(1, round(DAY / self._step))
        self._near = min(NEAR, (self._slots - 1) // 2)
        self._usual = [deque[float](maxlen=DAYS) for _ in range(self._slots)]
        self._last = deque[float](maxlen=LATELY)
        self._distances = deque[float](maxlen=DAYS * self._slots)
        self._squares = 0.0
        self._before = 0.0
        self._quiet_for = 0
        self._peak = 0.0

    def score(self, at: datetime, value: float) -> float:
        """From 0 (usual) to 1; a value that is no number counts as not seen, and scores 0."""
        if not isfinite(value):
            return 0.0
        value = max(-LARGEST, min(LARGEST, value))
        slot = self._slot(at)
        distance = value - self._baseline(slot, value)
        scale = sqrt(self._squares / len(self._distances)) if self._distances else 0.0
        settled = len(self._distances) > SETTLED
        times = distance / scale if scale > 0 and settled else _endless(distance) * settled
        self._learn(slot, value, distance)
        held, self._before = (times + self._before) / 2, times
        told = max(0.0, self._once(held, times))
        return told / (told + HALF)

    def _slot(self, at: datetime) -> int:
        seconds = at.hour * 3600 + at.minute * 60 + at.second
        return int(seconds / self._step) % self._slots

    def _baseline(self, slot: int, value: float) -> float:
        around = range(slot - self._near, slot + self._near + 1)
        same = [one for other in around for one in self._usual[other % self._slots]]
        return _median(same if len(same) >= LEAST else [*self._last] or [value])

    def _learn(self, slot: int, value: float, distance: float) -> None:
        self._usual[slot].append(value)
        self._last.append(value)
        self._forget()
        self._distances.append(distance)
        self._squares += distance**2

    def _forget(self) -> None:
        """The oldest distance, if there are enough."""
        if len(self._distances) < (self._distances.maxlen or 0):
            return
        before, gone = self._squares, self._distances.popleft()
        self._squares = max(0.0, before - gone**2)
        if self._squares < LOST * before:
            # A single huge step outweighed all others: what they were is not in the sum.
            self._squares = sum(one**2 for one in self._distances)

    def _once(self, times: float, alone: float) -> float:
        """`times`, or 0 while the burst that was told goes on without growing."""
        self._quiet_for = max(0, self._quiet_for - 1)
        if self._quiet_for and times <= self._peak * GROWS:
            return 0.0
        if times > TELLS:
            # A burst that begins in the middle of its first step has not grown in its second.
            peak = max(times, alone) if times >= HALF else times
            self._quiet_for, self._peak = self._slots, peak
        return times


def _endless(distance: float) -> float:
    """Above what never moved anything is unusual."""
    return 2 * HALF if distance > 0 else 0.0


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def score_all(steps: Iterable[tuple[datetime, float]], step: float) -> list[float]:
    """The score of each step."""
    detector = Detector(step)
    return [detector.score(at, value) for at, value in steps]
