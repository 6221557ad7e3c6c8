"""A calendar from JSON, read liberally: several names for one thing, several ways to write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from earful.sla.calendar import (
    ALWAYS,
    AROUND_THE_CLOCK,
    DAY,
    NEVER,
    WEEKDAYS,
    Calendar,
    Change,
    OwnDay,
    Region,
    Slot,
    Week,
)
from earful.sla.checks import check_calendar
from earful.sla.errors import HoursError

_ALWAYS = ("24x7", "24/7", "always", "calendar")
_ZONE = ("zone", "time_zone", "timezone", "tz")
_WEEK = ("week", "hours", "business_hours", "slots", "schedule", "weekly")
_OWN = ("own_days", "days", "exceptions", "special_days")
_CHANGES = ("changes", "versions")
_FROM = ("starts_on", "from", "valid_from", "since")
_OPENS = ("opens", "from", "start", "open")
_CLOSES = ("closes", "to", "end", "until", "close")
_DAY = ("day", "date", "weekday", "days")
_GROUPS = {
    **dict.fromkeys(("daily", "every day", "*"), range(7)),
    **dict.fromkeys(("weekdays", "workdays"), range(5)),
    **dict.fromkeys(("weekend", "weekends"), range(5, 7)),
}
_TIME = re.compile(r"(\d{1,2})(?::?([0-5]\d))?(?::?([0-5]\d))?")


def read_calendar(data: object, zone: str | None = None) -> Calendar:
    """The calendar that `data` says, checked. `zone` is used where it names none.

    Raises HoursError with what to mend.
    """
    if data is None or (isinstance(data, str) and data.lower() in _ALWAYS):
        return Calendar(zone=zone) if zone else AROUND_THE_CLOCK
    if not isinstance(data, Mapping):
        raise HoursError("A calendar is an object with a zone and a week, or “24x7”.")
    _refuse_unknown(data)
    country = data.get("country")
    regions = [*_many(data.get("regions")), *([data] if country else [])]
    holidays = _many(data.get("holidays"))
    regions += [one for one in holidays if isinstance(one, Mapping) and one.get("country")]
    own = [one for one in holidays if not (isinstance(one, Mapping) and one.get("country"))]
    calendar = Calendar(
        zone=str(_first(data, _ZONE) or zone or "UTC"),
        week=_read_week(_first(data, _WEEK), bool(data.get("always") or data.get("24x7"))),
        changes=_read_changes(_many(_first(data, _CHANGES))),
        regions=tuple(dict.fromkeys(_read_region(one) for one in regions)),
        own_days=tuple(_read_own(one) for one in [*own, *_own(_first(data, _OWN))]),
    )
    check_calendar(calendar)
    return calendar


_KNOWN = {
    *_ZONE, *_WEEK, *_OWN, *_CHANGES,
    "country", "subdivision", "regions", "holidays", "always", "24x7", "name", "id",
}  # fmt: skip


def _refuse_unknown(data: Mapping[str, Any]) -> None:
    strange = sorted(set(data) - _KNOWN)
    if strange:
        raise HoursError(f"A calendar has no “{strange[0]}”.")


def _read_week(data: object, always: bool) -> Week:
    if data is None:
        return ALWAYS if always else NEVER
    if isinstance(data, str) and data.lower() in _ALWAYS:
        return ALWAYS
    days: list[list[Slot]] = [[] for _ in range(7)]
    for name, slots in _week_entries(data):
        for index in _weekdays(name):
            days[index] += read_slots(slots)
    return tuple(tuple(sorted(slots)) for slots in days)


def _week_entries(data: object) -> Iterable[tuple[object, object]]:
    if isinstance(data, Mapping):
        return data.items()
    if isinstance(data, list) and len(data) == 7 and all(isinstance(one, list) for one in data):
        return zip(WEEKDAYS, data, strict=True)
    if isinstance(data, list) and all(isinstance(one, Mapping) for one in data):
        return [(_first(one, _DAY), _slots_of(one)) for one in data]
    raise HoursError(
        "A week is an object of weekdays, seven lists from Monday, or slots with days."
    )


def _slots_of(entry: Mapping[str, Any]) -> object:
    return entry.get("slots", [entry])


def _weekdays(name: object) -> list[int]:
    """Monday is 0 here; outside, 1 to 7 from Monday, and 0 is Sunday as well."""
    if isinstance(name, list):
        return [index for one in name for index in _weekdays(one)]
    text = str(name).strip().lower()
    if text in _GROUPS:
        return list(_GROUPS[text])
    if "," in text:
        return [index for one in text.split(",") for index in _weekdays(one)]
    first, dash, last = text.replace("–", "-").partition("-")
    if dash:
        start, end = _weekday(first), _weekday(last)
        return [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    return [_weekday(text)]


def _weekday(name: str) -> int:
    name = name.strip()
    if name.isdigit() and int(name) <= 7:
        return (int(name) - 1) % 7
    found = [i for i, day in enumerate(WEEKDAYS) if len(name) > 1 and day.lower().startswith(name)]
    if len(found) != 1:
        raise HoursError(f"“{name}” is not a weekday. Write mon to sun, or 1 (Monday) to 7.")
    return found[0]


def read_slots(data: object) -> tuple[Slot, ...]:
    """Slots of one day, in order: `"09:00-17:00"`, pairs, objects, or several of them."""
    if data is None or data is False or data == "closed":
        return ()
    if isinstance(data, str):
        return tuple(sorted(_slot_of(part) for part in data.split(",") if part.strip()))
    if isinstance(data, Mapping):
        return (_slot(_first(data, _OPENS), _first(data, _CLOSES)),)
    if isinstance(data, list):
        if len(data) == 2 and all(isinstance(one, str) and "-" not in one for one in data):
            return (_slot(data[0], data[1]),)
        return tuple(sorted(slot for one in data for slot in read_slots(one)))
    raise HoursError('Slots are a list such as ["09:00-12:00", "13:00-17:00"].')


def _slot_of(text: str) -> Slot:
    if text.strip().lower() in _ALWAYS:
        return Slot(0, DAY)
    opens, dash, closes = text.replace("–", "-").partition("-")
    if not dash:
        raise HoursError(f"“{text[:40]}” is not a slot. Write it as 09:00-17:00.")
    return _slot(opens, closes)


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
    """Seconds after midnight, of `HH:MM`, `HH:MM:SS` or an hour."""
    found = _TIME.fullmatch(str(value).strip()) if isinstance(value, str) else None
    if not found or int(found[1]) > 48:
        raise HoursError(f"“{value}” is not a time of day. Write it as 09:00.")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (hours * 60 + minutes) * 60 + seconds


def _read_changes(data: list[Any]) -> tuple[Change, ...]:
    changes = []
    for one in data:
        if not isinstance(one, Mapping):
            raise HoursError("A change of hours is an object with starts_on and a week.")
        always = bool(one.get("always") or one.get("24x7"))
        changes.append(Change(_date(_first(one, _FROM)), _read_week(_first(one, _WEEK), always)))
    return tuple(sorted(changes, key=lambda change: change.starts_on))


def _read_region(data: object) -> Region:
    if isinstance(data, str):
        country, _, subdivision = data.partition("-")
        return Region(country.upper(), subdivision)
    if not isinstance(data, Mapping) or not isinstance(data.get("country"), str):
        raise HoursError("A region is an object with a country, such as DE, and a subdivision.")
    return Region(data["country"].upper(), str(data.get("subdivision") or ""))


def _own(data: object) -> list[Any]:
    """Days given as a list, or by date."""
    if isinstance(data, Mapping):
        return [{"day": day, "slots": slots} for day, slots in data.items()]
    return _many(data)


def _read_own(data: object) -> OwnDay:
    if not isinstance(data, Mapping):
        data = {"day": data}
    text = str(_first(data, ("day", "date")))
    yearly = bool(data.get("yearly")) or re.fullmatch(r"(--)?\d\d-\d\d", text) is not None
    day = _date(f"0004-{text.removeprefix('--')}" if len(text) < 8 else text)
    slots = read_slots(_first(data, ("slots", "hours")))
    return OwnDay(day, slots, str(data.get("name") or ""), yearly)


def _date(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise HoursError(f"“{value}” is not a date. Write it as 2026-12-24.") from error


def _many(data: object) -> list[Any]:
    if data is None:
        return []
    return list(data) if isinstance(data, list) else [data]


def _first(data: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((data[name] for name in names if data.get(name) is not None), None)
