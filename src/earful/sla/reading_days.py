"""Dates from JSON, read liberally: holidays, days with hours of their own, changes of the week."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from earful.sla.calendar import NEVER, Change, OwnDay, Region, Week
from earful.sla.errors import HoursError
from earful.sla.fields import SAYS_CLOSED, closed, first, many, only, plain
from earful.sla.reading_weeks import CLOSES, OPENS, SLOTS, read_slots, read_week

WEEK = ("week", "hours", "business_hours", "slots", "schedule", "weekly", "weekly_hours",
        "working_hours", "opening_hours")  # fmt: skip
SUBDIVISION = ("subdivision", "subdiv", "region", "state", "province")
MOST_DAYS = 366
_FROM = ("starts_on", "from", "valid_from", "since", "effective_from", "effective", "start",
         "start_date", "date")  # fmt: skip
_UNTIL = ("ends_on", "to", "until", "valid_to", "valid_until", "effective_to", "end", "end_date")
_DATES = ("day", "date", "on", "dates")
_NAME = ("name", "label", "title", "description", "reason")
_YEARLY = ("yearly", "annual", "annually", "recurring", "repeats_yearly")
_OWN = {*_DATES, *_FROM, *_UNTIL, *OPENS, *CLOSES, *SLOTS, *SAYS_CLOSED, *_NAME, *_YEARLY, "id"}
_ITS_DAYS = ("dates", "days", "own_days", "own", "extra", "custom", "additional")
_DATE = re.compile(r"\d{4}-?\d\d-?\d\d|(--)?\d\d-\d\d")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?$")
_RANGE = re.compile(r"\s*(?:/|\.\.|–|\bto\b)\s*")
_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,4})?")


def read_holidays(data: object) -> tuple[list[Region], list[OwnDay]]:
    """Regions, and days that are named one by one, of what may hold both."""
    regions: list[Region] = []
    days: list[OwnDay] = []
    for one in many(data):
        if isinstance(one, str) and _CODE.fullmatch(one.strip()):
            regions.append(read_region(one.strip()))
        elif isinstance(one, Mapping) and "country" in plain(one):
            fields = plain(one)
            regions.append(read_region({k: v for k, v in fields.items() if k not in _ITS_DAYS}))
            days += [day for name in _ITS_DAYS for day in read_own_days(fields.get(name))]
        else:
            days += read_own_days(one)
    return regions, days


def read_region(data: object) -> Region:
    """Whose holidays: `DE-BY`, or an object with a country and perhaps a subdivision."""
    if isinstance(data, str):
        country, _, subdivision = data.strip().partition("-")
    elif isinstance(data, Mapping) and isinstance(plain(data).get("country"), str):
        fields = plain(data)
        only(fields, {"country", *SUBDIVISION}, "A region")
        country, subdivision = fields["country"].strip(), str(first(fields, SUBDIVISION) or "")
    else:
        raise HoursError("A region is an object with a country, such as DE, and a subdivision.")
    country = country.upper()
    subdivision = subdivision.strip().removeprefix(f"{country}-")
    return Region(country, subdivision.upper() if len(subdivision) <= 3 else subdivision)


def read_own_days(data: object) -> list[OwnDay]:
    """Days with hours of their own, as a list or by date. Raises HoursError."""
    if isinstance(data, Mapping) and all(_DATE.fullmatch(str(name)) for name in data):
        return [day for on, what in data.items() for day in _own(_on_date(on, what))]
    return [day for one in many(data) for day in _own(one)]


def _on_date(on: str, what: object) -> dict[str, Any]:
    """`{"2026-12-24": …}`: slots, an object that says them, or what the holiday is called."""
    if isinstance(what, Mapping):
        return {**plain(what), "day": on}
    if isinstance(what, str) and not re.search(r"\d", what) and what.lower() not in ("24h", "off"):
        return {"day": on, "name": "" if what.lower() == "closed" else what}
    return {"day": on, "slots": what}


def _own(data: object) -> Iterator[OwnDay]:
    fields = plain(data) if isinstance(data, Mapping) else {"day": data}
    only(fields, _OWN, "A day")
    yearly = any(fields.get(name) is True for name in _YEARLY)
    slots = _slots(fields)
    name = str(first(fields, _NAME) or "")
    for text in _texts(fields):
        for_ever = yearly or re.fullmatch(r"(--)?\d\d-\d\d", text) is not None
        for day in _days(text):
            yield OwnDay(day, slots, name, for_ever)


def _texts(fields: Mapping[str, Any]) -> list[str]:
    """The dates that an entry speaks of; a stretch of days as `first/last`."""
    found = first(fields, _DATES)
    if found is not None:
        return [str(one).strip() for one in many(found)]
    begin, end = (_dated(fields, names) for names in (_FROM, _UNTIL))
    if begin is None:
        raise HoursError("A day says its date, such as 2026-12-24.")
    return [begin if end is None else f"{begin}/{end}"]


def _dated(fields: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    found = (str(fields[name]).strip() for name in names if name in fields)
    return next((_MIDNIGHT.sub("", one) for one in found if _is_date(one)), None)


def _is_date(value: object) -> bool:
    return _DATE.fullmatch(_MIDNIGHT.sub("", str(value).strip())) is not None


def _days(text: str) -> list[date]:
    start, *end = _RANGE.split(text, 1)
    begin = _some_date(start)
    last = _some_date(end[0]) if end else begin
    length = (last - begin).days + 1
    if not 1 <= length <= MOST_DAYS:
        raise HoursError(f"“{text[:40]}” is not a stretch of days: at most a year, in order.")
    return [begin + timedelta(days=step) for step in range(length)]


def _some_date(text: str) -> date:
    return read_date(f"0004-{text.removeprefix('--')}" if len(text) < 8 else text)


def read_date(value: object) -> date:
    """A date; also an instant at its midnight. Raises HoursError."""
    try:
        return date.fromisoformat(_MIDNIGHT.sub("", str(value).strip()))
    except ValueError as error:
        raise HoursError(f"“{str(value)[:40]}” is not a date. Write it as 2026-12-24.") from error


def _slots(fields: Mapping[str, Any]) -> Any:
    if closed(fields):
        return ()
    several = first(fields, SLOTS)
    if several is not None:
        return read_slots(several)
    pair = [_not_dated(fields, names) for names in (OPENS, CLOSES)]
    return () if pair == [None, None] else read_slots({"opens": pair[0], "closes": pair[1]})


def _not_dated(fields: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return first(fields, [name for name in names if not _is_date(fields.get(name))])


def read_changes(data: object, base: Week | None) -> tuple[Week | None, tuple[Change, ...]]:
    """The week before any change, and the changes in order.

    One without a date is the week that holds from the beginning, where none is given. After one
    that ends, the week before it holds again.
    """
    if isinstance(data, Mapping) and all(_is_date(name) for name in data):
        data = [{"starts_on": on, "week": week} for on, week in data.items()]
    begun: list[tuple[date, date | None, Week]] = []
    for one in many(data):
        start, end, week = _change(one)
        if start is None and base is None:
            base = week
        elif start is None:
            raise HoursError("A change of hours says from which date on it holds.")
        else:
            begun.append((start, end, week))
    return base, tuple(_laid(sorted(begun, key=lambda change: change[0]), base or NEVER))


def _change(data: object) -> tuple[date | None, date | None, Week]:
    if not isinstance(data, Mapping):
        raise HoursError("A change of hours is an object with starts_on and a week.")
    fields = plain(data)
    only(fields, {*_FROM, *_UNTIL, *WEEK, *_NAME, "always", "24x7", "closed", "id"}, "A change")
    always = bool(fields.get("always") or fields.get("24x7"))
    week = first(fields, WEEK)
    if week is None and not always and not fields.get("closed"):
        raise HoursError("A change of hours has a week.")
    start, end = first(fields, _FROM), first(fields, _UNTIL)
    return (
        None if start is None else read_date(start),
        None if end is None else read_date(end),
        read_week(week, always),
    )


def _laid(changes: list[tuple[date, date | None, Week]], week: Week) -> Iterator[Change]:
    for index, (start, end, new) in enumerate(changes):
        yield Change(start, new)
        if end is None:
            week = new
            continue
        coming = changes[index + 1][0] if index + 1 < len(changes) else None
        if end < start or (coming is not None and coming <= end):
            raise HoursError(f"The change of {start} ends before it begins, or in another one.")
        if coming != end + timedelta(days=1):
            yield Change(end + timedelta(days=1), week)
