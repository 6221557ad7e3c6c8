"""Lengths of time as people and programs write them."""

from __future__ import annotations

import re
from datetime import timedelta

from earful.sla.errors import HoursError

MOST = timedelta(days=100_000)
_ISO = re.compile(
    r"P(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?"
    r"(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?",
    re.IGNORECASE,
)
_ISO_UNITS = (604_800_000_000, 86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000)
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*,?")
_CLOCK = re.compile(r"(\d+):([0-5]\d)(?::([0-5]\d))?")
_UNITS = {
    "ms": 1_000,
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1_000_000),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60_000_000),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3_600_000_000),
    **dict.fromkeys(("d", "day", "days"), 86_400_000_000),
    **dict.fromkeys(("w", "week", "weeks"), 604_800_000_000),
}
_HELP = "Write seconds (600), 10m, 1h30m, 0:10:00 or PT10M."


def read_length(value: object) -> timedelta:
    """A length from seconds, `10m`, `1h 30m`, `0:10:00` or ISO 8601. Raises HoursError.

    A day is 24 hours and a week 168, also of business time. Years and months have no one length,
    and are refused.
    """
    if isinstance(value, bool) or value is None:
        raise HoursError(f"A length of time is missing. {_HELP}")
    if isinstance(value, int | float):
        found = _microseconds(value)
    elif isinstance(value, str):
        found = _read(value.strip().lower())
    else:
        raise HoursError(f"A length of time is a number or a text. {_HELP}")
    if found < 0:
        raise HoursError("A length of time is not below zero.")
    if found > MOST // timedelta(microseconds=1):
        raise HoursError("A length of time is at most 100,000 days.")
    return timedelta(microseconds=found)


def _microseconds(seconds: float) -> int:
    if not abs(seconds) < 1e12:  # also refuses what is no number
        raise HoursError("A length of time is at most 100,000 days.")
    return round(seconds * 1_000_000)


def _read(text: str) -> int:
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return _microseconds(float(text))
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000
    iso = _ISO.fullmatch(text)
    if iso and any(iso.groups()):
        parts = zip(iso.groups(), _ISO_UNITS, strict=True)
        return sum(_times(part, unit) for part, unit in parts if part)
    total, at = 0, 0
    while at < len(text) and (part := _PART.match(text, at)) and part[2] in _UNITS:
        total += _times(part[1], _UNITS[part[2]])
        at = part.end()
    if at == 0 or at < len(text):
        raise HoursError(f"“{text[:40]}” is not a length of time. {_HELP}")
    return total


def _times(number: str, unit: int) -> int:
    if len(number) > 15:
        raise HoursError("A length of time is at most 100,000 days.")
    whole, _, part = number.replace(",", ".").partition(".")
    return int(whole) * unit + (round(float(f"0.{part}") * unit) if part else 0)


def iso_length(length: timedelta) -> str:
    """A length as ISO 8601, in hours, minutes and seconds: PT10M."""
    sign = "-" if length < timedelta() else ""
    whole, micro = divmod(abs(length) // timedelta(microseconds=1), 1_000_000)
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    exact = f"{seconds}.{micro:06}".rstrip("0") if micro else f"{seconds}"
    parts = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or micro or not parts:
        parts += f"{exact}S"
    return f"{sign}PT{parts}"
