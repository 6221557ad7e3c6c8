"""The next human time: pure arithmetic over who is there, what waits, and what usually comes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

HOUR = timedelta(hours=1)
STEP = timedelta(minutes=5)
"""Estimates are rounded up to this: a minute's precision would be a pretence."""


class Staffed(msgspec.Struct, frozen=True):
    """From `start` to `end` so many `agents` are there for an inbox. Spans don't overlap."""

    start: datetime
    end: datetime
    agents: int


class Coming(Protocol):
    """How many answers that go before hers will be asked for in an hour, by the hour's instant."""

    def __call__(self, at: datetime) -> float:
        """Answers an hour, at that instant."""


def nobody_more(at: datetime) -> float:  # noqa: ARG001 - a Coming
    """The forecast of who knows nothing: nobody else comes."""
    return 0.0


def next_human(
    now: datetime,
    staffed: Iterable[Staffed],
    ahead: int,
    each_for: timedelta,
    coming: Coming = nobody_more,
) -> datetime | None:
    """When somebody who writes now has her answer: after `ahead` others, each taking `each_for`.

    The work ahead is shared by whoever is there; where it is not done when a span ends, it goes on
    in the next. What is more urgent and comes meanwhile, by the forecast, is work ahead as well.
    Her own answer takes `each_for`, too. None if it is not done in the spans.
    """
    work, at = (ahead + 1) * each_for, now
    for span in staffed:
        start = max(now, span.start)
        if start >= span.end or span.agents < 1:
            continue
        work += sum(((e - s) * _load(coming, s, each_for) for s, e in _by_hour(at, start)), NOTHING)
        done, work = _through(span.end, start, work, each_for, (span.agents, coming))
        if done is not None:
            return rounded_up(done)
        at = span.end
    return None


NOTHING = timedelta()


def _through(
    end: datetime,
    start: datetime,
    work: timedelta,
    each_for: timedelta,
    pace: tuple[int, Coming],
) -> tuple[datetime | None, timedelta]:
    """When the work is done in this span, or None and what is left of it."""
    agents, coming = pace
    # One person's answer is not written by two: below one each, more people help nobody.
    soonest = start + min(work, each_for)
    for low, high in _by_hour(start, end):
        rate = agents - _load(coming, low, each_for)
        # Not by dividing: at a rate of next to nothing, that is later than any calendar goes.
        if rate > 0 and work <= (high - low) * rate:
            done = max(low + work / rate, soonest)
            return (done, NOTHING) if done <= end else (None, each_for)
        work -= (high - low) * rate
    return None, max(work, each_for)


def _load(coming: Coming, at: datetime, each_for: timedelta) -> float:
    """How many people the answers take that come meanwhile."""
    return coming(at) * (each_for / HOUR)


def _by_hour(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretch, cut at the full hours."""
    while start < end:
        low = start.replace(minute=0, second=0, microsecond=0) + HOUR
        yield start, min(low, end)
        start = low


def rounded_up(at: datetime) -> datetime:
    """The next full five minutes."""
    steps = math.ceil(at.timestamp() / STEP.total_seconds())
    return datetime.fromtimestamp(steps * STEP.total_seconds(), UTC)
