"""Whose turn it is: snoozed, waiting for the customer, resolved, and back."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import delete, put
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called
from earful.conversations.cards import Card
from earful.desk import resolve, snooze
from earful.kit.refusal import Refused


class SnoozeBody(msgspec.Struct, frozen=True):
    """Until when; null with `on_reply` for until they reply."""

    until: datetime | None = None
    on_reply: bool = True


class ResolutionBody(msgspec.Struct, frozen=True):
    """How it ends; `reason` is asked for where people still wait.

    `unanswered`: how many messages were seen to wait. If more do by now, nothing is resolved.
    """

    disposition: str
    reason: str = ""
    unanswered: int | None = None


@put("/conversations/{conversation_id:str}/snooze")
async def put_snooze(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[SnoozeBody]
) -> Card:
    """Put aside."""
    if data.until is not None and data.until.tzinfo is None:
        raise Refused("invalid", "`until` needs a time zone, such as a Z at its end.")
    async with caller.on(conversation_id, "conversation.change") as work:
        return await snooze.snooze(work, conversation_id, data.until, data.on_reply)


@delete("/conversations/{conversation_id:str}/snooze", status_code=200)
async def delete_snooze(caller: Called, conversation_id: FromPath[str]) -> Card:
    """Wake."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await snooze.wake(work, conversation_id)


@put("/conversations/{conversation_id:str}/pending")
async def put_pending(caller: Called, conversation_id: FromPath[str]) -> Card:
    """Wait for the customer."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await resolve.wait_for_customer(work, conversation_id)


@put("/conversations/{conversation_id:str}/resolution")
async def put_resolution(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[ResolutionBody]
) -> Card:
    """Resolve."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await resolve.resolve(
            work, conversation_id, data.disposition, data.reason, data.unanswered
        )


@delete("/conversations/{conversation_id:str}/resolution", status_code=200)
async def delete_resolution(caller: Called, conversation_id: FromPath[str]) -> Card:
    """Reopen."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await resolve.reopen(work, conversation_id)


ROUTES = [put_snooze, delete_snooze, put_pending, put_resolution, delete_resolution]
