"""Open time found by walking: minute after minute, with a zone's clock and nothing of ours.

A slot of wall-clock time begins when the wall first reaches it and ends when it first reaches its
end. So a walker looks how far the wall has come at most: turned back, it waits there; turned
forward, it is past what was skipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
_FIRST = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall's


class Road:
    """A stretch of time in a zone, in minutes, with where the wall has come to at each."""

    def __init__(self, zone: str, start: datetime, days: int) -> None:
        self.start, self.minutes = start, days * 1440
        place = ZoneInfo(zone)
        began = start - timedelta(days=2)
        walls = (
            (began + minute * MINUTE).astimezone(place).replace(tzinfo=None)
            for minute in range(self.minutes + 2880)
        )
        reached = list(accumulate(((wall - _FIRST) // MINUTE for wall in walls), max))
        self.reached = reached[2880:]

    def dates(self) -> Iterable[date]:
        """The days whose slots may lie here."""
        first = (self.start - timedelta(days=3)).date()
        return (first + timedelta(days=step) for step in range(self.minutes // 1440 + 6))


class Walker:
    """Walks along a road. `slots` are stretches of the wall: from and until, in minutes."""

    def __init__(self, road: Road, slots: Iterable[tuple[int, int]]) -> None:
        self._road = road
        base = road.reached[0] - 10_000
        wall = bytearray(road.reached[-1] - base + 10_000)
        for opens, closes in slots:
            low, high = max(0, opens - base), max(0, closes - base)
            wall[low:high] = b"\1" * (min(high, len(wall)) - min(low, len(wall)))
        self._open = bytes(wall[at - base] for at in road.reached)

    def due(self, start: datetime, target: timedelta) -> datetime | None:
        """The first instant at which that much was open since `start`; None beyond the road."""
        if not target:
            return start
        at = start
        for minute in range((start - self._road.start) // MINUTE, self._road.minutes):
            end = self._road.start + (minute + 1) * MINUTE
            if self._open[minute]:
                if end - at >= target:
                    return at + target
                target -= end - at
            at = end
        return None

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much was open between."""
        first, last = ((at - self._road.start) // MINUTE for at in (start, end))
        whole = timedelta(minutes=sum(self._open[first:last]))
        low = (start - self._road.start) % MINUTE if self._open[first] else timedelta()
        return (
            whole - low + ((end - self._road.start) % MINUTE if self._open[last] else timedelta())
        )


def minutes_of(day: date, at: int) -> int:
    """A minute of the wall, counted as the road counts."""
    return (day - _FIRST.date()).days * 1440 + at


def utc(*numbers: int) -> datetime:
    """An instant."""
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]
