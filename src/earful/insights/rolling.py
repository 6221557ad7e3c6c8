"""Observations rolled up: how many speak of each product, store, place or side, in what mood.

What is counted is what the list of observations has under the same name: sums and items agree.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

import msgspec

from earful.insights.observations import POSTS, Observation, observation_of
from earful.insights.spans import DAY, midnight
from earful.kit.text import folded
from earful.stream.screen import Inboxes, seen_by

By = Literal["aspect", "product", "site", "place"]
MOST_POSTS = 5000
"""Posts that are looked at, the newest: a busy desk's week may have more."""
MOST_SHARES = 100
AT_ONCE = 250
"""Observations of one name that are shown."""
BAD, GOOD = -0.2, 0.2


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one thing. `people` are distinct authors; `bad` and `good` count posts.

    `sentiment` is the mean, from -1 to 1.
    """

    name: str
    posts: int
    people: int
    sentiment: float
    bad: int
    good: int


class RollUp(msgspec.Struct, frozen=True, kw_only=True):
    """Shares, what most people speak of first, at most MOST_SHARES.

    `looked_at` posts were looked at, and `whole` says whether these are all of the days; `said` of
    them name something of this kind.
    """

    by: By
    items: list[Share]
    looked_at: int
    said: int
    whole: bool


class Behind(msgspec.Struct, frozen=True):
    """The observations of one share, the newest first, at most AT_ONCE; `posts` counts all."""

    items: list[Observation]
    posts: int


class _Read(NamedTuple):
    one: Observation
    author: str


async def roll_up(
    db: Any, workspace_id: str, inboxes: Inboxes, days: tuple[date, date], by: By
) -> RollUp:
    """The shares of some days."""
    rows = await _rows(db, workspace_id, inboxes, days)
    reads = await asyncio.to_thread(_reads, rows[:MOST_POSTS])
    named: defaultdict[str, list[tuple[str, _Read]]] = defaultdict(list)
    said = 0
    for read in reads:
        names = list(names_of(read.one, by))
        said += bool(names)
        for name in names:
            named[folded(name)].append((name, read))
    shares = sorted(
        map(_share, named.values()), key=lambda one: (-one.people, -one.posts, one.name)
    )
    return RollUp(
        by=by,
        items=shares[:MOST_SHARES],
        looked_at=min(len(rows), MOST_POSTS),
        said=said,
        whole=len(rows) <= MOST_POSTS,
    )


async def behind(
    db: Any,
    workspace_id: str,
    inboxes: Inboxes,
    days: tuple[date, date],
    *,
    by: By,
    name: str,
) -> Behind:
    """What a share counts: as many as its figure says."""
    rows = await _rows(db, workspace_id, inboxes, days)
    reads = await asyncio.to_thread(_reads, rows[:MOST_POSTS])
    wanted = folded(name)
    found = [
        read.one for read in reads if wanted in {folded(one) for one in names_of(read.one, by)}
    ]
    return Behind(found[:AT_ONCE], len(found))


async def _rows(
    db: Any, workspace_id: str, inboxes: Inboxes, days: tuple[date, date]
) -> Sequence[Any]:
    first, last = days
    rows: Sequence[Any] = await db.fetch(
        POSTS, workspace_id, midnight(first), midnight(last) + DAY, seen_by(inboxes), None, None,
        MOST_POSTS + 1,
    )  # fmt: skip
    return rows


def _reads(rows: Iterable[Any]) -> list[_Read]:
    found = ((observation_of(row), row["author"]) for row in rows)
    return [_Read(one, author) for one, author in found if one is not None]


def names_of(one: Observation, by: By) -> Sequence[str]:
    """What an observation speaks of; several sides of it, of all else at most one."""
    if by == "aspect":
        return one.aspects
    name: str = getattr(one, by)
    return [name] if name else []


def _share(said: list[tuple[str, _Read]]) -> Share:
    """Under the name that most used; one author fifty times is one of the people."""
    names = Counter(name for name, _ in said)
    moods = [read.one.sentiment for _, read in said]
    return Share(
        name=min(names, key=lambda name: (-names[name], name)),
        posts=len(said),
        people=len({read.author for _, read in said}),
        sentiment=round(sum(moods) / len(moods), 2),
        bad=sum(mood <= BAD for mood in moods),
        good=sum(mood >= GOOD for mood in moods),
    )
