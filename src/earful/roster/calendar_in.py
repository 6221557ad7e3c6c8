"""A calendar file, read into shifts and absences; what can't be is said, event by event.

Weekly and daily rules become repeating shifts. Days of another rule are not guessed.
"""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from earful.kit.refusal import Refused
from earful.kit.text import one_line, storable
from earful.roster.duties import Shift, falls_on
from earful.roster.shifts import DAYS, Pattern, check, clock_of, times_of
from earful.sla.calendar import DAY
from earful.sla.walls import zone_of

LARGEST = 512 * 1024
"""Characters of a file."""
MOST_EVENTS = 2000
MOST_TIMES = 1000
"""Times that a COUNT may name."""
_DAYS = {"MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun"}
DAY_LONG = timedelta(days=1)
_ON_CALL = re.compile(r"\bon[ -]?call\b", re.IGNORECASE)
_KNOWN = {"FREQ", "INTERVAL", "BYDAY", "COUNT", "UNTIL", "WKST"}


class Off(msgspec.Struct, frozen=True):
    """Whole days of the file: an absence."""

    starts_at: datetime
    ends_at: datetime


class Trouble(msgspec.Struct, frozen=True):
    """An event that was left out, and why."""

    event: str
    why: str


class Read(msgspec.Struct):
    """What a file says."""

    shifts: list[Pattern]
    absences: list[Off]
    troubles: list[Trouble]


class _Odd(Exception):
    """An event that no shift can be made of, in words."""


def read(text: str, agent_id: str, team_id: str | None, zone: str) -> Read:
    """What the file says of one agent; times without a zone are of `zone`. Raises Refused."""
    import icalendar  # noqa: PLC0415 - large, and seldom wanted

    if len(text) > LARGEST:
        raise Refused("too-large", f"The file has more than {LARGEST // 1024} KB.")
    try:
        calendars = icalendar.Calendar.from_ical(text.lstrip("\ufeff"), multiple=True)
    except (ValueError, IndexError, KeyError, AttributeError, RecursionError) as error:
        raise Refused("invalid", "This is no calendar file (.ics).") from error
    events = [event for one in calendars for event in one.walk("VEVENT")]
    if not calendars or not events:
        raise Refused("invalid", "There is no event in this file.")
    if len(events) > MOST_EVENTS:
        raise Refused("too-many", f"The file has more than {MOST_EVENTS} events.")
    found = Read([], [], [])
    moved = _moved(events)
    for event in events:
        try:
            _take(found, event, Pattern(
                agent_id=agent_id, team_id=team_id, zone=zone, opens="", closes="",
                from_day=date(2000, 1, 1),
            ), moved)  # fmt: skip
        except _Odd as error:
            found.troubles.append(Trouble(_title(event), str(error)))
        except Refused as error:
            found.troubles.append(Trouble(_title(event), error.detail))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            found.troubles.append(Trouble(_title(event), "It can't be read."))
    return found


def _take(found: Read, event: Any, base: Pattern, moved: dict[str, list[datetime]]) -> None:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        raise _Odd("It is cancelled.")
    if "DTSTART" not in event:
        raise _Odd("It has no beginning.")
    start = event["DTSTART"].dt
    if not isinstance(start, datetime):
        found.absences.append(_off(event, start, base.zone))
        return
    single = _single(event, start, base)
    if "RRULE" not in event:
        found.shifts.append(check(single))
    else:
        away = moved.get(str(event.get("UID", "")), [])
        found.shifts.append(check(_repeating(event, single, away)))
    for extra in _dates(event.get("RDATE")):
        day = _local(extra, single.zone).date()
        found.shifts.append(check(msgspec.structs.replace(single, from_day=day, until_day=day)))


def _single(event: Any, start: datetime, base: Pattern) -> Pattern:
    if start.tzinfo is None and "TZID" in event["DTSTART"].params:
        raise _Odd(f"Its time zone “{one_line(event['DTSTART'].params['TZID'], 60)}” is not known.")
    lasts = _lasts(event, start)
    if _zone(start, base.zone) == "UTC" and lasts > DAY_LONG:
        # A whole day of 25 hours, as the roster's own file says it, is one on the wall.
        start = start.astimezone(zone_of(base.zone))
        lasts = _lasts(event, start)
    zone = _zone(start, base.zone)
    begins = _local(start, zone)
    if not timedelta(minutes=1) <= lasts <= DAY_LONG:
        raise _Odd("A shift is longer than nothing and at most a day.")
    day = begins.date()
    opens = begins.hour * 3600 + begins.minute * 60
    closes = opens + int(lasts.total_seconds()) // 60 * 60
    return msgspec.structs.replace(
        base,
        zone=zone,
        opens=clock_of(opens),
        closes=clock_of(closes if closes != opens else closes + DAY),
        from_day=day,
        until_day=day,
        on_call=_ON_CALL.search(str(event.get("SUMMARY", ""))) is not None,
        note=one_line(storable(str(event.get("SUMMARY", ""))), 200),
    )


