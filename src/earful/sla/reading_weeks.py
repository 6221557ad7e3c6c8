"""A week and its slots from JSON, read liberally."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from earful.sla.calendar import ALWAYS, DAY, NEVER, WEEKDAYS, Slot, Week
from earful.sla.errors import HoursError
from earful.sla.fields import SAYS_CLOSED, closed, first, only, plain

ALWAYS_WORDS = ("24x7", "24/7", "always", "calendar", "24h", "all day")
CLOSED_WORDS = ("closed", "off", "none")
OPENS = ("opens", "from", "start", "open", "opens_at", "open_at", "open_time", "start_time",
         "starts_at", "begin")  # fmt: skip
CLOSES = ("closes", "to", "end", "until", "close", "closes_at", "close_at", "close_time",
          "end_time", "ends_at")  # fmt: skip
SLOTS = ("slots", "hours", "intervals", "ranges", "timeframes", "times", "periods", "windows")
_DAY = ("day", "weekday", "days", "weekdays", "day_of_week", "date")
_SLOT = {*OPENS, *CLOSES, *SLOTS, *_DAY, *SAYS_CLOSED, "name", "label", "id"}
_GROUPS = {
    **dict.fromkeys(("daily", "every day", "everyday", "*"), range(7)),
    **dict.fromkeys(("weekdays", "workdays", "weekday"), range(5)),
    **dict.fromkeys(("weekend", "weekends"), range(5, 7)),
}
_TIME = re.compile(
    r"t?(\d{1,2})(?::?([0-5]\d))?(?::?([0-5]\d)(?:\.0+)?)?\s*(am|pm|a\.m\.|p\.m\.)?", re.I
)
_BETWEEN = re.compile(r"\s*(?:[-–—/]|\bto\b|\buntil\b)\s*", re.I)
_AND = re.compile(r"[,;&]|\band\b", re.I)
_LINE = re.compile(r"([a-z][a-z,\s–-]*?)[\s:]+(\d.*|closed|off)", re.I)


def read_week(data: object, always: bool = False) -> Week:
    """Seven days. Raises HoursError. Nothing is a closed week, or with `always` an open one."""
    if data is None:
        return ALWAYS if always else NEVER
    if isinstance(data, str) and data.strip().lower() in ALWAYS_WORDS:
        return ALWAYS
    days: list[list[Slot]] = [[] for _ in range(7)]
    for name, slots in _entries(data):
        for index in weekdays(name):
            days[index] += read_slots(slots)
    return tuple(tuple(sorted(slots)) for slots in days)


def _entries(data: object) -> Iterable[tuple[object, object]]:
    if isinstance(data, Mapping):
        return data.items()
    if isinstance(data, str):
        data = [part for part in data.split(";") if part.strip()]
    if isinstance(data, list):
        lines = [_LINE.fullmatch(one.strip()) for one in data if isinstance(one, str)]
        if len(lines) == len(data) and all(lines):
            return [(line[1], line[2]) for line in lines if line]
        if all(isinstance(one, Mapping) for one in data):
            return [(_day_of(plain(one)), one) for one in data]
        if len(data) == 7 and not any(isinstance(one, Mapping) for one in data):
            return zip(WEEKDAYS, data, strict=True)
    raise HoursError(
        "A week is an object of weekdays, seven lists from Monday, or slots with days."
    )


def _day_of(entry: Mapping[str, Any]) -> object:
    day = first(entry, _DAY)
    if day is None:
        raise HoursError("A slot in a list says its day, such as mon or mon-fri.")
    return day


def weekdays(name: object) -> list[int]:
    """Monday is 0 here; outside, 1 to 7 from Monday, and 0 is Sunday as well."""
    if isinstance(name, list):
        return [index for one in name for index in weekdays(one)]
    text = str(name).strip().lower()
    if text in _GROUPS:
        return list(_GROUPS[text])
    if "," in text:
        return [index for one in text.split(",") for index in weekdays(one)]
    start, *end = _BETWEEN.split(text.replace("_", "-"), 1)
    if end:
        begin, last = _weekday(start), _weekday(end[0])
        return [(begin + step) % 7 for step in range((last - begin) % 7 + 1)]
    return [_weekday(text)]


def _weekday(name: str) -> int:
    name = name.strip()
    if name.isdecimal() and int(name) <= 7:
        return (int(name) - 1) % 7
    found = [i for i, day in enumerate(WEEKDAYS) if len(name) > 1 and day.lower().startswith(name)]
    if len(found) != 1:
        raise HoursError(f"“{name[:40]}” is not a weekday. Write mon to sun, or 1 (Monday) to 7.")
    return found[0]


def read_slots(data: object) -> tuple[Slot, ...]:
    """Slots of one day, in order: `"09:00-17:00"`, pairs, objects, or several of them."""
    if data is None or data is False:
        return ()
    if isinstance(data, str):
        if data.strip().lower() in CLOSED_WORDS:
            return ()
        return tuple(sorted(_slot_of(part) for part in _AND.split(data) if part.strip()))
    if isinstance(data, Mapping):
        return _slots_of_object(plain(data))
    if isinstance(data, list):
        if len(data) == 2 and all(_is_time(one) for one in data):
            return (_slot(data[0], data[1]),)
        return tuple(sorted(slot for one in data for slot in read_slots(one)))
    raise HoursError('Slots are a list such as ["09:00-12:00", "13:00-17:00"].')


def _slots_of_object(data: Mapping[str, Any]) -> tuple[Slot, ...]:
    only(data, _SLOT, "A slot")
    if closed(data):
        return ()
    several = first(data, SLOTS)
    if several is not None:
        return read_slots(several)
    if any(name in data for name in SLOTS):
        return ()
    return (_slot(first(data, OPENS), first(data, CLOSES)),)


def _is_time(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (
        isinstance(value, str) and _TIME.fullmatch(value.strip()) is not None
    )


def _slot_of(text: str) -> Slot:
    if text.strip().lower() in ALWAYS_WORDS:
        return Slot(0, DAY)
    opens, *closes = _BETWEEN.split(text.strip(), 1)
    if not closes:
        raise HoursError(f"“{text[:40]}” is not a slot. Write it as 09:00-17:00.")
    return _slot(opens, closes[0])


def _slot(opens: object, closes: object) -> Slot:
    start, end = _time(opens), _time(closes)
    if start >= DAY or end > 2 * DAY:
        raise HoursError(f"{opens}–{closes} is not a slot of a day.")
    if end == start:
        raise HoursError(
            f"{opens}–{closes} is empty: it ends when it begins. A whole day is 00:00-24:00."
        )
    return Slot(start, end if end > start else end + DAY)


def _time(value: object) -> int:
    """Seconds after midnight, of `HH:MM`, `HH:MM:SS`, `5 pm`, or an hour as a number."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 48:
        seconds = value * 3600
        if seconds == int(seconds):
            return int(seconds)
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not _hour_fits(int(found[1]), found[4]):
        raise HoursError(f"“{str(value)[:40]}” is not a time of day. Write it as 09:00.")
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    if found[4]:
        hours = hours % 12 + (12 if found[4].lower().startswith("p") else 0)
    return (hours * 60 + minutes) * 60 + seconds


def _hour_fits(hour: int, half: str | None) -> bool:
    return 1 <= hour <= 12 if half else hour <= 48
