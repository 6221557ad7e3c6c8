"""The connected accounts."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.api.caller import Called, Caller, check_id
from earful.api.once import once
from earful.desk.channels import Leaving, count_leaving, describe, set_channel_state
from earful.desk.connect import Typed, add_channel, ask, sign_in_again, typed, typed_again
from earful.desk.home import refuse_files, stay_home
from earful.desk.ports import secrets_of
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work


class ChannelBody(msgspec.Struct, frozen=True):
    """An account to connect."""

    network: str
    inbox_id: str
    fields: dict[str, str] = msgspec.field(default_factory=dict)


class ChannelPatch(msgspec.Struct, frozen=True):
    """What to change of a channel."""

    state: str | None = None
    inbox_id: str | None = None
    fields: dict[str, str] | None = None


@get("/channels")
async def get_channels(caller: Called) -> list[dict[str, Any]]:
    """The connected accounts."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        rows = await db.fetch(
            "SELECT * FROM channel WHERE workspace_id = $1 AND state <> 'off' ORDER BY created_at",
            caller.workspace_id,
        )
    seen = caller.inboxes
    return [describe(row) for row in rows if seen is None or row["inbox_id"] in seen]


async def _audit(work: Work, caller: Caller, act: Act, channel_id: str) -> None:
    line = audit.Line(
        actor_kind="agent",
        actor_id=caller.id,
        act=act,
        object_kind="channel",
        object_id=channel_id,
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


@post("/channels")
async def post_channel(caller: Called, data: JSONBody[ChannelBody]) -> dict[str, Any]:
    """Connect an account: the network is asked first."""
    caller.need("channel.change")
    check_id(data.inbox_id, "inbox")
    refuse_files(data.network, data.fields)
    given = typed(data.network, data.fields)
    await _stay_home(caller, given)
    account = await ask(given, caller.state.now)
    async with caller.work("channel.change") as work:

        async def act() -> dict[str, Any]:
            channel = await add_channel(work, caller.state.keyring, account, data.inbox_id)
            await _audit(work, caller, "channel.connected", channel["id"])
            return channel

        return await once(caller, work, act, dict[str, Any])


async def _stay_home(caller: Caller, given: Typed) -> None:
    async with caller.state.database.acquire() as db:
        await stay_home(db, caller.workspace_id, given)


@patch("/channels/{channel_id:str}")
async def patch_channel(
    caller: Called, channel_id: FromPath[str], data: JSONBody[ChannelPatch]
) -> dict[str, Any]:
    """Hold, activate, move to another inbox, or sign in again."""
    caller.need("channel.change")
    check_id(channel_id, "channel")
    if data.state not in (None, "active", "held"):
        raise Refused("invalid", "The state is active or held.")
    row = await channel_row(caller, channel_id)
    account = None
    if data.fields is not None:
        before = {**row["config"], **secrets_of(caller.state.keyring, row)}
        refuse_files(row["network"], data.fields)
        given = typed_again(row["network"], before, data.fields)
        await _stay_home(caller, given)
        account = await ask(given, caller.state.now)
    async with caller.work("channel.change") as work:
        if account is not None:
            await sign_in_again(work, caller.state.keyring, channel_id, account)
        if data.inbox_id is not None:
            await _move(work, channel_id, check_id(data.inbox_id, "inbox"))
        state = data.state or ("active" if account else None)
        if state:
            reason = "" if state == "active" else f"Held by {caller.who.name}."
            await set_channel_state(work, channel_id, state, reason)
            act: Act = "channel.active" if state == "active" else "channel.held"
            await _audit(work, caller, act, channel_id)
    return describe(await channel_row(caller, channel_id))


async def _move(work: Work, channel_id: str, inbox_id: str) -> None:
    moved = await work.db.fetchrow(
        """UPDATE channel SET inbox_id = $3 WHERE workspace_id = $1 AND id = $2
           AND EXISTS (SELECT 1 FROM inbox i WHERE i.workspace_id = $1 AND i.id = $3
             AND i.deleted_at IS NULL) RETURNING *""",
        work.workspace_id,
        channel_id,
        inbox_id,
    )
    if moved is None:
        raise NotFound("inbox")
    work.emit("channel.moved", {"channel": describe(moved)}, inbox_id=inbox_id)


async def channel_row(caller: Caller, channel_id: str) -> Any:
    """A channel that the caller may see. Raises NotFound."""
    async with caller.state.database.acquire() as db:
        row = await db.fetchrow(
            "SELECT * FROM channel WHERE workspace_id = $1 AND id = $2 AND state <> 'off'",
            caller.workspace_id,
            channel_id,
        )
    if row is None:
        raise NotFound("channel")
    caller.check_inbox(row["inbox_id"])
    return row


@get("/channels/{channel_id:str}/leaving")
async def get_leaving(caller: Called, channel_id: FromPath[str]) -> Leaving:
    """The replies that have not left yet: what is asked before a channel is disconnected."""
    caller.need("channel.read")
    await channel_row(caller, check_id(channel_id, "channel"))
    async with caller.state.database.acquire() as db:
        return await count_leaving(db, caller.workspace_id, channel_id)


@delete("/channels/{channel_id:str}")
async def delete_channel(caller: Called, channel_id: FromPath[str]) -> None:
    """Disconnect. Its conversations stay."""
    caller.need("channel.change")
    await channel_row(caller, check_id(channel_id, "channel"))
    async with caller.work("channel.change") as work:
        await set_channel_state(work, channel_id, "off", f"Disconnected by {caller.who.name}.")
        await work.db.execute(
            """UPDATE channel SET secret = NULL, session = NULL
               WHERE workspace_id = $1 AND id = $2""",
            caller.workspace_id,
            channel_id,
        )
        await _audit(work, caller, "channel.disconnected", channel_id)


ROUTES = [get_channels, get_leaving, post_channel, patch_channel, delete_channel]
