"""What stands beside the themes: how the days went, the last hours, signals, share of voice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from earful.insights.noticing import STEP
from earful.insights.signals import Signal, load_signals
from earful.insights.spans import KEPT
from earful.stream.screen import Inboxes, seen_by

HOURS = timedelta(hours=24)
WEEK = timedelta(days=7)
MOST_MENTIONS = 50_000
"""Mentions of the week that voices are counted in, the newest."""
BAD, GOOD = -0.25, 0.25
"""Moods from which a post counts as a bad or a good one."""

Moods = dict[str, list[float]]
"""By inbox: posts that were judged, the sum of their moods, how many are bad, how many good."""


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A day. `mood` is the mean of the posts that were judged (`judged`), of them `bad`, `good`."""

    day: date
    judged: int
    mood: float | None
    bad: int
    good: int


class Hour(msgspec.Struct, frozen=True):
    """Different people in each inbox, summed, in the five minutes that begin `at`."""

    at: datetime
    authors: int


class Voice(msgspec.Struct, frozen=True):
    """What a saved search found in seven days: different people, and posts."""

    search_id: str
    name: str
    authors: int
    posts: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """`days` are 28, `steps` those of 24 hours that are over, `signals` of a week."""

    days: list[Day]
    steps: list[Hour]
    signals: list[Signal]
    voices: list[Voice]


def sum_moods(judged: Iterable[tuple[str, float | None]]) -> Moods:
    """Of posts, each with its inbox and mood."""
    found: Moods = {}
    for inbox_id, mood in judged:
        if mood is None:
            continue
        sums = found.setdefault(inbox_id, [0, 0.0, 0, 0])
        sums[0] += 1
        sums[1] += mood
        sums[2] += mood <= BAD
        sums[3] += mood >= GOOD
    return found


def day_of(day: date, moods: Moods, inboxes: Inboxes) -> Day:
    """The day of those inboxes."""
    seen = [sums for one, sums in moods.items() if inboxes is None or one in inboxes]
    judged, total, bad, good = (sum(column) for column in zip([0, 0, 0, 0], *seen, strict=True))
    mood = round(total / judged, 2) if judged else None
    return Day(day=day, judged=int(judged), mood=mood, bad=int(bad), good=int(good))


async def load_overview(
    db: Any, workspace_id: str, inboxes: Inboxes, now: datetime, *, mentions: bool
) -> Overview:
    """What stands beside the themes. `mentions`: whether what searches found may be seen."""
    first = now.date() - timedelta(days=KEPT - 1)
    drawn = {row["day"]: row["moods"] for row in await db.fetch(_DAYS, workspace_id, first)}
    days = [first + timedelta(days=n) for n in range(KEPT)]
    seen = seen_by(inboxes)
    rows = await db.fetch(_STEPS, workspace_id, now - HOURS, seen)
    voices = await db.fetch(_VOICES, workspace_id, now - WEEK, MOST_MENTIONS) if mentions else []
    return Overview(
        days=[day_of(day, drawn.get(day, {}), inboxes) for day in days],
        steps=_filled({row["at"]: row["authors"] for row in rows}, now),
        signals=await load_signals(db, workspace_id, inboxes, now - WEEK),
        voices=[Voice(row["id"], row["name"], row["authors"], row["posts"]) for row in voices],
    )


def _filled(counts: dict[datetime, int], now: datetime) -> list[Hour]:
    """Each step, also where nobody wrote; none before the desk knows any."""
    if not counts:
        return []
    first = max(counts) - ((max(counts) - now + HOURS) // STEP) * STEP
    last = max(counts) + ((now - max(counts)) // STEP - 1) * STEP
    steps = max(0, (last - first) // STEP + 1)
    return [Hour(at, counts.get(at, 0)) for at in (first + n * STEP for n in range(steps))]


_DAYS = """
SELECT day, moods FROM picture WHERE workspace_id = $1 AND span = 'day' AND day >= $2
"""

_STEPS = """
SELECT at, sum(authors)::integer AS authors FROM burst_step
WHERE workspace_id = $1 AND at >= $2 AND ($3::uuid[] IS NULL OR inbox_id = ANY($3::uuid[]))
GROUP BY at
"""

_VOICES = """
SELECT s.id, s.name, count(*) AS posts, count(DISTINCT m.author_external_id) AS authors
FROM (SELECT search_ids, author_external_id FROM mention
  WHERE workspace_id = $1 AND found_at >= $2 ORDER BY found_at DESC, id DESC LIMIT $3) AS m
JOIN saved_search s ON s.workspace_id = $1 AND s.id = ANY(m.search_ids)
GROUP BY s.id, s.name ORDER BY authors DESC, s.name
"""
