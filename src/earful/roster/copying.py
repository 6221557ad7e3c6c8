"""A week's single shifts, copied into another; not what stands for a day of a series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import msgspec

from earful.kit.refusal import Refused
from earful.roster.duties import Shift, falls_on
from earful.roster.shifts import (
    DAYS,
    FIRST,
    LAST,
    Kept,
    Pattern,
    add,
    list_shifts,
    same_as,
    times_of,
)
from earful.stream.work import Work

WEEK = timedelta(days=7)


async def copy_week(work: Work, monday: date, to: date) -> list[Kept]:
    """Copy the single shifts of one week into another. Raises Refused."""
    if monday.weekday() or to.weekday():
        raise Refused("invalid", "A week begins on a Monday.")
    if not (FIRST <= monday <= LAST and FIRST <= to <= LAST) or monday == to:
        raise Refused("invalid", "Copy a week into another week.")
    shifts = await list_shifts(work.db, work.workspace_id)
    return [await add(work, one) for one in to_copy(shifts, monday, to)]


def to_copy(shifts: Iterable[Kept], monday: date, to: date) -> list[Pattern]:
    """The single shifts of the week, as they are in the other one; pure.

    Not those that are there already. Nor those that stood for a day that was taken out of a series
    (given to a colleague, or moved) where that series falls on the day again: it would be doubled.
    """
    kept = list(shifts)
    singles = [one for one in kept if one.from_day == one.until_day]
    series = [one for one in kept if one.from_day != one.until_day]
    left = [one for one in singles if monday <= one.from_day < monday + WEEK]
    for one, day in _taken_out(series, monday, to):
        if instead := _instead(left, one, day):
            left.remove(instead)
    there = {same_as(one) for one in singles}
    moved = [_moved(one, to - monday) for one in left]
    return [one for one in moved if same_as(one) not in there and not _repeats(series, one)]


def _taken_out(series: list[Kept], monday: date, to: date) -> Iterator[tuple[Kept, date]]:
    """The days of series that were left out in the week, and are not in the other one."""
    for one in series:
        for day in one.skipped:
            if monday <= day < monday + WEEK and _falls(one, day + (to - monday)):
                yield one, day


def _instead(left: list[Kept], series: Kept, day: date) -> Kept | None:
    """The single shift that stood for that day: somebody's on it, or her own on another."""
    alike = [one for one in left if _hours(one) == _hours(series)]
    on_it = [one for one in alike if one.from_day == day]
    hers = [one for one in alike if one.agent_id == series.agent_id]
    return next(iter(on_it + hers), None)


def _repeats(series: list[Kept], single: Pattern) -> bool:
    """Whether a series of hers is the same shift on that day."""
    return any(
        one.agent_id == single.agent_id
        and _hours(one) == _hours(single)
        and _falls(one, single.from_day)
        for one in series
    )


def _hours(one: Pattern) -> tuple[Any, ...]:
    return one.team_id, one.zone, one.opens, one.closes, one.on_call


def _falls(one: Kept, day: date) -> bool:
    opens, closes = times_of(one.opens, one.closes)
    return falls_on(
        Shift(
            id=one.id, agent_id=one.agent_id, opens=opens, closes=closes, from_day=one.from_day,
            until_day=one.until_day, every=one.every, skipped=frozenset(one.skipped),
            weekdays=frozenset(map(DAYS.index, one.weekdays or DAYS)),
        ),
        day,
    )  # fmt: skip


def _moved(one: Kept, by: timedelta) -> Pattern:
    names = Pattern.__struct_fields__
    pattern = Pattern(**{name: getattr(one, name) for name in names})
    day = one.from_day + by
    return msgspec.structs.replace(pattern, from_day=day, until_day=day)
