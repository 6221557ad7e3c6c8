"""A calendar as JSON, in the one way that reading.py reads back as the same."""

from __future__ import annotations

from typing import Any

from earful.sla.calendar import DAY, Calendar, Slot, Week
from earful.sla.checks import clock_time

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def write_calendar(calendar: Calendar) -> dict[str, Any]:
    """The calendar with weekdays by name and slots such as 09:00-17:00."""
    return {
        "zone": calendar.zone,
        "week": _week(calendar.week),
        "changes": [
            {"starts_on": f"{change.starts_on}", "week": _week(change.week)}
            for change in calendar.changes
        ],
        "regions": [
            {"country": region.country, "subdivision": region.subdivision}
            for region in calendar.regions
        ],
        "own_days": [
            {
                "day": f"{own.day}",
                "slots": _slots(own.slots),
                "name": own.name,
                "yearly": own.yearly,
            }
            for own in calendar.own_days
        ],
    }


def _week(week: Week) -> dict[str, list[str]]:
    return {name: _slots(slots) for name, slots in zip(DAYS, week, strict=True)}


def _slots(slots: tuple[Slot, ...]) -> list[str]:
    return [f"{clock_time(slot.opens)}-{_closing(slot)}" for slot in slots]


def _closing(slot: Slot) -> str:
    """The clock at closing; past midnight it begins anew, but for a slot of 24 hours."""
    whole = slot.closes - slot.opens == DAY
    return clock_time(slot.closes if whole or slot.closes <= DAY else slot.closes - DAY)