def _repeating(event: Any, single: Pattern, moved: list[datetime]) -> Pattern:
    rule = event["RRULE"]
    if not _known(event["DTSTART"].dt, single.zone):
        raise _Odd("Its time zone is known by no name, so that its other days are not known.")
    if isinstance(rule, list):
        raise _Odd("It has several rules.")
    parts = {str(name).upper(): value for name, value in rule.items()}
    freq = str(parts.get("FREQ", [""])[0]).upper()
    every = int(parts.get("INTERVAL", [1])[0])
    if freq not in ("WEEKLY", "DAILY") or set(parts) - _KNOWN or (freq == "DAILY" and every != 1):
        raise _Odd("Only what repeats weekly, or every day, becomes a shift.")
    days = [str(day).upper() for day in parts.get("BYDAY", [])]
    if any(day not in _DAYS for day in days):
        raise _Odd("Only plain weekdays become a shift.")
    own = next(name for name, day in _DAYS.items() if day == DAYS[single.from_day.weekday()])
    if every > 1 and {*days, own} != {own} and str(parts.get("WKST", ["MO"])[0]).upper() != "MO":
        raise _Odd("Its weeks do not begin on Monday.")
    if not days and freq == "WEEKLY":
        days = [own]
    pattern = msgspec.structs.replace(
        single, weekdays=tuple(_DAYS[day] for day in days), every=every, until_day=None
    )
    pattern = msgspec.structs.replace(pattern, until_day=_until(parts, pattern))
    if pattern.until_day is not None and pattern.until_day < pattern.from_day:
        raise _Odd("It ends before it begins.")
    skipped = {_local(one, pattern.zone).date() for one in _dates(event.get("EXDATE"))}
    skipped |= {_local(one, pattern.zone).date() for one in moved}
    return msgspec.structs.replace(pattern, skipped=tuple(sorted(skipped)))


def _until(parts: dict[str, Any], pattern: Pattern) -> date | None:
    if "UNTIL" in parts:
        until = parts["UNTIL"][0]
        if not isinstance(until, datetime):
            return until  # type: ignore[no-any-return]
        local = _local(until, pattern.zone)
        early = f"{local:%H:%M}" < pattern.opens
        return local.date() - timedelta(days=1) if early else local.date()
    if "COUNT" not in parts:
        return None
    left = int(parts["COUNT"][0])
    if not 0 < left <= MOST_TIMES:
        raise _Odd(f"It repeats more than {MOST_TIMES} times, or never.")
    opens, closes = times_of(pattern.opens, pattern.closes)
    shift = Shift(
        id="", agent_id="", opens=opens, closes=closes, from_day=pattern.from_day,
        weekdays=frozenset(DAYS.index(day) for day in pattern.weekdays or DAYS),
        every=pattern.every,
    )  # fmt: skip
    day = pattern.from_day
    for day in (pattern.from_day + timedelta(days=n) for n in range(MOST_TIMES * 7 * 53)):
        left -= falls_on(shift, day)
        if not left:
            break
    return day


def _off(event: Any, start: date, zone: str) -> Off:
    if "RRULE" in event or "RDATE" in event:
        raise _Odd("Whole days that repeat are no absence.")
    end = event["DTEND"].dt if "DTEND" in event else start + timedelta(days=1)
    if "DURATION" in event:
        end = start + event["DURATION"].dt
    if isinstance(end, datetime) or end <= start:
        raise _Odd("It ends before it begins.")
    tz = zone_of(zone)
    return Off(_midnight(start, tz), _midnight(end, tz))


def _midnight(day: date, tz: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=tz).astimezone(UTC)


def _lasts(event: Any, start: datetime) -> timedelta:
    """As the wall clock sees it: a shift from 22 to 6 is one on every night."""
    if "DURATION" in event:
        return event["DURATION"].dt  # type: ignore[no-any-return]
    end = event["DTEND"].dt if "DTEND" in event else start
    if not isinstance(end, datetime):
        raise _Odd("It begins at a time and ends on a day.")
    if end.tzinfo is not None and start.tzinfo is not None:
        end = end.astimezone(start.tzinfo)
    return end.replace(tzinfo=None) - start.replace(tzinfo=None)


def _moved(events: list[Any]) -> dict[str, list[datetime]]:
    """The times of a series that events of their own stand for."""
    found: dict[str, list[datetime]] = {}
    for event in events:
        if "RECURRENCE-ID" in event and isinstance(event["RECURRENCE-ID"].dt, datetime):
            found.setdefault(str(event.get("UID", "")), []).append(event["RECURRENCE-ID"].dt)
    return found


def _dates(value: Any) -> list[datetime]:
    lists = value if isinstance(value, list) else [value] if value is not None else []
    found = [one.dt for each in lists for one in each.dts]
    if len(found) > MOST_TIMES:
        raise _Odd(f"It names more than {MOST_TIMES} dates.")
    if any(isinstance(one, tuple) for one in found):
        raise _Odd("It repeats by periods.")
    return [
        one if isinstance(one, datetime) else datetime(one.year, one.month, one.day)  # noqa: DTZ001
        for one in found
    ]


def _zone(start: datetime, zone: str) -> str:
    if start.tzinfo is UTC:
        return "UTC"
    key = getattr(start.tzinfo, "key", None)
    return zone if key is None else str(key)


def _known(start: datetime, zone: str) -> bool:
    """Whether what repeats keeps the wall clock of `zone`; a file may describe one of its own."""
    if start.tzinfo is None or start.tzinfo is UTC or getattr(start.tzinfo, "key", None):
        return True
    tz, day = zone_of(zone), timedelta(days=1)
    there = (start + n * 7 * day for n in range(53))
    return all(one.utcoffset() == one.replace(tzinfo=tz).utcoffset() for one in there)


def _local(at: datetime, zone: str) -> datetime:
    return at if at.tzinfo is None else at.astimezone(zone_of(zone))


def _title(event: Any) -> str:
    start = event.get("DTSTART")
    day = ""
    with contextlib.suppress(ValueError, AttributeError):
        day = f" ({start.dt})"
    return one_line(storable(str(event.get("SUMMARY", "An event"))) + day, 200)
