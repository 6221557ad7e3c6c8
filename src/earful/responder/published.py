"""The hours as customers read them: in lines, as a line for a profile, and whether that agrees."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale
from babel.dates import format_time, get_day_names, get_timezone_name

from earful.kit.refusal import NotFound
from earful.responder.rules import rules_of
from earful.responder.wording import locale_of
from earful.sla.calendar import ALWAYS, DAY, Calendar, Slot, Week
from earful.sla.errors import HoursError
from earful.sla.hours import is_open, next_open
from earful.sla.keeping import find_hours


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """An inbox's hours for customers. `lines` are those of the week ("Mon-Fri 9:00-17:00"), `bio`
    one line for a profile; `opens_at` is now when open, None where it never opens again."""

    zone: str
    open: bool
    opens_at: datetime | None
    lines: list[str]
    bio: str


async def published(
    db: Any, workspace_id: str, inbox_id: str, now: datetime, language: str = ""
) -> tuple[Published, Calendar] | None:
    """The hours that the inbox says somebody is there; None where none are chosen."""
    rules = await rules_of(db, workspace_id, inbox_id)
    if rules.hours_id is None:
        return None
    try:
        calendar = (await find_hours(db, workspace_id, rules.hours_id)).calendar
    except NotFound:
        return None
    locale = locale_of(language or rules.language)
    lines = lines_of(week_at(calendar, now), locale)
    zone = get_timezone_name(now.astimezone(ZoneInfo(calendar.zone)), "short", locale=locale)
    try:
        opens_at = next_open(now, calendar)
    except HoursError:
        opens_at = None
    found = Published(
        zone=calendar.zone,
        open=is_open(now, calendar),
        opens_at=opens_at,
        lines=lines,
        bio=" · ".join(lines) + (f" ({zone})" if lines and lines != [ROUND] else ""),
    )
    return found, calendar


ROUND = "24/7"


def week_at(calendar: Calendar, now: datetime) -> Week:
    """The week that holds now: that of the newest change that has begun."""
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    begun = [change for change in calendar.changes if change.starts_on <= today]
    return begun[-1].week if begun else calendar.week


def lines_of(week: Week, locale: Locale) -> list[str]:
    """A week in lines: days that are alike and follow one another stand together."""
    if week == ALWAYS:
        return [ROUND]
    names = get_day_names("abbreviated", locale=locale)
    groups: list[tuple[int, int, tuple[Slot, ...]]] = []
    for day, slots in enumerate(week):
        if groups and groups[-1][2] == slots:
            groups[-1] = (groups[-1][0], day, slots)
        else:
            groups.append((day, day, slots))
    return [
        f"{_days(first, last, names)} {', '.join(_slot(slot, locale) for slot in slots)}"
        for first, last, slots in groups
        if slots
    ]


def _days(first: int, last: int, names: Any) -> str:
    one, other = str(names[first]).rstrip("."), str(names[last]).rstrip(".")
    return one if first == last else f"{one}\u2013{other}"


def _slot(slot: Slot, locale: Locale) -> str:
    return f"{_time(slot.opens, locale)}\u2013{_time(slot.closes, locale)}"


def _time(seconds: int, locale: Locale) -> str:
    if seconds == DAY:
        return "24:00"
    hours, rest = divmod(seconds % DAY, 3600)
    at = time(hours, rest // 60)
    return str(format_time(at, "short", locale=locale)).replace("\u202f", " ")


_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(a\.?m\.?|p\.?m\.?|uhr|h)?"
_RANGE = re.compile(
    rf"(?<![\d.:/]){_CLOCK}\s*(?:-|\u2013|\u2014|to|bis|until|till|a|\u00e0|al?)\s*{_CLOCK}(?![\d/])",
    re.IGNORECASE,
)
_ROUND = re.compile(r"24\s*/\s*7|24x7|around the clock|rund um die uhr", re.IGNORECASE)


def spans_said(bio: str) -> set[tuple[int, int]]:
    """The stretches of a day that a profile names, in minutes after midnight."""
    found = set()
    for match in _RANGE.finditer(bio):
        # "1 to 5pm" is in one half of the day, "9 to 5pm" is not.
        same = match[6] if int(match[1]) < int(match[4]) else ""
        opens = _minutes(match[1], match[2], match[3] or same)
        closes = _minutes(match[4], match[5], match[6])
        if opens is not None and closes is not None and opens != closes:
            found.add((opens, closes))
    return found


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    mark = (half or "").lower().replace(".", "")
    if mark == "pm" and hours < 12:
        hours += 12
    if mark == "am" and hours == 12:
        hours = 0
    return hours * 60 + minutes if hours <= 24 and minutes < 60 else None


def disagreement(bio: str, calendar: Calendar, now: datetime) -> str:
    """What a profile says that the hours don't, in words; empty where nothing was found.

    A profile that names no hours disagrees with none.
    """
    week = week_at(calendar, now)
    if _ROUND.search(bio) and week != ALWAYS:
        return "It says somebody is there around the clock."
    ours = {(slot.opens // 60, slot.closes // 60 % 1440) for day in week for slot in day}
    said = {(opens, closes % 1440) for opens, closes in spans_said(bio)}
    wrong = sorted(said - ours)
    if not wrong:
        return ""
    words = ", ".join(f"{a // 60}:{a % 60:02}\u2013{b // 60}:{b % 60:02}" for a, b in wrong)
    return f"It says {words}, which are not the hours."
