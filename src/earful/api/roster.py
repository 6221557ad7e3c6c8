"""The roster: shifts, absences, and who is on duty when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec
from litestar import delete, get, patch, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.api.instants import sensible
from earful.api.named import audited
from earful.api.once import once
from earful.kit.refusal import Refused
from earful.roster import absences, asking, copying, shifts
from earful.roster.absences import Absence
from earful.roster.duties import Duty
from earful.roster.shifts import Kept, Pattern

LONGEST_LOOK = timedelta(days=62)


class DayBody(msgspec.Struct, frozen=True):
    """To whom a day of a shift goes, and `to` which day; null takes it out of the shift."""

    day: date
    agent_id: str | None = None
    to: date | None = None


class WeekBody(msgspec.Struct, frozen=True):
    """Mondays: the week that is copied, and the one it is copied into."""

    monday: date
    to: date


class AbsenceBody(msgspec.Struct, frozen=True):
    """Who is not there from when until when."""

    agent_id: str
    starts_at: datetime
    ends_at: datetime
    kind: str = "other"


class Now(msgspec.Struct, frozen=True):
    """Who is on shift and on call; when somebody is next, where nobody is on shift."""

    on_shift: list[Duty]
    on_call: list[Duty]
    next_at: datetime | None


@get("/shifts")
async def get_shifts(caller: Called) -> list[Kept]:
    """All shifts as they were written down."""
    caller.need("people.read")
    async with caller.state.database.acquire() as db:
        return await shifts.list_shifts(db, caller.workspace_id)


@post("/shifts")
async def post_shift(caller: Called, data: JSONBody[Pattern]) -> Kept:
    """A new shift, repeating or single."""
    async with caller.work("roster.change") as work:

        async def act() -> Kept:
            kept = await shifts.add(work, data)
            await audited(work, caller.id, "shift.added", "shift", kept.id)
            return kept

        return await once(caller, work, act, Kept)


@patch("/shifts/{shift_id:str}")
async def patch_shift(caller: Called, shift_id: FromPath[str], data: JSONBody[Pattern]) -> Kept:
    """The shift as it is from now on, whole."""
    check_id(shift_id, "shift")
    async with caller.work("roster.change") as work:
        kept = await shifts.change(work, shift_id, data)
        await audited(work, caller.id, "shift.changed", "shift", shift_id)
    return kept


@delete("/shifts/{shift_id:str}")
async def delete_shift(caller: Called, shift_id: FromPath[str]) -> None:
    """Remove a shift with all its days."""
    check_id(shift_id, "shift")
    async with caller.work("roster.change") as work:
        await shifts.remove(work, shift_id)
        await audited(work, caller.id, "shift.removed", "shift", shift_id)


@put("/shifts/{shift_id:str}/day")
async def put_shift_day(
    caller: Called, shift_id: FromPath[str], data: JSONBody[DayBody]
) -> Kept | None:
    """Take one day out of a shift, give it to a colleague or move it; answers with the new one."""
    check_id(shift_id, "shift")
    async with caller.work("roster.change") as work:
        given = await shifts.give_day(work, shift_id, data.day, data.agent_id, data.to)
        await audited(work, caller.id, "shift.changed", "shift", shift_id)
    return given


@post("/shifts/copies")
async def post_shift_copies(caller: Called, data: JSONBody[WeekBody]) -> list[Kept]:
    """Copy the single shifts of a week into another; a second time changes nothing."""
    async with caller.work("roster.change") as work:

        async def act() -> list[Kept]:
            made = await copying.copy_week(work, data.monday, data.to)
            for kept in made:
                await audited(work, caller.id, "shift.added", "shift", kept.id)
            return made

        return await once(caller, work, act, list[Kept])


@get("/absences")
async def get_absences(
    caller: Called, start: FromQuery[datetime | None] = None, end: FromQuery[datetime | None] = None
) -> list[Absence]:
    """Absences that touch a stretch; why is told to leads, owners and herself."""
    caller.need("people.read")
    start, end = _look(caller, start, end)
    async with caller.state.database.acquire() as db:
        return await absences.list_absences(
            db, caller.workspace_id, start, end, knows=_knows(caller)
        )


@post("/absences")
async def post_absence(caller: Called, data: JSONBody[AbsenceBody]) -> Absence:
    """Somebody will not be there."""
    async with caller.work("roster.change") as work:

        async def act() -> Absence:
            one = await absences.add(work, data.agent_id, data.kind, data.starts_at, data.ends_at)
            await audited(work, caller.id, "absence.added", "absence", one.id)
            return one

        return await once(caller, work, act, Absence)


@delete("/absences/{absence_id:str}")
async def delete_absence(caller: Called, absence_id: FromPath[str]) -> None:
    """She will be there after all."""
    check_id(absence_id, "absence")
    async with caller.work("roster.change") as work:
        await absences.remove(work, absence_id)
        await audited(work, caller.id, "absence.removed", "absence", absence_id)


@get("/roster")
async def get_roster(
    caller: Called,
    start: FromQuery[datetime | None] = None,
    end: FromQuery[datetime | None] = None,
    team: FromQuery[str | None] = None,
) -> list[Duty]:
    """Who is on duty when, in a stretch of at most 62 days; absences are cut out already."""
    caller.need("people.read")
    start, end = _look(caller, start, end)
    async with caller.state.database.acquire() as db:
        return await asking.duties_between(db, caller.workspace_id, start, end, team_id=_team(team))


@get("/roster/now")
async def get_roster_now(caller: Called, team: FromQuery[str | None] = None) -> Now:
    """Who is on shift and on call now, and when somebody is next."""
    caller.need("people.read")
    async with caller.state.database.acquire() as db:
        return await now_of(db, caller.workspace_id, caller.now(), _team(team))


async def now_of(db: object, workspace_id: str, at: datetime, team_id: str | None) -> Now:
    """The roster at one instant."""
    working = await asking.on_shift(db, workspace_id, at, team_id=team_id)
    calling = await asking.on_call(db, workspace_id, at, team_id=team_id)
    found = None if working else await asking.next_on_shift(db, workspace_id, at, team_id=team_id)
    return Now(working, calling, None if found is None else found[0])


def _knows(caller: Caller) -> str | None:
    """Whose reasons she may know: None for everybody's."""
    return None if caller.who.may("roster.change") else caller.id


def _team(team: str | None) -> str | None:
    return None if not team else check_id(team, "team")


def _look(
    caller: Caller, start: datetime | None, end: datetime | None
) -> tuple[datetime, datetime]:
    """The stretch asked for: from now on, and a week, unless they are said. Raises Refused."""
    start = sensible(start or caller.now())
    end = sensible(end or start + timedelta(days=7))
    if not timedelta(0) < end - start <= LONGEST_LOOK:
        raise Refused("invalid", "Look at one stretch of at most 62 days.")
    return start, end


ROUTES = [
    get_shifts,
    post_shift,
    patch_shift,
    delete_shift,
    put_shift_day,
    post_shift_copies,
    get_absences,
    post_absence,
    delete_absence,
    get_roster,
    get_roster_now,
]
