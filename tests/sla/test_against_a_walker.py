"""Thousands of random cases, asked as a stranger would, beside one who walks minute by minute."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from earful.sla.cases import answers
from tests.sla.walker import Road, Walker, minutes_of, utc

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ROADS = [
    ("America/New_York", utc(2026, 2, 27)),
    ("America/New_York", utc(2026, 10, 24)),
    ("Europe/Berlin", utc(2024, 2, 26)),
    ("Europe/Berlin", utc(2026, 10, 20)),
    ("Europe/Dublin", utc(2025, 3, 20)),
    ("Australia/Lord_Howe", utc(2026, 4, 1)),
    ("Australia/Lord_Howe", utc(2026, 9, 28)),
    ("Africa/Casablanca", utc(2026, 2, 10)),
    ("America/Havana", utc(2026, 3, 1)),
    ("America/Sao_Paulo", utc(2018, 10, 28)),
    ("Asia/Beirut", utc(2026, 3, 22)),
    ("Antarctica/Troll", utc(2026, 10, 20)),
    ("America/Nuuk", utc(2026, 3, 22)),
    ("Pacific/Apia", utc(2011, 12, 24)),
    ("Asia/Kathmandu", utc(2026, 12, 20)),
    ("UTC", utc(2023, 12, 20)),
]
DAYS = 24
CALENDARS, STARTS = 9, 18
Day = list[tuple[int, int]]


class Made(NamedTuple):
    """A calendar in JSON, and the slots by which it is walked."""

    said: dict[str, Any]
    slots: list[tuple[int, int]]


@pytest.mark.parametrize(("zone", "start"), ROADS)
def test_a_walker_comes_to_the_same(zone: str, start: datetime) -> None:
    chance = random.Random(f"{zone} {start}")  # noqa: S311 - the same cases each time
    road = Road(zone, start, DAYS)
    asked: list[dict[str, Any]] = []
    expected: list[tuple[str, datetime | timedelta]] = []
    for _ in range(CALENDARS):
        made = _calendar(chance, zone, road)
        walker = Walker(road, made.slots)
        for _ in range(STARTS):
            at = start + timedelta(days=1, seconds=chance.randrange(18 * 86_400))
            target = timedelta(seconds=chance.choice((0, 1, 59, 600, 3600, 86_400)))
            target += timedelta(seconds=chance.randrange(40_000), microseconds=chance.randrange(3))
            case = {"calendar": made.said, "start": _instant(chance, at, zone)}
            due = walker.due(at, target)
            if due is not None:
                asked.append(case | {"target": _length(chance, target)})
                expected.append(("due", due))
            end = at + timedelta(seconds=chance.randrange(3 * 86_400))
            asked.append(case | {"end": end.isoformat()})
            expected.append(("worked", walker.worked(at, end)))
    found = list(answers(asked))
    assert len(found) == len(expected) > CALENDARS * STARTS
    for case, answer, (kind, value) in zip(asked, found, expected, strict=True):
        assert "error" not in answer, (case, answer)
        if kind == "due":
            assert datetime.fromisoformat(answer["due"]) == value, (case, answer)
        else:
            assert timedelta(seconds=answer["worked"]) == value, (case, answer)


def _calendar(chance: random.Random, zone: str, road: Road) -> Made:
    week, later = _week(chance), _week(chance)
    turn = _some_day(chance, road)
    own = {_some_day(chance, road): _slots(chance, 1440) for _ in range(chance.randrange(3))}
    gone = {_some_day(chance, road) for _ in range(chance.randrange(3))} - set(own)
    slots = []
    for day in road.dates():
        found = own.get(day, [] if day in gone else (later if day >= turn else week)[day.weekday()])
        slots += [(minutes_of(day, opens), minutes_of(day, closes)) for opens, closes in found]
    return Made(
        {
            chance.choice(("zone", "timezone", "timeZone")): zone,
            chance.choice(("week", "business_hours", "hours")): _said_week(chance, week),
            "changes": [{"starts_on": f"{turn}", "week": _said_week(chance, later)}],
            "holidays": [chance.choice((f"{day}", {"date": f"{day}"})) for day in gone],
            chance.choice(("own_days", "exceptions")): {
                f"{day}": [_said(one) for one in found] for day, found in own.items()
            },
        },
        slots,
    )


def _some_day(chance: random.Random, road: Road) -> date:
    return (road.start + timedelta(days=chance.randrange(2, DAYS - 3))).date()


def _week(chance: random.Random) -> list[Day]:
    """Days whose last slot may run past midnight, until the next day's first one at most."""
    days = [_slots(chance, 1440) for _ in range(7)]
    days[chance.randrange(7)] = [(chance.choice((0, 60, 150)), 1440)]
    for index, day in enumerate(days):
        following = days[(index + 1) % 7]
        room = following[0][0] if following else 600
        if day and day[-1][0] > 1 and day[-1][1] < 1440 and room > 0 and chance.random() < 0.4:
            day[-1] = (day[-1][0], 1440 + min(room, day[-1][0] - 1))
    return days


def _slots(chance: random.Random, until: int) -> Day:
    cuts = sorted({chance.randrange(0, until + 1, chance.choice((1, 15, 30))) for _ in range(6)})
    count = chance.choice((0, 1, 2, 3))
    return [(low, high) for low, high in zip(cuts[::2], cuts[1::2], strict=False)][:count]


def _said_week(chance: random.Random, week: list[Day]) -> Any:
    if chance.random() < 0.3:
        return [[list(_pair(slot)) for slot in day] or "closed" for day in week]
    if chance.random() < 0.3:
        return [
            {"day": name[:3], "start": _pair(slot)[0], "end": _pair(slot)[1]}
            for name, day in zip(NAMES, week, strict=True)
            for slot in day
        ]
    return {
        chance.choice((name, name[:3], name.title(), str(index + 1))): [_said(one) for one in day]
        for index, (name, day) in enumerate(zip(NAMES, week, strict=True))
    }


def _pair(slot: tuple[int, int]) -> tuple[str, str]:
    opens, closes = slot
    closes = closes if closes <= 1440 else closes - 1440
    return f"{opens // 60:02}:{opens % 60:02}", f"{closes // 60:02}:{closes % 60:02}"


def _said(slot: tuple[int, int]) -> str:
    return "-".join(_pair(slot))


def _instant(chance: random.Random, at: datetime, zone: str) -> Any:
    """The same instant with an offset, with Z, as seconds, or off the wall where that is plain."""
    local = at.astimezone(ZoneInfo(zone))
    ways: list[Any] = [at.isoformat().replace("+00:00", "Z"), local.isoformat(), at.timestamp()]
    bare = local.replace(tzinfo=None)
    if bare.replace(tzinfo=ZoneInfo(zone), fold=0) == at == local.replace(fold=1):
        ways.append(bare.isoformat())
    ways.append(f"{local.isoformat()}[{zone}]")
    return chance.choice(ways)


def _length(chance: random.Random, target: timedelta) -> Any:
    seconds, micro = divmod(target // timedelta(microseconds=1), 1_000_000)
    exact = f"{seconds}.{micro:06}" if micro else f"{seconds}"
    minutes, rest = divmod(seconds, 60)
    part = f".{micro:06}" if micro else ""
    return chance.choice(
        (f"PT{exact}S", f"{exact}s", target.total_seconds(), f"PT{minutes}M{rest}{part}S",
         {"minutes": minutes, "seconds": float(f"{rest}{part}")}, f"{minutes}m {rest}{part}s")
    )  # fmt: skip
