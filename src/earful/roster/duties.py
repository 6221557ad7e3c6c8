"""From shifts and absences to who is on duty when. Pure; instants are UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import msgspec

from earful.sla.calendar import DAY
from earful.sla.walls import instant_of, wall_to_count, zone_of

Span = tuple[datetime, datetime]


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern of days with wall-clock times of `zone`; a single shift begins and ends on one day.

    `opens` and `closes` are seconds after the midnight of the day on which it begins; `closes` may
    lie in the next day. `weekdays` count from Monday, 0. In every `every`-th week, counted from
    that of `from_day`; on no day in `skipped`.
    """

    id: str
    agent_id: str
    team_id: str | None = None
    zone: str = "UTC"
    weekdays: frozenset[int] = frozenset(range(7))
    opens: int
    closes: int
    from_day: date
    until_day: date | None = None
    every: int = 1
    skipped: frozenset[date] = frozenset()
    on_call: bool = False


class Away(msgspec.Struct, frozen=True):
    """A stretch in which an agent is absent, whatever her shifts say."""

    agent_id: str
    starts_at: datetime
    ends_at: datetime


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """An agent on shift, or on call, from `starts_at` until `ends_at`; `day` names the shift's."""

    starts_at: datetime
    ends_at: datetime
    agent_id: str
    team_id: str | None
    on_call: bool
    shift_id: str
    day: date


def falls_on(shift: Shift, day: date) -> bool:
    """Whether the shift begins on that day of its zone."""
    if day < shift.from_day or (shift.until_day is not None and day > shift.until_day):
        return False
    if day.weekday() not in shift.weekdays or day in shift.skipped:
        return False
    weeks = (_monday(day) - _monday(shift.from_day)) // 7
    return weeks % shift.every == 0


def duties(
    shifts: Iterable[Shift], aways: Iterable[Away], start: datetime, end: datetime
) -> list[Duty]:
    """All duties that touch [start, end), in order; an absence cuts out what it covers.

    They are not clipped to the window: who asks for one instant learns how long the duty lasts.
    """
    absent: dict[str, list[Span]] = {}
    for away in aways:
        absent.setdefault(away.agent_id, []).append((away.starts_at, away.ends_at))
    found = []
    for shift in shifts:
        for day, span in _spans(shift, start, end):
            for begins, ends in without(span, absent.get(shift.agent_id, [])):
                if begins < end and ends > start:
                    found.append(_duty(shift, day, begins, ends))
    return sorted(found, key=lambda duty: (duty.starts_at, duty.ends_at, duty.agent_id))


def without(span: Span, holes: Iterable[Span]) -> list[Span]:
    """What is left of `span`."""
    left = [span]
    for low, high in holes:
        left = (
            [
                part
                for start, end in left
                for part in ((start, min(end, low)), (max(start, high), end))
                if part[0] < part[1]
            ]
            if low < high
            else left
        )
    return left


def _spans(shift: Shift, start: datetime, end: datetime) -> Iterator[tuple[date, Span]]:
    zone = zone_of(shift.zone)
    # A shift of the day before may last into the window, and zones reach a day to either side.
    first = max(shift.from_day, start.date() - timedelta(days=3))
    last = end.date() + timedelta(days=1)
    if shift.until_day is not None:
        last = min(last, shift.until_day)
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if falls_on(shift, day):
            begins = wall_to_count(zone, day, shift.opens)
            ends = wall_to_count(zone, day, shift.closes)
            if begins < ends:  # one that lies in the hour that never comes is none
                yield day, (instant_of(begins), instant_of(ends))


def _duty(shift: Shift, day: date, begins: datetime, ends: datetime) -> Duty:
    return Duty(
        starts_at=begins,
        ends_at=ends,
        agent_id=shift.agent_id,
        team_id=shift.team_id,
        on_call=shift.on_call,
        shift_id=shift.id,
        day=day,
    )


def _monday(day: date) -> int:
    return day.toordinal() - day.weekday()


LONGEST = 2 * DAY
"""Seconds after its midnight at which a shift ends at the latest."""
