"""Many sums at once, JSON in and JSON out: what `earful sla due` and `earful sla worked` answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from earful.sla.calendar import AROUND_THE_CLOCK, Calendar
from earful.sla.durations import iso_length
from earful.sla.errors import HoursError, NeverOpen
from earful.sla.fields import first, many, plain
from earful.sla.hours import Hours
from earful.sla.reading import BESIDE, ZONE, read_calendar
from earful.sla.reading_days import SUBDIVISION
from earful.sla.reading_times import (
    COUNTS,
    LENGTHS,
    UNIT_FIELDS,
    how_it_counts,
    read_instant,
    read_target,
)
from earful.sla.reading_weeks import ALWAYS_WORDS
from earful.sla.walls import named_zone, place_of

_NAMES = {
    "calendar": ("calendar", "calendar_id", "calendar_name"),
    "zone": ZONE,
    "start": ("start", "started_at", "from", "at", "start_at", "starts_at", "start_time",
              "created_at", "received_at", "since"),
    "end": ("end", "ended_at", "to", "until", "end_at", "ends_at", "end_time"),
    "counts": COUNTS,
}  # fmt: skip
_BESIDE = set(BESIDE) - {"days"}
_KEPT = 512
_BEYOND = "This leads beyond the years that a calendar knows, 1 to 9998."


class Cases:
    """Answers cases; calendars that come again are laid out once.

    `calendars` are those that cases call by name, `shared` what holds for a case that doesn't say
    it, and `measure` prefers the end where a case has both an end and a target.
    """

    def __init__(
        self,
        calendars: Mapping[str, Any] | None = None,
        shared: Mapping[str, Any] | None = None,
        *,
        measure: bool = False,
    ) -> None:
        self._named = dict(calendars or {})
        self._shared = _canonical(shared or {})
        self._measure = measure
        self._read: dict[str, Hours] = {}

    def answer(self, case: object) -> dict[str, Any]:
        """The answer to one case, or its error; never raises for what stands in it."""
        key = {"id": case["id"]} if isinstance(case, Mapping) and "id" in case else {}
        try:
            if not isinstance(case, Mapping):
                raise HoursError("A case is an object with a calendar, a start and a target.")
            return key | self._answer(self._shared | _canonical(case))
        except NeverOpen as error:
            return key | {"error": {"kind": "never-open", "detail": str(error)}}
        except HoursError as error:
            return key | {"error": {"kind": "invalid", "detail": str(error)}}
        except (OverflowError, ValueError, OSError):
            return key | {"error": {"kind": "out-of-range", "detail": _BEYOND}}
        except RecursionError:
            return key | {"error": {"kind": "invalid", "detail": "This is nested too deep."}}

    def _answer(self, case: Mapping[str, Any]) -> dict[str, Any]:
        end = case.get("end")
        measured = end is not None and (self._measure or not _has_target(case))
        target, said_so = (None, None) if measured else read_target(case)
        counts = said_so or how_it_counts(case.get("counts", "business"))
        hours = self._hours(case, calendar_time=counts == "calendar")
        zone = hours.calendar.zone
        start = read_instant(case.get("start"), zone, "start")
        if target is None:
            return _measured(hours.worked(start, read_instant(end, zone, "end")))
        due = hours.due_at(start, target)
        return {"due": said(due), "due_local": due.astimezone(place_of(zone)).isoformat()}

    def _hours(self, case: Mapping[str, Any], *, calendar_time: bool) -> Hours:
        data = self._calendar(case)
        given = case.get("zone")
        zone = named_zone(str(given)) if given else None
        if calendar_time:
            own = AROUND_THE_CLOCK if data is None else read_calendar(data, zone)
            return Hours(Calendar(zone=own.zone if data is not None else zone or own.zone))
        key = f"{zone} {data!r}"
        found = self._read.get(key)
        if found is None:
            if len(self._read) >= _KEPT:
                self._read.clear()
            found = self._read[key] = Hours(read_calendar(data, zone))
        return found

    def _calendar(self, case: Mapping[str, Any]) -> Any:
        """The case's own or a shared one, with what the case says beside it."""
        data = case.get("calendar")
        if isinstance(data, str) and data in self._named:
            data = self._named[data]
        elif isinstance(data, str) and data.strip().lower() not in ALWAYS_WORDS:
            raise HoursError(f"There is no calendar “{data[:40]}”. Name a shared one, or 24x7.")
        beside = {name: case[name] for name in _BESIDE if case.get(name) is not None}
        if "country" not in beside:
            beside = {name: beside[name] for name in beside if name not in SUBDIVISION}
        if not beside:
            return data
        if data is not None and not isinstance(data, Mapping):
            raise HoursError("Hours beside a calendar that is always open say nothing. Keep one.")
        twice = sorted(set(beside) & set(plain(data or {})))
        if twice:
            raise HoursError(f"“{twice[0]}” stands in the case and in its calendar. Keep one.")
        return {**(data or {}), **beside}


def _canonical(case: Mapping[str, Any]) -> dict[str, Any]:
    """The same by the names that we use; fields that we don't know stay, and mean nothing."""
    fields = plain(case)
    found = {name: first(fields, names) for name, names in _NAMES.items()}
    known = {name for names in _NAMES.values() for name in names}
    rest = {name: value for name, value in fields.items() if name not in known}
    if isinstance(rest.get("hours"), int | float):
        rest["target_hours"] = rest.pop("hours")
    return rest | {name: value for name, value in found.items() if value is not None}


def _has_target(case: Mapping[str, Any]) -> bool:
    return any(case.get(name) is not None for name in (*LENGTHS, *UNIT_FIELDS))


def _measured(length: timedelta) -> dict[str, Any]:
    seconds = length / timedelta(seconds=1)
    exact = int(seconds) if seconds.is_integer() else seconds
    return {"worked": exact, "worked_iso": iso_length(length)}


def said(at: datetime) -> str:
    """An instant in UTC with a Z, and as many digits as it needs."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def answers(data: object, *, measure: bool = False) -> Iterator[dict[str, Any]]:
    """Answers to a case, a list of cases, or `{"calendars": {name: …}, "cases": […]}`.

    What else stands beside `cases`, such as one calendar, holds for each that doesn't say it.
    """
    if isinstance(data, Mapping) and "cases" in data:
        rest = {name: data[name] for name in data if name not in ("calendars", "cases", "id")}
        if not isinstance(data["cases"], list):
            raise HoursError("“cases” is a list.")
        shared = Cases(_by_name(data.get("calendars")), rest, measure=measure)
        yield from (shared.answer(case) for case in data["cases"])
        return
    shared = Cases(measure=measure)
    yield from (shared.answer(case) for case in (data if isinstance(data, list) else [data]))


def _by_name(calendars: object) -> dict[str, Any]:
    """Calendars by name, or as a list in which each has an `id` or a `name`."""
    if isinstance(calendars, Mapping):
        return dict(calendars)
    if not all(isinstance(one, Mapping) for one in many(calendars)):
        raise HoursError("“calendars” is an object by name.")
    return {str(first(one, ("id", "name"))): one for one in many(calendars)}
