"""Signing in to an account on the network's own pages: where to send the person."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import post
from litestar.params import JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.api.named import audited
from earful.api.once import once_shown
from earful.desk import authorize
from earful.desk.connect import Typed, typed, typed_again
from earful.desk.home import stay_home
from earful.desk.ports import secrets_of
from earful.kit.refusal import NotFound, Refused


class AuthorizationBody(msgspec.Struct, frozen=True):
    """An account to sign in to; with `channel_id`, the one of that channel again."""

    network: str
    inbox_id: str
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    channel_id: str | None = None


@post("/channels/authorizations")
async def post_authorization(caller: Called, data: JSONBody[AuthorizationBody]) -> dict[str, Any]:
    """The page of the network to sign in on; it sends the person back within 15 minutes."""
    caller.need("channel.change")
    await _check_inbox(caller, check_id(data.inbox_id, "inbox"))
    given = await _typed(caller, data)
    async with caller.state.database.acquire() as db:
        await stay_home(db, caller.workspace_id, given)
    state = authorize.new_state()
    callback = caller.state.settings.callback_url
    grant = await authorize.begin(given, callback, state)
    async with caller.work("channel.change") as work:

        async def act() -> tuple[dict[str, Any], dict[str, Any]]:
            begun = authorize.Begun(
                agent_id=caller.id,
                session_id=caller.who.session_id,
                inbox_id=data.inbox_id,
                channel_id=data.channel_id,
            )
            kept = authorize.Kept(given, dict(grant.keep))
            key = await authorize.keep(work, caller.state.keyring, begun, kept, state)
            await audited(work, caller.id, "sign_in.begun", "authorization", key, data.network)
            return {"id": key, "network": data.network}, {"url": grant.url}

        return await once_shown(caller, work, act)


async def _check_inbox(caller: Caller, inbox_id: str) -> None:
    async with caller.state.database.acquire() as db:
        found = await db.fetchval(
            "SELECT true FROM inbox WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL",
            caller.workspace_id,
            inbox_id,
        )
    if not found:
        raise NotFound("inbox")
    caller.check_inbox(inbox_id)


async def _typed(caller: Caller, data: AuthorizationBody) -> Typed:
    """What was typed; of a channel that is there, what was typed before stays where nothing new."""
    if data.channel_id is None:
        return typed(data.network, data.fields)
    check_id(data.channel_id, "channel")
    async with caller.state.database.acquire() as db:
        row = await db.fetchrow(
            "SELECT * FROM channel WHERE workspace_id = $1 AND id = $2 AND state <> 'off'",
            caller.workspace_id,
            data.channel_id,
        )
    if row is None:
        raise NotFound("channel")
    caller.check_inbox(row["inbox_id"])
    if row["network"] != data.network:
        raise Refused("invalid", "That channel is one of another network.")
    before = {**row["config"], **secrets_of(caller.state.keyring, row)}
    given = typed_again(data.network, before, data.fields)
    if not authorize.is_needed(given):
        raise Refused("not-there", "It is signed in to with what is typed here.")
    return given


ROUTES = [post_authorization]
