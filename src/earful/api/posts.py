"""Verbs on single posts: hide, take away, answer in the network's own app."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.api.caller import Called, Caller, check_id
from earful.api.once import once
from earful.conversations.messages import Message
from earful.desk import posts
from earful.desk.asking import asking
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import AnswersThere, Connector, Hides, Removes
from earful.networks.registry import network
from earful.stream.work import Work


class HiddenBody(msgspec.Struct, frozen=True):
    """Whether those who read our thread see it."""

    hidden: bool


async def _found(caller: Caller, message_id: str) -> tuple[Any, Mapping[str, Any]]:
    """A post that the caller may see, and its channel."""
    check_id(message_id, "message")
    async with caller.state.database.acquire() as db:
        row = await posts.find_post(db, caller.workspace_id, message_id)
        caller.check_inbox(row["inbox_id"])
        channel = await db.fetchrow(
            "SELECT * FROM channel WHERE workspace_id = $1 AND id = $2",
            caller.workspace_id,
            row["channel_id"],
        )
    if channel is None:
        raise NotFound("channel")
    return row, channel


def _asking(caller: Caller, channel: Mapping[str, Any]) -> AbstractAsyncContextManager[Connector]:
    state = caller.state
    return asking(state.database, state.keyring, state.now, channel)


async def _audit(work: Work, caller: Caller, act: Act, message: Message) -> None:
    line = audit.Line(
        actor_kind="agent",
        actor_id=caller.id,
        act=act,
        object_kind="message",
        object_id=message.id,
        texts=(message.text,) if message.text else (),
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


@put("/messages/{message_id:str}/hidden")
async def put_hidden(
    caller: Called, message_id: FromPath[str], data: JSONBody[HiddenBody]
) -> Message:
    """Hide somebody's reply from those who read our thread on the network, or show it again."""
    caller.need("conversation.reply")
    row, channel = await _found(caller, message_id)
    if row["direction"] != "incoming" or not row["external_id"]:
        raise Refused("invalid", "Only a post of somebody else can be hidden.")
    async with _asking(caller, channel) as connector:
        if not isinstance(connector, Hides):
            raise Refused("invalid", "Nothing can be hidden on this network from here.")
        await connector.hide(row["external_id"], hidden=data.hidden)
    async with caller.work("conversation.reply") as work:
        message = await posts.set_hidden(work, message_id, hidden=data.hidden)
        await _audit(work, caller, "post.hidden" if data.hidden else "post.shown", message)
        return message


@delete("/messages/{message_id:str}", status_code=200)
async def delete_message(caller: Called, message_id: FromPath[str]) -> Message:
    """Take a post of ours away on the network. It stays in the history, marked."""
    caller.need("conversation.reply")
    row, channel = await _found(caller, message_id)
    if row["direction"] != "outgoing" or not row["external_id"]:
        raise Refused("invalid", "Only a post of our own that stands can be taken away.")
    async with _asking(caller, channel) as connector:
        if not isinstance(connector, Removes):
            raise Refused("invalid", "Nothing can be taken away on this network from here.")
        await connector.remove(row["external_id"])
    async with caller.work("conversation.reply") as work:
        message = await posts.set_removed(work, message_id, work.now)
        await _audit(work, caller, "post.removed", message)
        return message


@get("/messages/{message_id:str}/answer-there")
async def get_answer_there(
    caller: Called, message_id: FromPath[str], text: FromQuery[str] = ""
) -> dict[str, str]:
    """The address that opens the network's own app at a post, ready to answer."""
    caller.need("conversation.reply")
    row, channel = await _found(caller, message_id)
    found = network(channel["network"])
    if not isinstance(found, AnswersThere) or not row["external_id"]:
        raise Refused("invalid", "This network has no address to answer at.")
    return {"url": found.answer_there(row["external_id"], row["uri"], text[:2000])}


@post("/messages/{message_id:str}/answer-there")
async def post_answer_there(
    caller: Called, message_id: FromPath[str], data: JSONBody[posts.There]
) -> Message:
    """Record what was answered in the network's own app: it settles what it covers."""
    row, channel = await _found(caller, message_id)
    if row["direction"] != "incoming":
        raise Refused("invalid", "Say which post of theirs was answered.")
    async with caller.work("conversation.reply") as work:

        async def act() -> Message:
            message = await posts.record_answer(
                work, row, data, handle=channel["handle"], network=channel["network"]
            )
            await _audit(work, caller, "reply.recorded", message)
            return message

        return await once(caller, work, act, Message)


ROUTES = [put_hidden, delete_message, get_answer_there, post_answer_there]
