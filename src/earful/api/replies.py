"""Replies and their deliveries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import msgspec
from litestar import delete, post
from litestar.params import FromPath, JSONBody

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.api.caller import Called, Caller, check_id
from earful.api.once import once
from earful.composing.preview import Channel, Preview, preview
from earful.composing.reply import Reply, Signer, reply
from earful.conversations.cards import Card
from earful.conversations.messages import Message, load_messages
from earful.desk import deliveries
from earful.kit.refusal import NotFound
from earful.networks.contract import Visibility
from earful.stream.work import Work


class Queued(msgspec.Struct, frozen=True):
    """A reply that waits to leave, and its conversation."""

    message: Message
    card: Card


class SettlementBody(msgspec.Struct, frozen=True):
    """Whether the reply stands on the network."""

    sent: bool


@post("/conversations/{conversation_id:str}/replies")
async def post_reply(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[Reply]
) -> Queued:
    """Queue a reply; it leaves when the time to undo is over."""
    for given in (data.in_reply_to, data.move, *(picture.id for picture in data.media)):
        if given is not None:
            check_id(given, "message, move or picture")
    async with caller.on(conversation_id, "conversation.reply") as work:

        async def act() -> Queued:
            signer = await signer_of(work, caller)
            card, message = await reply(work, conversation_id, data, signer)
            await _audit(work, caller, "reply.queued", message.id, message.text)
            return Queued(message, card)

        return await once(caller, work, act, Queued)


class PreviewBody(msgspec.Struct, frozen=True):
    """What is being written, and for whom where that is not who reads the conversation."""

    text: str
    visibility: Literal["", "direct"] = ""


@post("/conversations/{conversation_id:str}/preview", status_code=200)
async def post_preview(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[PreviewBody]
) -> Preview:
    """How it would go out: counted and split as sending does it. Changes nothing."""
    caller.need("conversation.reply")
    check_id(conversation_id, "conversation")
    async with caller.state.database.acquire() as db:
        row = await db.fetchrow(
            """SELECT k.network, c.inbox_id, c.visibility, a.initials, k.limits, k.config
               FROM conversation c
               JOIN agent a ON a.workspace_id = c.workspace_id AND a.id = $3
               JOIN channel k ON k.workspace_id = c.workspace_id AND k.id = c.channel_id
               WHERE c.workspace_id = $1 AND c.id = $2""",
            caller.workspace_id,
            conversation_id,
            caller.id,
        )
    if row is None:
        raise NotFound("conversation")
    caller.check_inbox(row["inbox_id"])
    channel = Channel(row["network"], row["limits"], row["config"])
    visibility = Visibility(data.visibility or row["visibility"])
    return preview(channel, data.text, row["initials"], visibility)


async def _audit(work: Work, caller: Caller, act: Act, message_id: str, text: str = "") -> None:
    line = audit.Line(
        actor_kind="agent",
        actor_id=caller.id,
        act=act,
        object_kind="message",
        object_id=message_id,
        texts=(text,) if text else (),
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


async def signer_of(work: Work, caller: Caller) -> Signer:
    """The agent behind the request, as who answers."""
    [row] = await work.db.fetch(
        """SELECT id, name, handle, initials, undo_for FROM agent
           WHERE workspace_id = $1 AND id = $2""",
        caller.workspace_id,
        caller.id,
    )
    return Signer(**dict(row))


@asynccontextmanager
async def _on_delivery(caller: Caller, delivery_id: str) -> AsyncIterator[Work]:
    check_id(delivery_id, "delivery")
    async with caller.work("delivery.change") as work:
        inbox_id = await work.db.fetchval(
            """SELECT c.inbox_id FROM delivery d JOIN conversation c
                 ON c.workspace_id = d.workspace_id AND c.id = d.conversation_id
               WHERE d.workspace_id = $1 AND d.id = $2""",
            caller.workspace_id,
            delivery_id,
        )
        if inbox_id is None:
            raise NotFound("delivery")
        caller.check_inbox(inbox_id)
        yield work


@delete("/deliveries/{delivery_id:str}", status_code=200)
async def delete_delivery(caller: Called, delivery_id: FromPath[str]) -> Message:
    """Undo, as long as it has not left."""
    async with _on_delivery(caller, delivery_id) as work:
        _, message_id = await deliveries.undo(work, delivery_id)
        await _audit(work, caller, "reply.undone", message_id)
        return (await load_messages(work.db, caller.workspace_id, [message_id]))[0]


@post("/deliveries/{delivery_id:str}/retry", status_code=200)
async def post_retry(caller: Called, delivery_id: FromPath[str]) -> Message:
    """Send a failed or held reply again."""
    async with _on_delivery(caller, delivery_id) as work:

        async def act() -> Message:
            _, message_id = await deliveries.send_again(work, delivery_id)
            await _audit(work, caller, "reply.requeued", message_id)
            return (await load_messages(work.db, caller.workspace_id, [message_id]))[0]

        return await once(caller, work, act, Message)


@post("/deliveries/{delivery_id:str}/settlement", status_code=200)
async def post_settlement(
    caller: Called, delivery_id: FromPath[str], data: JSONBody[SettlementBody]
) -> Message:
    """Say what became of an uncertain reply."""
    async with _on_delivery(caller, delivery_id) as work:

        async def act() -> Message:
            _, message_id = await deliveries.settle_by_hand(work, delivery_id, was_sent=data.sent)
            await _audit(work, caller, "reply.settled", message_id)
            return (await load_messages(work.db, caller.workspace_id, [message_id]))[0]

        return await once(caller, work, act, Message)


ROUTES = [post_reply, post_preview, delete_delivery, post_retry, post_settlement]
