"""What hours and policies mean now, before they are kept: "a post now would be due at ..."."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from earful.sla.calendar import Calendar
from earful.sla.days import Days
from earful.sla.errors import NeverOpen
from earful.sla.hours import Hours
from earful.sla.policy import Policy, Run
from earful.sla.terms import Kind, Terms
from earful.sla.walls import zone_of

SHOWN_FOR = timedelta(days=7)
LENGTHS = (600, 3600, 14_400)
"""Seconds for which hours alone are shown at work."""
MOST_DAYS = 8


class DueIn(msgspec.Struct, frozen=True):
    """A target of so many seconds, begun now, and when it is due."""

    within: float
    due_at: datetime


class NamedDay(msgspec.Struct, frozen=True):
    """A day that is unlike its weekday."""

    day: date
    name: str
    slots: int


class HoursPreview(msgspec.Struct, frozen=True):
    """What hours mean now. `opens_at` is now when open; `spans` are those of the coming week."""

    open: bool
    opens_at: datetime | None
    due: list[DueIn]
    spans: list[tuple[datetime, datetime]]
    special_days: list[NamedDay]


class DueAt(msgspec.Struct, frozen=True):
    """When a post of this severity that came now would be due, and what is said before."""

    severity: int
    kind: str
    due_at: datetime
    warnings: list[datetime]
    limit_at: datetime | None
    counts: str


def preview_hours(calendar: Calendar, now: datetime) -> HoursPreview:
    """What these hours mean at an instant. The calendar has been checked."""
    hours = Hours(calendar)
    try:
        opens_at = hours.next_open(now)
        due = [DueIn(length, hours.due_at(now, timedelta(seconds=length))) for length in LENGTHS]
    except NeverOpen:
        return HoursPreview(False, None, [], [], _special(calendar, now))
    spans = list(hours.open_spans(now, now + SHOWN_FOR))
    return HoursPreview(hours.is_open(now), opens_at, due, spans, _special(calendar, now))


def _special(calendar: Calendar, now: datetime) -> list[NamedDay]:
    """The next days with a holiday or hours of their own."""
    days = Days(calendar)
    today = now.astimezone(zone_of(calendar.zone)).date()
    found = []
    for ahead in range(366):
        day = today + timedelta(days=ahead)
        own, name = days.own(day), days.holiday(day)
        if own is not None:
            found.append(NamedDay(day, own.name or name, len(own.slots)))
        elif name:
            found.append(NamedDay(day, name, 0))
        if len(found) == MOST_DAYS:
            break
    return found


def preview_terms(terms: Terms, now: datetime) -> list[DueAt]:
    """When posts of each severity that came now would be due. The terms have been checked."""
    policy = Policy(None, terms)
    kinds: tuple[Kind, ...] = ("first_response", "next_response", "resolution")
    found = []
    for severity in sorted(terms.severities):
        for kind in kinds:
            target, plan = policy.target(kind, severity), policy.plan(kind, severity, Run(now, now))
            if target and plan:
                found.append(
                    DueAt(severity, kind, plan.due_at, plan.warnings, plan.limit_at, target.counts)
                )
    return found
