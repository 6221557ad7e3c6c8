"""When somebody is there: a calendar of hours, as plain values.

A slot is wall-clock time of its calendar's zone and belongs to the day on which it opens, also
where it runs past midnight. Which slots a day has: its own, if the calendar names the day; none
on a public holiday; else those of its weekday, in the newest change that has begun.
"""

from __future__ import annotations

from datetime import date

import msgspec

DAY = 86_400
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Slot(msgspec.Struct, frozen=True, order=True):
    """Open from `opens` until `closes`, in seconds after the midnight at which its day begins.

    `opens` is less than 86400; `closes` is at most a day later, so it may be past midnight.
    """

    opens: int
    closes: int


WHOLE_DAY = (Slot(0, DAY),)
Week = tuple[tuple[Slot, ...], ...]
"""The slots of seven days, Monday first, each in order."""
ALWAYS: Week = (WHOLE_DAY,) * 7
NEVER: Week = ((),) * 7


class Change(msgspec.Struct, frozen=True):
    """Other hours from a date on."""

    starts_on: date
    week: Week


class Region(msgspec.Struct, frozen=True):
    """Whose public holidays are kept: ISO 3166 codes, such as DE and BY."""

    country: str
    subdivision: str = ""


class OwnDay(msgspec.Struct, frozen=True):
    """A day with hours of its own: none when it is closed."""

    day: date
    slots: tuple[Slot, ...] = ()
    name: str = ""
    yearly: bool = False
    """Whether it comes back on the same date each year, from `day` on (29 February: leap years)."""


class Calendar(msgspec.Struct, frozen=True, cache_hash=True):
    """The hours of a place. `week` holds until the first change begins."""

    zone: str = "UTC"
    week: Week = ALWAYS
    changes: tuple[Change, ...] = ()
    """In the order in which they begin."""
    regions: tuple[Region, ...] = ()
    own_days: tuple[OwnDay, ...] = ()


AROUND_THE_CLOCK = Calendar()
