"""The simulator's clock: a real or given one, moved on by testers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta


class Clock:
    """Tells `base()`, shifted. It never goes back."""

    def __init__(self, base: Callable[[], datetime], started_at: datetime | None = None) -> None:
        self._base = base
        self._shift = started_at - base() if started_at else timedelta()

    def __call__(self) -> datetime:
        """Now, in UTC."""
        return self._base() + self._shift

    def advance(self, seconds: float) -> datetime:
        """Move on. Raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError("the clock does not go back")
        self._shift += timedelta(seconds=seconds)
        return self()


def stamp(instant: datetime) -> str:
    """As X writes instants: `2026-07-24T21:23:23.000Z`."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


def milliseconds(instant: datetime) -> int:
    """Since 1970."""
    return int(instant.timestamp() * 1000)
