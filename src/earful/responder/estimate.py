"""The next human time: pure arithmetic over who is there and what waits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

STEP = timedelta(minutes=5)
"""Estimates are rounded up to this: a minute's precision would be a pretence."""


class Staffed(msgspec.Struct, frozen=True):
    """From `start` to `end` so many `agents` are there for an inbox. Spans don't overlap."""

    start: datetime
    end: datetime
    agents: int


def next_human(
    now: datetime, staffed: Iterable[Staffed], ahead: int, each_for: timedelta
) -> datetime | None:
    """When somebody who writes now has her answer: after `ahead` others, each taking `each_for`.

    The work ahead is shared by whoever is there; where it is not done when a span ends, it goes on
    in the next. Her own answer takes `each_for` as well. None if it is not done in the spans.
    """
    work = (ahead + 1) * each_for
    for span in staffed:
        start = max(now, span.start)
        if start >= span.end or span.agents < 1:
            continue
        # One person's answer is not written by two: below one each, more people help nobody.
        takes = max(work / span.agents, min(work, each_for))
        if start + takes <= span.end:
            return rounded_up(start + takes)
        work -= (span.end - start) * span.agents
        work = max(work, each_for)
    return None


def rounded_up(at: datetime) -> datetime:
    """The next full five minutes."""
    steps = math.ceil(at.timestamp() / STEP.total_seconds())
    return datetime.fromtimestamp(steps * STEP.total_seconds(), UTC)
