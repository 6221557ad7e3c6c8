"""After an answer: an inbox's rules, a conversation's follow-up and its rating."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from earful.accounts import audit
from earful.api.caller import Called, Caller, check_id
from earful.api.instants import sensible
from earful.api.once import once
from earful.following import follow_ups, ratings
from earful.following.all_clear import AllClear, all_clear
from earful.following.follow_ups import FollowUp
from earful.following.ratings import Rating
from earful.following.rules import Rules, keep_rules, rules_of
from earful.kit.refusal import NotFound


class FollowUpBody(msgspec.Struct, frozen=True):
    """When to look again: in any case (`date`), or if they have not written (`silence`)."""

    due_at: datetime
    kind: str = "date"
    note: str = ""


class AllClearBody(msgspec.Struct, frozen=True):
    """Since when something must have been said there: the last 30 days, if left out."""

    since: datetime | None = None


@get("/inboxes/{inbox_id:str}/following")
async def get_following(caller: Called, inbox_id: FromPath[str]) -> Rules:
    """What the inbox does after an answer."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        await _inbox(caller, db, inbox_id)
        return await rules_of(db, caller.workspace_id, inbox_id)


@put("/inboxes/{inbox_id:str}/following")
async def put_following(caller: Called, inbox_id: FromPath[str], data: JSONBody[Rules]) -> Rules:
    """Set what the inbox does after an answer; it counts for what ends from now on."""
    async with caller.work("inbox.change") as work:
        await _inbox(caller, work.db, inbox_id)
        kept = await keep_rules(work, inbox_id, data)
        line = audit.Line(
            actor_kind="agent",
            actor_id=caller.id,
            act="following.changed",
            object_kind="inbox",
            object_id=inbox_id,
        )
        await audit.append(work.db, caller.workspace_id, line, now=work.now)
    return kept


@get("/conversations/{conversation_id:str}/rating")
async def get_rating(caller: Called, conversation_id: FromPath[str]) -> Rating | None:
    """How its customer rated it; null where she was not asked and will not be."""
    async with caller.state.database.acquire() as db:
        await _conversation(caller, db, conversation_id)
        return await ratings.rating_for(db, caller.workspace_id, conversation_id)


@get("/conversations/{conversation_id:str}/follow-up")
async def get_follow_up(caller: Called, conversation_id: FromPath[str]) -> FollowUp | None:
    """What is planned for it, or is due; null for nothing."""
    async with caller.state.database.acquire() as db:
        await _conversation(caller, db, conversation_id)
        return await follow_ups.follow_up_for(db, caller.workspace_id, conversation_id)


@put("/conversations/{conversation_id:str}/follow-up")
async def put_follow_up(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[FollowUpBody]
) -> FollowUp:
    """Plan to look again, in place of what was planned."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await follow_ups.plan(
            work, conversation_id, data.due_at, kind=data.kind, note=data.note
        )


@delete("/conversations/{conversation_id:str}/follow-up")
async def delete_follow_up(caller: Called, conversation_id: FromPath[str]) -> None:
    """It is not needed any more."""
    async with caller.on(conversation_id, "conversation.change") as work:
        await follow_ups.drop(work, conversation_id)


@post("/tags/{name:str}/all-clear")
async def post_all_clear(
    caller: Called, name: FromPath[str], data: JSONBody[AllClearBody]
) -> AllClear:
    """It is over: whoever has the tag comes back for a follow-up, one by one."""
    since = None if data.since is None else sensible(data.since)
    async with caller.work("tag.change") as work:
        return await once(
            caller, work, lambda: all_clear(work, name, since, caller.inboxes), AllClear
        )


async def _inbox(caller: Caller, db: Any, inbox_id: str) -> None:
    check_id(inbox_id, "inbox")
    found = await db.fetchval(
        "SELECT true FROM inbox WHERE workspace_id = $1 AND id = $2",
        caller.workspace_id,
        inbox_id,
    )
    if not found or (caller.inboxes is not None and inbox_id not in caller.inboxes):
        raise NotFound("inbox")


async def _conversation(caller: Caller, db: Any, conversation_id: str) -> None:
    caller.need("desk.read")
    check_id(conversation_id, "conversation")
    inbox_id = await db.fetchval(
        "SELECT inbox_id FROM conversation WHERE workspace_id = $1 AND id = $2",
        caller.workspace_id,
        conversation_id,
    )
    if inbox_id is None:
        raise NotFound("conversation")
    caller.check_inbox(inbox_id)


ROUTES = [
    get_following,
    put_following,
    get_rating,
    get_follow_up,
    put_follow_up,
    delete_follow_up,
    post_all_clear,
]
