"""Which slots a day has."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

from earful.sla.calendar import Calendar, OwnDay, Slot, Week
from earful.sla.public_holidays import holidays_of


class Days:
    """The days of a calendar, looked up quickly."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._own = {own.day: own for own in calendar.own_days if not own.yearly}
        self._yearly: dict[tuple[int, int], list[OwnDay]] = {}
        for own in sorted((one for one in calendar.own_days if one.yearly), key=lambda o: o.day):
            self._yearly.setdefault((own.day.month, own.day.day), []).append(own)
        self._starts = [change.starts_on for change in calendar.changes]

    def slots(self, day: date) -> tuple[Slot, ...]:
        """The slots that open on that day."""
        own = self.own(day)
        if own is not None:
            return own.slots
        if self.holiday(day):
            return ()
        return self.week(day)[day.weekday()]

    def own(self, day: date) -> OwnDay | None:
        """What the calendar itself says of that date; a single date goes before a yearly one."""
        if day in self._own:
            return self._own[day]
        begun = [own for own in self._yearly.get((day.month, day.day), ()) if own.day <= day]
        return begun[-1] if begun else None

    def holiday(self, day: date) -> str:
        """The name of the public holiday, empty when there is none."""
        for region in self._calendar.regions:
            name = holidays_of(region, day.year).get(day)
            if name:
                return name
        return ""

    def week(self, day: date) -> Week:
        """The week that holds on that day."""
        begun = bisect_right(self._starts, day)
        return self._calendar.changes[begun - 1].week if begun else self._calendar.week
