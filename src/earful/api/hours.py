"""Hours of the desk: when somebody is there, by slots, holidays and days of one's own."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called, check_id
from earful.api.named import audited
from earful.api.once import once
from earful.kit.refusal import Refused
from earful.sla.calendar import Calendar
from earful.sla.errors import HoursError
from earful.sla.keeping import find_hours, keep_hours, list_hours, remove_hours, shown_hours
from earful.sla.preview import HoursPreview, preview_hours
from earful.sla.public_holidays import countries
from earful.sla.reading import read_calendar
from earful.stream.work import Work


class HoursBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours under a name; the calendar as docs/reference/hours.md writes it."""

    name: str
    calendar: dict[str, Any]


class CalendarBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A calendar to try."""

    calendar: dict[str, Any]


def read(data: dict[str, Any]) -> Calendar:
    """The calendar. Raises Refused with what to mend."""
    try:
        return read_calendar(data)
    except HoursError as error:
        raise Refused("invalid", str(error)) from None


@get("/hours")
async def get_hours(caller: Called) -> list[dict[str, Any]]:
    """All hours."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return [shown_hours(kept) for kept in await list_hours(db, caller.workspace_id)]


@post("/hours")
async def post_hours(caller: Called, data: JSONBody[HoursBody]) -> dict[str, Any]:
    """New hours."""
    async with caller.work("policy.change") as work:
        return await once(caller, work, partial(_keep, work, caller.id, data), dict[str, Any])


@put("/hours/{hours_id:str}")
async def put_hours(
    caller: Called, hours_id: FromPath[str], data: JSONBody[HoursBody]
) -> dict[str, Any]:
    """Other hours, as a new version. Clocks that run keep the version they started under."""
    check_id(hours_id, "hours")
    async with caller.work("policy.change") as work:
        return await _keep(work, caller.id, data, hours_id)


async def _keep(
    work: Work, agent_id: str, data: HoursBody, hours_id: str | None = None
) -> dict[str, Any]:
    kept = await keep_hours(work, data.name, read(data.calendar), hours_id)
    await audited(work, agent_id, "hours.changed", "hours", kept.id, kept.name)
    return shown_hours(kept)


@delete("/hours/{hours_id:str}")
async def delete_hours(caller: Called, hours_id: FromPath[str]) -> None:
    """Forget hours that no policy counts by."""
    check_id(hours_id, "hours")
    async with caller.work("policy.change") as work:
        await remove_hours(work, hours_id)
        await audited(work, caller.id, "hours.removed", "hours", hours_id)


@get("/hours/{hours_id:str}/preview")
async def get_preview(caller: Called, hours_id: FromPath[str]) -> HoursPreview:
    """What hours mean now: whether they are open, and when a post would be due."""
    caller.need("desk.read")
    check_id(hours_id, "hours")
    async with caller.state.database.acquire() as db:
        kept = await find_hours(db, caller.workspace_id, hours_id)
    return preview_hours(kept.calendar, caller.now())


@post("/hours/preview", status_code=200)
async def post_preview(caller: Called, data: JSONBody[CalendarBody]) -> HoursPreview:
    """The same of a calendar that is not kept. Nothing is changed."""
    caller.need("policy.change")
    return preview_hours(read(data.calendar), caller.now())


@get("/hours/countries")
async def get_countries(caller: Called) -> dict[str, tuple[str, ...]]:
    """Countries whose public holidays are known, by ISO 3166 code, with their subdivisions."""
    caller.need("desk.read")
    return countries()


ROUTES = [
    get_hours, post_hours, put_hours, delete_hours, get_preview, post_preview, get_countries
]  # fmt: skip
