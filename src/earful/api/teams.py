"""Teams: who belongs to which."""

from __future__ import annotations

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from earful.accounts import teams
from earful.accounts.acts import Act
from earful.accounts.teams import Team
from earful.api.caller import Called, Caller, check_id
from earful.api.named import audited, named
from earful.api.once import once
from earful.stream.work import Work


class TeamBody(msgspec.Struct, frozen=True):
    """A team; on a change, what is not given stays as it is."""

    name: str | None = None
    agent_ids: list[str] | None = None


@get("/teams")
async def get_teams(caller: Called) -> list[Team]:
    """All teams, with who belongs to them."""
    caller.need("people.read")
    async with caller.state.database.acquire() as db:
        return await teams.list_teams(db, caller.workspace_id)


@post("/teams")
async def post_team(caller: Called, data: JSONBody[TeamBody]) -> Team:
    """A new team."""
    ids = _checked(data.agent_ids or [])
    async with caller.work("team.change") as work:

        async def act() -> Team:
            team = await teams.add_team(work, named(data.name), ids)
            return await _told(work, caller, "team.added", team)

        return await once(caller, work, act, Team)


@patch("/teams/{team_id:str}")
async def patch_team(caller: Called, team_id: FromPath[str], data: JSONBody[TeamBody]) -> Team:
    """Rename a team, or change who belongs to it: their rights follow at once."""
    check_id(team_id, "team")
    name = None if data.name is None else named(data.name)
    ids = None if data.agent_ids is None else _checked(data.agent_ids)
    async with caller.work("team.change") as work:
        team = await teams.change_team(work, team_id, name=name, agent_ids=ids)
        return await _told(work, caller, "team.changed", team)


@delete("/teams/{team_id:str}")
async def delete_team(caller: Called, team_id: FromPath[str]) -> None:
    """Remove a team that no inbox and no open conversation is given to."""
    check_id(team_id, "team")
    async with caller.work("team.change") as work:
        await teams.remove_team(work, team_id)
        work.emit("team.removed", {"removed": team_id})
        await audited(work, caller.id, "team.removed", "team", team_id)


def _checked(agent_ids: list[str]) -> list[str]:
    return [check_id(agent_id, "agent") for agent_id in agent_ids]


async def _told(work: Work, caller: Caller, kind: Act, team: Team) -> Team:
    work.emit(kind, {"team": team})
    await audited(work, caller.id, kind, "team", team.id, *team.agent_ids)
    return team


ROUTES = [get_teams, post_team, patch_team, delete_team]
