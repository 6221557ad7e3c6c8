"""Who looks after a conversation: a colleague, a team."""

from __future__ import annotations

import msgspec
from litestar import put
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called, check_id
from earful.conversations.cards import Card
from earful.desk.assign import assign
from earful.desk.hand_over import hand_over


class AssigneeBody(msgspec.Struct, frozen=True):
    """Who looks after it; null for nobody."""

    agent_id: str | None


class TeamBody(msgspec.Struct, frozen=True):
    """Which team looks after it; null for none."""

    team_id: str | None


@put("/conversations/{conversation_id:str}/assignee")
async def put_assignee(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[AssigneeBody]
) -> Card:
    """Take, give or free."""
    if data.agent_id is not None:
        check_id(data.agent_id, "agent")
    async with caller.on(conversation_id, "conversation.change") as work:
        return await assign(work, conversation_id, data.agent_id)


@put("/conversations/{conversation_id:str}/team")
async def put_team(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[TeamBody]
) -> Card:
    """Hand over to a team, or take it from its team."""
    if data.team_id is not None:
        check_id(data.team_id, "team")
    async with caller.on(conversation_id, "conversation.change") as work:
        return await hand_over(work, conversation_id, data.team_id)


ROUTES = [put_assignee, put_team]
