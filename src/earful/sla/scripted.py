"""Hours and policies as files say them: kept by name, and changed only where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from earful.kit.refusal import NotFound, Refused
from earful.sla.errors import HoursError
from earful.sla.fields import many
from earful.sla.keeping import (
    KeptHours,
    KeptPolicy,
    keep_hours,
    keep_policy,
    list_hours,
    list_policies,
    with_hours,
)
from earful.sla.reading import read_calendar
from earful.sla.terms import Terms
from earful.stream.work import Work


async def set_hours(work: Work, data: object) -> list[tuple[KeptHours, bool]]:
    """One or several: `{"name": …, "calendar": {…}}`, or a calendar that has a name.

    Hours of that name get a new version where they differ. Returns each, and whether it changed.
    Raises Refused with what to mend.
    """
    done = []
    for one in _objects(data):
        calendar = one.get("calendar", {n: v for n, v in one.items() if n not in _ABOUT})
        read = _told(one, lambda given=calendar: read_calendar(given))
        there = _named(await list_hours(work.db, work.workspace_id), one["name"])
        if there is not None and (there.calendar, there.name) == (read, one["name"]):
            done.append((there, False))
        else:
            done.append((await keep_hours(work, one["name"], read, there and there.id), True))
    return done


async def set_policies(work: Work, data: object) -> list[tuple[KeptPolicy, bool]]:
    """One or several, as the API tells them; `hours` may be the name of some.

    A policy of that name gets a new version where it differs; a new one is asked last. Returns
    each, and whether it changed. Raises Refused, NotFound.
    """
    done = []
    for one in _objects([_terms_of(each) for each in many(data)]):
        terms = await _terms(work, one)
        there = _named(await list_policies(work.db, work.workspace_id), terms.name)
        if there is not None and there.terms == await with_hours(work, terms):
            done.append((there, False))
        else:
            done.append((await keep_policy(work, terms, there and there.id), True))
    return done


async def find_named(
    db: Any, workspace_id: str, name: str, *, hours: bool
) -> KeptHours | KeptPolicy:
    """The hours or the policy of that name or id. Raises NotFound."""
    listed: list[Any] = await (list_hours if hours else list_policies)(db, workspace_id)
    found: KeptHours | KeptPolicy | None = _named(listed, name)
    if found is None:
        raise NotFound("hours" if hours else "policy")
    return found


_ABOUT = ("id", "version", "version_id", "position")


def _objects(data: object) -> list[dict[str, Any]]:
    found = many(data)
    for one in found:
        if not isinstance(one, Mapping) or not isinstance(one.get("name"), str):
            raise Refused("invalid", "Each is an object with a name.")
    return [dict(one) for one in found]


def _terms_of(data: object) -> object:
    """What the list tells has its terms apart from its id and version."""
    return data["terms"] if isinstance(data, Mapping) and "terms" in data else data


async def _terms(work: Work, data: dict[str, Any]) -> Terms:
    terms = {name: value for name, value in data.items() if name not in (*_ABOUT, "hours")}
    if terms.get("calendar") is not None:
        raise Refused("invalid", f"“{data['name']}”: name its hours, and set them by themselves.")
    if data.get("hours"):
        found = await find_named(work.db, work.workspace_id, str(data["hours"]), hours=True)
        terms["hours_id"] = found.id
    try:
        return msgspec.convert(terms, Terms, str_keys=True)
    except msgspec.ValidationError as error:
        raise Refused("invalid", f"“{data['name']}”: {error}.") from None


def _named(kept: list[Any], name: str) -> Any:
    """The one of that name, or else of that id."""
    words = name.strip().lower()
    of_name = [one for one in kept if _name_of(one).lower() == words]
    return next(iter(of_name or [one for one in kept if one.id == name]), None)


def _name_of(kept: KeptHours | KeptPolicy) -> str:
    return kept.terms.name if isinstance(kept, KeptPolicy) else kept.name


def _told(data: Mapping[str, Any], read: Any) -> Any:
    try:
        return read()
    except HoursError as error:
        raise Refused("invalid", f"“{data['name']}”: {error}") from None
