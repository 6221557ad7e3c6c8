"""What is worth an alert on the desk's own posts: pure rules.

Their numbers are published in docs/reference/radar.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from earful.bursts.detecting import THRESHOLD, score_all

STEP = timedelta(minutes=5)
BACK = timedelta(days=14)
DAY_OF_STEPS = timedelta(days=1) // STEP
LEAST = 10
"""People in one step below whom nothing is a burst."""
CALM_STEPS = 3
"""Steps with fewer than half of its people after which a burst is over."""

LATELY, BEFORE = timedelta(minutes=15), timedelta(minutes=60)
CROWD = 8
"""People in one conversation within LATELY below whom it does not accelerate."""
FASTER = 3.0
"""Times as many as in as long before."""
SOURS = -0.2
"""By how much, or to what, the mood falls."""
STORM = 3 * CROWD
"""People from whom on it is an alert in any mood."""


class Said(NamedTuple):
    """A post in a conversation. `sentiment` from -1 to 1; None while it is not judged."""

    at: datetime
    author: str
    sentiment: float | None


def series(counts: Mapping[datetime, int], until: datetime) -> list[tuple[datetime, float]]:
    """Each step of the two weeks that end with the one at `until`, from the first with anybody."""
    if not counts:
        return []
    first = max(min(counts), until - BACK)
    steps = (until - first) // STEP + 1
    times = [first + n * STEP for n in range(steps)]
    return [(at, float(counts.get(at, 0))) for at in times]


def begins(counts: Mapping[datetime, int], at: datetime) -> bool:
    """Whether a burst is seen in the step at `at`: more people than the hour of the day explains.

    Not on a desk that has not seen a whole day, nor of fewer than LEAST people.
    """
    if counts.get(at, 0) < LEAST:
        return False
    steps = series(counts, at)
    if len(steps) <= DAY_OF_STEPS:
        return False
    return score_all(steps, STEP.total_seconds())[-1] >= THRESHOLD


def is_over(counts: Mapping[datetime, int], at: datetime, peak: int) -> bool:
    """Whether a burst of `peak` people is over with the step at `at`."""
    return all(counts.get(at - n * STEP, 0) < peak / 2 for n in range(CALM_STEPS))


def accelerates(posts: Collection[Said], now: datetime) -> int:
    """How many people wrote lately in a conversation that runs away; 0 where it does not.

    Far more of them than before, and in a worse mood than before, or in a bad one; or very many.
    """
    lately = [post for post in posts if now - LATELY < post.at <= now]
    before = [post for post in posts if now - BEFORE < post.at <= now - LATELY]
    people = len({post.author for post in lately})
    usual = len({post.author for post in before}) * LATELY / (BEFORE - LATELY)
    if people < CROWD or people < FASTER * usual:
        return 0
    return people if people >= STORM or _sours(lately, before) else 0


def _sours(lately: Sequence[Said], before: Sequence[Said]) -> bool:
    mood, was = _mood(lately), _mood(before)
    if mood is None:
        return False
    return mood <= SOURS or (was is not None and mood - was <= SOURS)


def _mood(posts: Sequence[Said]) -> float | None:
    known = [post.sentiment for post in posts if post.sentiment is not None]
    return sum(known) / len(known) if known else None
