"""Many sums at once, JSON in and JSON out: what `earful sla due` and `earful sla worked` answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from earful.sla.calendar import AROUND_THE_CLOCK, Calendar
from earful.sla.durations import iso_length, read_length
from earful.sla.errors import HoursError, NeverOpen
from earful.sla.hours import Hours
from earful.sla.reading import read_calendar
from earful.sla.walls import instant_of, local_to_count, zone_of

_START = ("start", "started_at", "from", "at")
_END = ("end", "ended_at", "to", "until")
_TARGET = ("target", "target_for", "duration", "length")
_KEPT = 512


class Cases:
    """Answers cases; calendars that come again are laid out once."""

    def __init__(self, calendars: Mapping[str, Any] | None = None) -> None:
        self._named = dict(calendars or {})
        self._read: dict[str, Hours] = {}

    def answer(self, case: object) -> dict[str, Any]:
        """The answer to one case, or its error; never raises for what stands in it."""
        key = {"id": case["id"]} if isinstance(case, Mapping) and "id" in case else {}
        try:
            if not isinstance(case, Mapping):
                raise HoursError("A case is an object with a calendar, a start and a target.")
            return key | self._answer(case)
        except NeverOpen as error:
            return key | {"error": {"kind": "never-open", "detail": str(error)}}
        except HoursError as error:
            return key | {"error": {"kind": "invalid", "detail": str(error)}}
        except (OverflowError, ValueError) as error:
            return key | {"error": {"kind": "out-of-range", "detail": str(error)}}

    def _answer(self, case: Mapping[str, Any]) -> dict[str, Any]:
        hours = self._hours(case)
        zone = hours.calendar.zone
        start = _instant(_first(case, _START), zone, "start")
        end = _first(case, _END)
        if end is not None:
            return _measured(hours.worked(start, _instant(end, zone, "end")))
        due = hours.due_at(start, read_length(_first(case, _TARGET)))
        return {"due": said(due), "due_local": due.astimezone(zone_of(zone)).isoformat()}

    def _hours(self, case: Mapping[str, Any]) -> Hours:
        data = case.get("calendar")
        if isinstance(data, str) and data in self._named:
            data = self._named[data]
        given = case.get("zone") or case.get("time_zone") or case.get("timezone")
        zone = str(given) if given else None
        if _calendar_time(case):
            own = read_calendar(data, zone) if data is not None else AROUND_THE_CLOCK
            return Hours(Calendar(zone=zone or own.zone))
        key = f"{zone} {data!r}"
        found = self._read.get(key)
        if found is None:
            if len(self._read) >= _KEPT:
                self._read.clear()
            found = self._read[key] = Hours(read_calendar(data, zone))
        return found


def _calendar_time(case: Mapping[str, Any]) -> bool:
    counts = case.get("counts", "business")
    if counts not in ("business", "calendar"):
        raise HoursError("“counts” is business or calendar.")
    return bool(counts == "calendar")


def _instant(value: object, zone: str, name: str) -> datetime:
    """An instant; one without an offset is a wall-clock time of the calendar's zone."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise HoursError(
            f"“{name}” is not an instant. Write it as 2026-03-06T16:50:00-05:00."
        ) from error
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    return instant_of(local_to_count(zone_of(zone), at))


def _measured(length: timedelta) -> dict[str, Any]:
    seconds = length / timedelta(seconds=1)
    exact = int(seconds) if seconds.is_integer() else seconds
    return {"worked": exact, "worked_iso": iso_length(length)}


def said(at: datetime) -> str:
    """An instant in UTC with a Z, and as many digits as it needs."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _first(data: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((data[name] for name in names if data.get(name) is not None), None)


def answers(data: object) -> Iterator[dict[str, Any]]:
    """Answers to a case, a list of cases, or `{"calendars": {name: …}, "cases": […]}`."""
    if isinstance(data, Mapping) and "cases" in data:
        calendars, cases = data.get("calendars") or {}, data["cases"]
        if not isinstance(calendars, Mapping) or not isinstance(cases, list):
            raise HoursError("“calendars” is an object by name, and “cases” a list.")
        shared = Cases(calendars)
        yield from (shared.answer(case) for case in cases)
        return
    shared = Cases()
    yield from (shared.answer(case) for case in (data if isinstance(data, list) else [data]))
