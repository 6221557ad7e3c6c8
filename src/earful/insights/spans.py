"""Days and weeks of the whole picture, by UTC: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from earful.kit.refusal import Refused

Span = Literal["day", "week"]
DAYS: dict[Span, int] = {"day": 1, "week": 7}
KEPT = 28
"""Days that are kept, and compared with."""
DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """From an instant up to another."""

    starts: datetime
    ends: datetime


def stretch_of(day: date, span: Span) -> Stretch:
    """A day, or the seven days that end with it."""
    ends = midnight(day) + DAY
    return Stretch(ends - DAYS[span] * DAY, ends)


def midnight(day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), UTC)


def kept_days(today: date) -> list[date]:
    """The days that are kept, the oldest first."""
    return [today - timedelta(days=back) for back in range(KEPT - 1, -1, -1)]


def gone_by(stretch: Stretch, now: datetime) -> float:
    """Days of a stretch that are over: what is usual is usual for as long."""
    return (min(now, stretch.ends) - stretch.starts) / DAY


def check_day(day: date | None, today: date) -> date:
    """The day that is asked for, today unless told. Raises Refused in words."""
    if day is None:
        return today
    if not 0 <= (today - day).days < KEPT:
        raise Refused("invalid", f"The picture is kept for {KEPT} days; ask for one of them.")
    return day
