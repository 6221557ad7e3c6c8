"""A week's people beside its posts, hour by hour, and the stretches in which nobody is there. Pure.

A gap is exact to the instant; the posts beside it are what usually comes in its hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from earful.roster.demand import Hour
from earful.roster.duties import Duty, Span, without
from earful.sla.calendar import WEEKDAYS
from earful.sla.walls import instant_of, wall_to_count

HOUR = timedelta(hours=1)


class Cell(msgspec.Struct, frozen=True):
    """An hour of the week. `people`: on shift on average; `least`: share of it with somebody there.

    `posts` is what usually comes in it.
    """

    weekday: int
    hour: int
    people: float
    covered: float
    posts: float


class Gap(msgspec.Struct, frozen=True):
    """A stretch with nobody on shift, and the posts that usually come in it."""

    starts_at: datetime
    ends_at: datetime
    posts: float
    words: str


class Coverage(msgspec.Struct, frozen=True):
    """`weeks`: how many were counted, at first a part of one. `rostered`: there are shifts."""

    monday: date
    zone: str
    weeks: float
    rostered: bool
    cells: list[Cell]
    gaps: list[Gap]


def week_of(monday: date, zone: ZoneInfo) -> Span:
    """From the Monday's midnight to the next one's, on the wall clocks of the zone."""
    start = instant_of(wall_to_count(zone, monday, 0))
    return start, instant_of(wall_to_count(zone, monday + timedelta(days=7), 0))


def usual(hours: Iterable[Hour], weeks: float, zone: ZoneInfo) -> dict[tuple[int, int], float]:
    """Posts in an hour of the week; where zones differ by odd minutes, by the middle of it."""
    sums: dict[tuple[int, int], float] = {}
    for one in hours:
        local = (one.hour + HOUR / 2).astimezone(zone)
        key = (local.weekday(), local.hour)
        sums[key] = sums.get(key, 0.0) + one.posts / max(weeks, 1.0)
    return sums


def cells(
    found: list[Duty], span: Span, zone: ZoneInfo, posts: dict[tuple[int, int], float]
) -> list[Cell]:
    """The week's hours in order. One that never comes is missing; one that comes twice is one."""
    people: dict[tuple[int, int], list[float]] = {}
    start, end = span
    shifts = [(duty.starts_at, duty.ends_at) for duty in once(found)]
    empty = gaps_in(found, span)
    at = start
    while at < end:
        local = at.astimezone(zone)
        sums = people.setdefault((local.weekday(), local.hour), [0.0, 0.0, 0.0])
        upto = min(at + HOUR, end)
        sums[0] += 1
        sums[1] += sum(_overlap(one, (at, upto)) for one in shifts) / 3600
        sums[2] += 1 - sum(_overlap(one, (at, upto)) for one in empty) / 3600
        at = upto
    return [
        Cell(key[0], key[1], round(had / n, 3), round(there / n, 3), round(posts.get(key, 0.0), 2))
        for key, (n, had, there) in sorted(people.items())
    ]


def gaps_in(found: list[Duty], span: Span) -> list[Span]:
    """The stretches of the week in which nobody is on shift."""
    return without(span, [(duty.starts_at, duty.ends_at) for duty in found if not duty.on_call])


def named(empty: list[Span], zone: ZoneInfo, posts: dict[tuple[int, int], float]) -> list[Gap]:
    """The gaps in words."""
    named = []
    for start, end in empty:
        usually = _usually(start, end, zone, posts)
        named.append(Gap(start, end, round(usually, 1), _words(start, end, zone, usually)))
    return named


def _words(start: datetime, end: datetime, zone: ZoneInfo, posts: float) -> str:
    """ "Saturday 20:00–23:00: nobody, usually 14 posts"."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    until = f"{last:%H:%M}"
    if last.date() != first.date():
        same = last.hour == last.minute == 0 and last.date() - first.date() == timedelta(days=1)
        until = "24:00" if same else f"{WEEKDAYS[last.weekday()]} {until}"
    count = round(posts)
    usually = "usually no posts" if not count else f"usually {count} post{'s' * (count != 1)}"
    return f"{WEEKDAYS[first.weekday()]} {first:%H:%M}–{until}: nobody, {usually}"


def _usually(
    start: datetime, end: datetime, zone: ZoneInfo, posts: dict[tuple[int, int], float]
) -> float:
    total, at = 0.0, start
    while at < end:
        local = at.astimezone(zone)
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        upto = min(end, at + HOUR - into)
        total += posts.get((local.weekday(), local.hour), 0.0) * ((upto - at) / HOUR)
        at = upto
    return total


def once(found: list[Duty]) -> list[Duty]:
    """Each agent's duties merged: two shifts at once make no second person."""
    merged: list[Duty] = []
    for duty in sorted(found, key=lambda one: (one.agent_id, one.starts_at)):
        last = merged[-1] if merged else None
        if duty.on_call:
            continue
        if last and last.agent_id == duty.agent_id and duty.starts_at <= last.ends_at:
            merged[-1] = msgspec.structs.replace(last, ends_at=max(last.ends_at, duty.ends_at))
        else:
            merged.append(duty)
    return merged


def _overlap(one: Span, other: Span) -> float:
    """Seconds they share."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0.0, shared.total_seconds())
