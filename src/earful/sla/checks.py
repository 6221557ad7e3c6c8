"""Hours that make sense, or a refusal that names the day and both slots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from earful.sla.calendar import DAY, WEEKDAYS, Calendar, Slot, Week
from earful.sla.errors import HoursError, NeverOpen
from earful.sla.public_holidays import check_region
from earful.sla.walls import place_of

MOST_SLOTS = 48
"""Slots of one day."""


def check_calendar(calendar: Calendar) -> None:
    """Raises HoursError, or NeverOpen for hours without any open minute."""
    place_of(calendar.zone)
    weeks = [calendar.week, *(change.week for change in calendar.changes)]
    for week in weeks:
        check_week(week)
    _once((f"{change.starts_on}" for change in calendar.changes), "Two changes begin on")
    _once((f"{own.day}" for own in calendar.own_days if not own.yearly), "Two entries are for")
    for own in calendar.own_days:
        _check_day(own.slots, f"{own.day}")
    for region in calendar.regions:
        check_region(region)
    if not any(any(week) for week in weeks) and not any(own.slots for own in calendar.own_days):
        raise NeverOpen("These hours have no open minute. Add at least one slot.")


def check_week(week: Week) -> None:
    """Raises HoursError where two slots overlap, also across midnight and from Sunday to Monday."""
    for index, slots in enumerate(week):
        _check_day(slots, WEEKDAYS[index])
        late = max((slot.closes for slot in slots), default=0) - DAY
        following = week[(index + 1) % 7]
        if following and late > following[0].opens:
            last = max(slots, key=lambda slot: slot.closes)
            raise HoursError(
                f"{WEEKDAYS[index]} {said(last)} runs into {WEEKDAYS[(index + 1) % 7]}"
                f" {said(following[0])}. End the one before the other begins."
            )


def _check_day(slots: tuple[Slot, ...], day: str) -> None:
    if len(slots) > MOST_SLOTS:
        raise HoursError(f"{day} has more than {MOST_SLOTS} slots.")
    for slot in slots:
        if not 0 <= slot.opens < DAY or not slot.opens < slot.closes <= slot.opens + DAY:
            raise HoursError(f"{day} {said(slot)} is not a stretch of a day.")
    for one, other in pairwise(slots):
        if other.opens < one.closes:
            raise HoursError(
                f"{day} {said(one)} and {said(other)} overlap. Make one slot of them,"
                " or end the one before the other begins."
            )


def _once(names: Iterable[str], words: str) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise HoursError(f"{words} {name}. Keep one.")


def said(slot: Slot) -> str:
    """A slot in words, such as 09:00–17:30; 24:00 for the midnight at its end."""
    closes = slot.closes if slot.closes <= DAY else slot.closes - DAY
    return f"{clock_time(slot.opens)}–{clock_time(closes)}"


def clock_time(seconds: int) -> str:
    """A time of day as HH:MM, with seconds where it has some."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
