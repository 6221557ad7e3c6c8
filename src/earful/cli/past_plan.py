"""Who wrote when in the weeks before a rehearsal, and how it went: pure, fixed by the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from earful.networks.rehearsal.dice import dice
from earful.sla.errors import HoursError
from earful.sla.walls import zone_of

LASTED = timedelta(days=28)
CLOSES = timedelta(minutes=45)
"""Before the rehearsal begins nobody new writes for so long: everybody has been answered by then.
The town's own backlog stands there from 20 minutes before."""
BY_WEEKDAY = (11, 10, 10, 9, 10, 5, 3)
"""Posts of a day, Monday first, give or take one."""
BY_HOUR = (*(0,) * 7, 2, 4, 6, 7, 7, 6, 5, 6, 6, 6, 7, 8, 7, 5, 3, 0, 0)
"""How likely each hour of the day is, on the wall."""
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


class Turn(NamedTuple):
    """A shift that repeats every week: whose (by handle), on which days, from when until when."""

    handle: str
    weekdays: tuple[str, ...]
    opens: int
    closes: int


TURNS = (
    Turn("bob", WORKDAYS, 7, 15),
    Turn("alice", WORKDAYS, 9, 17),
    Turn("priya", WORKDAYS, 14, 22),
    Turn("bob", ("sat",), 10, 16),
)
"""Nobody has the Sunday, nor Saturday evening: the coverage shows two gaps."""


class Story(NamedTuple):
    """One conversation. `again`: the number of the story whose customer comes back.

    `ends` is answered, twice (asked back first) or needless (ended without an answer). `promise` is
    kept, broken or empty; `private` ones are asked for a rating.
    """

    number: int
    at: datetime
    again: int | None
    ends: str
    late: bool
    promise: str
    private: bool
    handle: str


def stories(seed: int, now: datetime, zone: ZoneInfo) -> list[Story]:
    """All stories of the LASTED before `now`, the oldest first."""
    found: list[Story] = []
    customers: dict[int, datetime] = {}
    for number, at in enumerate(_instants(seed, now, zone)):
        die = dice(seed, "story", number)
        private = number % 9 == 4
        promise = "broken" if number == 100 else "kept" if number % 30 == 20 else ""
        ends = "answered"
        if not (promise or private):
            ends = die.choices(("answered", "twice", "needless"), (76, 17, 7))[0]
        again = None if private or promise else _back(die, customers, at)
        customers[number if again is None else again] = at
        on_duty = _on_duty(at.astimezone(zone))
        # Who finds nobody on shift is answered by somebody who looked in, and often too late.
        late = die.random() < (0.045 if on_duty else 0.3) and not (private or promise)
        handle = die.choice(on_duty or ["alice", "bob", "priya"])
        found.append(Story(number, at, again, ends, late, promise, private, handle))
    return found


def answered_after(die: random.Random, left: timedelta, *, late: bool) -> timedelta:
    """How long an answer took where `left` were promised: about four minutes in the middle."""
    if late:
        return left * die.uniform(1.05, 1.9)
    took = timedelta(seconds=round(die.lognormvariate(5.48, 0.7), 3))
    return min(took, left * 0.93)


def zone_here() -> str:
    """The name of this machine's time zone; UTC where it does not say."""
    _, _, name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
    try:
        return zone_of(name.removeprefix("Etc/")).key if name else "UTC"
    except HoursError:
        return "UTC"


def _instants(seed: int, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    first, last = now - LASTED, now - CLOSES
    day = first.astimezone(zone).date()
    while day <= last.astimezone(zone).date():
        yield from (at for at in _day(seed, day, zone) if first < at < last)
        day += timedelta(days=1)


def _day(seed: int, day: date, zone: ZoneInfo) -> list[datetime]:
    die = dice(seed, "day", day.isoformat())
    hours = die.choices(range(24), BY_HOUR, k=BY_WEEKDAY[day.weekday()] + die.randint(-1, 1))
    return sorted(
        datetime(
            day.year, day.month, day.day, hour, die.randrange(60), die.randrange(60), tzinfo=zone
        )
        for hour in hours
    )


def _back(die: random.Random, customers: dict[int, datetime], at: datetime) -> int | None:
    """Somebody who wrote before, two days ago or earlier: one in eight."""
    known = [number for number, wrote in customers.items() if at - wrote > timedelta(days=2)]
    return die.choice(known) if known and die.random() < 1 / 8 else None


def _on_duty(wall: datetime) -> list[str]:
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[wall.weekday()]
    return [
        turn.handle
        for turn in TURNS
        if day in turn.weekdays and turn.opens <= wall.hour < turn.closes
    ]
