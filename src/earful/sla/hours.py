"""Arithmetic of open hours: adding, measuring, looking. Pure, and exact to the microsecond.

A year's open spans are laid out once, with running sums, when it is first asked for; after that an
answer is two binary searches, however long the target.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

from earful.sla.calendar import Calendar
from earful.sla.days import Days
from earful.sla.errors import HoursError, NeverOpen
from earful.sla.walls import count_of, instant_of, place_of, wall_to_count

Span = tuple[datetime, datetime]
"""An open stretch: from, until. Instants in UTC."""
BARREN_YEARS = 20
"""Years without an open minute after which a calendar counts as never open again."""
_MICROSECOND = timedelta(microseconds=1)


class _Year:
    """The open spans of one UTC year, merged, in microseconds since 1970."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.before = list(accumulate((end - start for start, end in spans), initial=0))
        self.open_for = self.before[-1]

    def open_until(self, at: int) -> int:
        """Open microseconds of the year until `at`."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self.before[index] + min(at, self.ends[index]) - self.starts[index]

    def reached(self, open_for: int) -> int:
        """The first instant at which that much (more than 0) was open in the year."""
        index = bisect_right(self.before, open_for - 1) - 1
        return self.starts[index] + open_for - self.before[index]


class Hours:
    """A calendar ready to be asked. Raises HoursError for an unknown zone or region."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._zone = place_of(calendar.zone)
        self._days = Days(calendar)
        self._years: dict[int, _Year] = {}

    def due_at(self, start: datetime, target: timedelta) -> datetime:
        """The first instant at which `target` of open time has passed since `start`.

        A target that ends with the last open minute of a day is due at closing, not at the next
        opening; a target of nothing is due at once. Raises NeverOpen, and HoursError below zero.
        """
        left = target // _MICROSECOND
        if left < 0:
            raise HoursError("A target is a length of time, and not below zero.")
        at = count_of(start)
        if left == 0:
            return instant_of(at)
        year = _year_of(start)
        left += self._year(year).open_until(at)
        barren = 0
        while left > (has := self._year(year).open_for):
            left -= has
            barren = 0 if has else barren + 1
            if barren > BARREN_YEARS:
                raise NeverOpen(f"These hours have no open minute after {start:%Y-%m-%d}.")
            year += 1
        return instant_of(self._year(year).reached(left))

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between; below zero when `end` is before `start`."""
        if end < start:
            return -self.worked(end, start)
        first, last = _year_of(start), _year_of(end)
        total = self._year(last).open_until(count_of(end))
        total -= self._year(first).open_until(count_of(start))
        total += sum(self._year(year).open_for for year in range(first, last))
        return timedelta(microseconds=total)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there; open at the opening instant, closed at the closing one."""
        year, count = self._year(_year_of(at)), count_of(at)
        index = bisect_right(year.starts, count) - 1
        return index >= 0 and count < year.ends[index]

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when open, else the next opening. Raises NeverOpen."""
        first = _year_of(at)
        count = count_of(at)
        for year in range(first, min(first + BARREN_YEARS, MAXYEAR) + 1):
            spans = self._year(year)
            index = bisect_right(spans.ends, count)
            if index < len(spans.starts):
                return instant_of(max(count, spans.starts[index]))
        raise NeverOpen(f"These hours have no open minute after {at:%Y-%m-%d}.")

    def open_spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """The open stretches between, in order, clipped to both ends; none touches the next."""
        low, high = count_of(start), count_of(end)
        if high <= low:
            return
        held: tuple[int, int] | None = None
        for year in range(_year_of(start), _year_of(end) + 1):
            spans = self._year(year)
            index = bisect_right(spans.ends, low)
            while index < len(spans.starts) and spans.starts[index] < high:
                span = (max(low, spans.starts[index]), min(high, spans.ends[index]))
                if held and held[1] == span[0]:
                    held = (held[0], span[1])
                else:
                    if held:
                        yield instant_of(held[0]), instant_of(held[1])
                    held = span
                index += 1
        if held:
            yield instant_of(held[0]), instant_of(held[1])

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._lay_out(year)
        return found

    def _lay_out(self, year: int) -> _Year:
        if not MINYEAR < year < MAXYEAR:
            raise HoursError("Hours are known from the year 2 to the year 9998.")
        low = count_of(datetime(year, 1, 1, tzinfo=UTC))
        high = count_of(datetime(year + 1, 1, 1, tzinfo=UTC))
        # Zones reach a day to either side, and a slot of the day before may last into the first.
        first, last = date(year, 1, 1).toordinal() - 2, date(year, 12, 31).toordinal() + 1
        spans: list[tuple[int, int]] = []
        for ordinal in range(max(first, 1), last + 1):
            day = date.fromordinal(ordinal)
            for slot in self._days.slots(day):
                start = max(low, wall_to_count(self._zone, day, slot.opens))
                end = min(high, wall_to_count(self._zone, day, slot.closes))
                if start < end:
                    spans.append((start, end))
        return _Year(_merged(spans))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, those that overlap or touch as one: no minute is lost or counted twice."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _year_of(at: datetime) -> int:
    return at.astimezone(UTC).year


@lru_cache(maxsize=4096)
def hours_of(calendar: Calendar) -> Hours:
    """The hours of a calendar, laid out once per process."""
    return Hours(calendar)


def due_at(start: datetime, target: timedelta, calendar: Calendar) -> datetime:
    """The instant by which `target` of open time has passed since `start`; see Hours.due_at."""
    return hours_of(calendar).due_at(start, target)


def worked(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much open time lies between two instants: the inverse of `due_at`."""
    return hours_of(calendar).worked(start, end)


def is_open(at: datetime, calendar: Calendar) -> bool:
    """Whether somebody is there at that instant."""
    return hours_of(calendar).is_open(at)


def next_open(at: datetime, calendar: Calendar) -> datetime:
    """That instant when open, else the next opening. Raises NeverOpen."""
    return hours_of(calendar).next_open(at)


def open_spans(start: datetime, end: datetime, calendar: Calendar) -> Iterator[Span]:
    """The open stretches between two instants."""
    return hours_of(calendar).open_spans(start, end)
