"""Here, busy, away; and what each agent takes at once, knows and writes."""

from __future__ import annotations

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called, check_id
from earful.api.named import audited
from earful.roster import standing
from earful.roster.standing import Ability, Standing


class StatusBody(msgspec.Struct, frozen=True):
    """here, busy or away."""

    status: str


@get("/statuses")
async def get_statuses(caller: Called) -> list[Standing]:
    """How everybody stands, by name."""
    caller.need("people.read")
    async with caller.state.database.acquire() as db:
        return await standing.list_standing(db, caller.workspace_id)


@put("/me/status")
async def put_status(caller: Called, data: JSONBody[StatusBody]) -> Standing:
    """She is here, busy or away."""
    async with caller.work("presence.change") as work:
        return await standing.say(work, caller.id, data.status)


@put("/me/seen", status_code=204)
async def put_seen(caller: Called) -> None:
    """Her browser is still there; a screen says so every minute."""
    async with caller.work("own.change") as work:
        await standing.seen(work, caller.id)


@put("/agents/{agent_id:str}/status")
async def put_agent_status(
    caller: Called, agent_id: FromPath[str], data: JSONBody[StatusBody]
) -> Standing:
    """Say it for a colleague who forgot to."""
    check_id(agent_id, "agent")
    async with caller.work("roster.change") as work:
        said = await standing.say(work, agent_id, data.status)
        await audited(work, caller.id, "status.changed", "agent", agent_id, data.status)
    return said


@put("/agents/{agent_id:str}/ability")
async def put_ability(caller: Called, agent_id: FromPath[str], data: JSONBody[Ability]) -> Standing:
    """What she takes at once, what she knows, and which languages she writes."""
    check_id(agent_id, "agent")
    async with caller.work("roster.change") as work:
        able = await standing.enable(work, agent_id, data)
        await audited(work, caller.id, "ability.changed", "agent", agent_id)
    return able


ROUTES = [get_statuses, put_status, put_seen, put_agent_status, put_ability]
