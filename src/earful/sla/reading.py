"""A calendar from JSON, read liberally: several names for one thing, several ways to write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from earful.sla.calendar import ALWAYS, AROUND_THE_CLOCK, NEVER, Calendar, OwnDay
from earful.sla.checks import check_calendar
from earful.sla.errors import HoursError
from earful.sla.fields import first, many, only, plain
from earful.sla.reading_days import (
    SUBDIVISION,
    WEEK,
    read_changes,
    read_holidays,
    read_own_days,
    read_region,
)
from earful.sla.reading_weeks import ALWAYS_WORDS, read_week, weekdays
from earful.sla.walls import named_zone

ZONE = ("zone", "time_zone", "timezone", "tz", "tzid")
_OWN = ("own_days", "days", "exceptions", "special_days", "overrides")
_CHANGES = ("changes", "versions", "dated_changes")
_HOLIDAYS = ("holidays", "public_holidays")
_ALWAYS = ("always", "24x7", "always_open", "open_24x7")
BESIDE = (*WEEK, *_OWN, *_CHANGES, *_HOLIDAYS, "country", *SUBDIVISION, "regions", *_ALWAYS)
"""Names of a calendar that mean the same where a case says them beside its calendar."""
_KNOWN = {*ZONE, *BESIDE, "name", "id", "label", "description"}


def read_calendar(data: object, zone: str | None = None) -> Calendar:
    """The calendar that `data` says, checked. `zone` is used where it names none.

    Raises HoursError with what to mend.
    """
    if data is None or (isinstance(data, str) and data.strip().lower() in ALWAYS_WORDS):
        return Calendar(zone=named_zone(zone)) if zone else AROUND_THE_CLOCK
    if not isinstance(data, Mapping):
        raise HoursError("A calendar is an object with a zone and a week, or “24x7”.")
    fields = _with_week(plain(data))
    only(fields, _KNOWN, "A calendar")
    always = any(bool(fields.get(name)) for name in _ALWAYS)
    given = first(fields, WEEK)
    base = None if given is None else read_week(given)
    base, changes = read_changes(first(fields, _CHANGES), base)
    regions, days = read_holidays(first(fields, _HOLIDAYS))
    regions = [*(read_region(one) for one in many(fields.get("regions"))), *regions]
    if fields.get("country"):
        regions.append(read_region({n: fields.get(n) for n in ("country", *SUBDIVISION)}))
    calendar = Calendar(
        zone=named_zone(str(first(fields, ZONE) or zone or "UTC")),
        week=(ALWAYS if always else NEVER) if base is None else base,
        changes=changes,
        regions=tuple(dict.fromkeys(regions)),
        own_days=_together(days, read_own_days(first(fields, _OWN))),
    )
    check_calendar(calendar)
    return calendar


def _with_week(fields: dict[str, Any]) -> dict[str, Any]:
    """Weekdays that stand in the calendar itself, or as its `days`, are its week."""
    if first(fields, WEEK) is None and _has_weekdays(fields.get("days")):
        return {**{n: v for n, v in fields.items() if n != "days"}, "week": fields["days"]}
    days = {name: fields[name] for name in fields if name not in _KNOWN and _is_weekday(name)}
    if not days or first(fields, WEEK) is not None:
        return fields
    rest = {name: value for name, value in fields.items() if name not in days}
    return {**rest, "week": days}


def _has_weekdays(data: object) -> bool:
    if isinstance(data, Mapping):
        return bool(data) and all(_is_weekday(str(name)) for name in data)
    of_days = [one.get("day") for one in many(data) if isinstance(one, Mapping)]
    return bool(of_days) and all(day is not None and _is_weekday(str(day)) for day in of_days)


def _is_weekday(name: str) -> bool:
    try:
        return bool(weekdays(name))
    except HoursError:
        return False


def _together(holidays: list[OwnDay], own: list[OwnDay]) -> tuple[OwnDay, ...]:
    """Own days go before holidays of that date; what is said twice alike is said once."""
    known = {(one.day, one.yearly) for one in own}
    days = [one for one in holidays if (one.day, one.yearly) not in known] + own
    return tuple({(one.day, one.slots, one.yearly): one for one in reversed(days)}.values())[::-1]
