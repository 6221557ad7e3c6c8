"""Who looks and types: told to colleagues, kept nowhere."""

from __future__ import annotations

import msgspec
from litestar import put
from litestar.params import FromPath, JSONBody

from earful.accounts.rules import Rules
from earful.api.caller import Called, check_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.hub import Hub

STATES = ("viewing", "typing", "gone")


class PresenceBody(msgspec.Struct, frozen=True):
    """viewing, typing or gone."""

    state: str


def told(state: str, rules: Rules) -> str:
    """What colleagues are told of `state`, by the rules of the workspace."""
    if state == "typing" and not rules.typing:
        state = "viewing"
    return "gone" if state == "viewing" and not rules.presence else state


@put("/conversations/{conversation_id:str}/presence", status_code=204)
async def put_presence(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[PresenceBody]
) -> None:
    """Say that she looks at it, types in it, or has left."""
    caller.need("own.change")
    check_id(conversation_id, "conversation")
    if data.state not in STATES:
        raise Refused("invalid", "The state is viewing, typing or gone.")
    hub: Hub = caller.state.hub
    async with caller.state.database.acquire() as db:
        row = await db.fetchrow(_WHERE, caller.workspace_id, conversation_id)
        if row is None:
            raise NotFound("conversation")
        caller.check_inbox(row["inbox_id"])
        rules = msgspec.convert(row["settings"], Rules)
        state = told(data.state, rules)
        shown = rules.presence or hub.shows(caller.workspace_id, conversation_id, caller.id)
        if state == "gone" and not shown:
            return  # that somebody leaves would tell that she was there
        said = {
            "workspace_id": caller.workspace_id,
            "inbox_id": row["inbox_id"],
            "conversation_id": conversation_id,
            "agent_id": caller.id,
            "state": state,
            "at": caller.now(),
        }
        await db.execute(
            "SELECT pg_notify('earful_presence', $1)", msgspec.json.encode(said).decode()
        )


_WHERE = """
SELECT c.inbox_id, w.settings FROM conversation c JOIN workspace w ON w.id = c.workspace_id
WHERE c.workspace_id = $1 AND c.id = $2
"""

ROUTES = [put_presence]
