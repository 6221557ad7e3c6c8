"""Handing a conversation to another desk, and back."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.api.caller import Called, Caller, check_id
from earful.api.once import once
from earful.handoff import commands
from earful.kit.refusal import NotFound
from earful.stream.work import Work


class HandoffBody(msgspec.Struct, frozen=True):
    """To which desk, and what its people should know."""

    desk_id: str
    note: str = ""


class ThereBody(msgspec.Struct, frozen=True):
    """Whether the ticket is there; if not, it is handed over again."""

    there: bool


@get("/conversations/{conversation_id:str}/handoff")
async def get_handoff(caller: Called, conversation_id: FromPath[str]) -> dict[str, Any] | None:
    """Where it is, or null when it is with us alone."""
    caller.need("desk.read")
    check_id(conversation_id, "conversation")
    async with caller.state.database.acquire() as db:
        inbox_id = await db.fetchval(
            "SELECT inbox_id FROM conversation WHERE workspace_id = $1 AND id = $2",
            caller.workspace_id,
            conversation_id,
        )
        if inbox_id is None:
            raise NotFound("conversation")
        caller.check_inbox(inbox_id)
        return await commands.newest_of(db, caller.workspace_id, conversation_id)


@post("/conversations/{conversation_id:str}/handoff")
async def post_handoff(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[HandoffBody]
) -> dict[str, Any]:
    """Hand it over. Whoever waits goes on waiting until she is answered."""
    check_id(data.desk_id, "desk")
    async with caller.on(conversation_id, "conversation.change") as work:

        async def act() -> dict[str, Any]:
            shown = await commands.hand_on(work, conversation_id, data.desk_id, data.note)
            await _note(caller, work, "conversation.handed_on", conversation_id, data.note)
            return shown

        return await once(caller, work, act, dict[str, Any])


@delete("/conversations/{conversation_id:str}/handoff", status_code=200)
async def delete_handoff(caller: Called, conversation_id: FromPath[str]) -> dict[str, Any]:
    """Take it back; the ticket there stays as it is."""
    async with caller.on(conversation_id, "conversation.change") as work:
        shown = await commands.take_back(work, conversation_id)
        await _note(caller, work, "conversation.taken_back", conversation_id)
        return shown


@post("/conversations/{conversation_id:str}/handoff/settlement", status_code=200)
async def post_handoff_settlement(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[ThereBody]
) -> dict[str, Any]:
    """Say what became of a doubtful attempt."""
    async with caller.on(conversation_id, "conversation.change") as work:

        async def act() -> dict[str, Any]:
            shown = await commands.settle(work, conversation_id, there=data.there)
            await _note(caller, work, "conversation.handed_on", conversation_id)
            return shown

        return await once(caller, work, act, dict[str, Any])


async def _note(caller: Caller, work: Work, act: Act, conversation_id: str, text: str = "") -> None:
    line = audit.Line(
        actor_kind="agent",
        actor_id=caller.id,
        act=act,
        object_kind="conversation",
        object_id=conversation_id,
        texts=(text,) if text else (),
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


ROUTES = [get_handoff, post_handoff, delete_handoff, post_handoff_settlement]
