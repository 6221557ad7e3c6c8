"""Instants, and targets with how they count, from JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from earful.sla.durations import read_length
from earful.sla.errors import HoursError
from earful.sla.fields import first, only, plain
from earful.sla.walls import instant_of, local_to_count, named_zone, place_of

COUNTS = ("counts", "mode", "basis")
LENGTHS = ("target", "target_for", "duration", "length", "within", "sla", "add")
_UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds",
          "week", "day", "hour", "minute", "second", "w", "d", "h", "m", "s", "ms",
          "hrs", "mins", "secs", "min", "sec")  # fmt: skip
UNIT_FIELDS = {f"{name}_{unit}": unit for name in LENGTHS for unit in _UNITS}
"""Lengths that say their unit in their name, such as `target_minutes`."""
_BUSINESS = ("business", "business_time", "business_hours", "working", "working_hours", "open")
_CALENDAR = ("calendar", "calendar_time", "calendar_hours", "wall", "wall_clock", "elapsed", "24x7")
_SAYS = re.compile(r"\b(business|working|calendar)\b[\s-]*(?=h|m|s|time|$)", re.IGNORECASE)
_BRACKET = re.compile(r"(.*)\[!?([^\[\]=]+)\]")


def read_instant(value: object, zone: str, name: str) -> datetime:
    """An instant; one without an offset is a wall-clock time of the calendar's zone."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, ValueError, OSError):
            raise HoursError(
                f"“{name}” is not an instant: a number is seconds since 1970, up to the year 9998."
            ) from None
    text = str(value).strip()
    bracket = _BRACKET.fullmatch(text)
    if bracket:
        text, zone = bracket[1], named_zone(bracket[2])
    midnight = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ]24:00(?::00)?(.*)", text)
    if midnight:
        text = f"{midnight[1]}T00:00{midnight[2]}"
    try:
        at = datetime.fromisoformat(text[:-1] + "Z" if text[-1:] == "z" else text)
    except ValueError as error:
        raise HoursError(
            f"“{name}” is not an instant. Write it as 2026-03-06T16:50:00-05:00."
        ) from error
    at += timedelta(days=1) if midnight else timedelta()
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    return instant_of(local_to_count(place_of(zone), at))


def read_target(case: Mapping[str, Any]) -> tuple[timedelta, str | None]:
    """The length of a case's target, and how it counts where the target itself says so."""
    for name, unit in UNIT_FIELDS.items():
        if case.get(name) is not None:
            return _of_unit(case[name], unit), None
    target = first(case, LENGTHS)
    if isinstance(target, Mapping):
        return _of_object(plain(target))
    if isinstance(target, str) and (said := _SAYS.search(target)):
        return read_length(_SAYS.sub("", target)), how_it_counts(said[1])
    return read_length(target), None


def _of_object(data: Mapping[str, Any]) -> tuple[timedelta, str | None]:
    only(data, {*LENGTHS, *COUNTS, *_UNITS, "type", "value", "amount", "unit", "for"}, "A target")
    counts = first(data, (*COUNTS, "type"))
    how = None if counts is None else how_it_counts(counts)
    if data.get("unit") is not None:
        return _of_unit(first(data, ("value", "amount", *LENGTHS)), str(data["unit"])), how
    parts = [_of_unit(data[unit], unit) for unit in _UNITS if data.get(unit) is not None]
    if parts:
        return sum(parts, timedelta()), how
    return read_length(first(data, (*LENGTHS, "value", "amount", "for"))), how


def _of_unit(value: object, unit: str) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise HoursError("A length of time is a number.")
    unit = {"milliseconds": "ms", "millisecond": "ms"}.get(unit, unit)
    # Without an exponent, which no length is written with.
    exact = f"{Decimal(str(value)):f}" if isinstance(value, float) else str(value).strip()
    return read_length(f"{exact}{unit}")


def how_it_counts(value: object) -> str:
    """`business` or `calendar`. Raises HoursError."""
    text = str(value).strip().lower().replace("-", "_").replace(" ", "_")
    if text in _BUSINESS:
        return "business"
    if text in _CALENDAR:
        return "calendar"
    raise HoursError("“counts” is business or calendar.")
