"""Stretches of days that may be asked for."""

from __future__ import annotations

from datetime import date

from earful.kit.refusal import Refused

MOST_DAYS = 92


def check_days(first: date, last: date) -> None:
    """Raise Refused unless it is a stretch of at most MOST_DAYS that a calendar has."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Refused("invalid", f"`from` comes before `to`, by at most {MOST_DAYS} days in all.")
    # Beyond these no calendar has the day before, or the day after.
    if first.year < 2000 or last.year > 9000:
        raise Refused("invalid", "Ask for days from the year 2000 on.")
