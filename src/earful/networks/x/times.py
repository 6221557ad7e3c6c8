"""Pure: X's ids tell when they were made, to the millisecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = 1_288_834_974_657
_FIRST = 1 << 40
"""Ids below it were counted, and tell no time (before November 2010)."""

_LONGEST = 19
"""Signs: X refuses a whole question for one id that is longer."""


def number(id_: str) -> int:
    """An id as a number; 0 for what is none."""
    return int(id_) if id_.isdecimal() and len(id_) <= _LONGEST else 0


def made_at(id_: str) -> datetime | None:
    """When an id was made; None where it does not tell."""
    try:
        number = int(id_)
        if number < _FIRST:
            return None
        return datetime.fromtimestamp(((number >> 22) + _EPOCH) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def id_at(instant: datetime) -> int:
    """An id that is larger than all made before `instant`."""
    return max(0, int(instant.timestamp() * 1000) - _EPOCH) << 22


def instant(text: str, otherwise: datetime) -> datetime:
    """An instant as X writes it; `otherwise` for what is none."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return otherwise


def moment(milliseconds: str, otherwise: datetime) -> datetime:
    """An instant in milliseconds since 1970, as old messages carry it."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(milliseconds))
    except (TypeError, ValueError, OverflowError):
        return otherwise
