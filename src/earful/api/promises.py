"""The promise register."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.api.instants import sensible
from earful.api.once import once
from earful.kit.refusal import NotFound, Refused
from earful.promises import register
from earful.promises.listing import Page, open_promises, promises_in
from earful.promises.record import Record, record_of
from earful.promises.register import Given, Promise

LONGEST = timedelta(days=366)


class EvidenceBody(msgspec.Struct, frozen=True):
    """How one can see that it was done."""

    evidence: str


class WithdrawalBody(msgspec.Struct, frozen=True):
    """Why it no longer holds, and what the customer was told."""

    reason: str


@get("/conversations/{conversation_id:str}/promises")
async def get_promises(
    caller: Called,
    conversation_id: FromPath[str],
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page:
    """What was promised there, what is open first."""
    caller.need("desk.read")
    check_id(conversation_id, "conversation")
    async with caller.state.database.acquire() as db:
        await _seen(caller, db, "conversation", conversation_id)
        return await promises_in(db, caller.workspace_id, conversation_id, after=after, limit=limit)


@post("/conversations/{conversation_id:str}/promises")
async def post_promise(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[Given]
) -> Promise:
    """Enter what was promised, by when."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await once(caller, work, lambda: register.give(work, conversation_id, data), Promise)


@get("/promises")
async def get_open_promises(
    caller: Called, after: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page:
    """The promises that are open in the inboxes one sees, the most urgent first."""
    caller.need("desk.read")
    key, seen = caller.workspace_id, caller.inboxes
    async with caller.state.database.acquire() as db:
        return await open_promises(db, key, seen, after=after, limit=limit)


@get("/promises/record")
async def get_record(
    caller: Called,
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
) -> list[Record]:
    """How promises made from `since` (four weeks ago) until `until` (now) were kept."""
    caller.need("desk.read")
    end = sensible(until or caller.now())
    start = sensible(since or end - timedelta(days=28))
    if not start < end <= start + LONGEST:
        raise Refused("invalid", "`since` comes before `until`, by a year at most.")
    seen = None if caller.inboxes is None else list(caller.inboxes)
    async with caller.state.database.acquire() as db:
        return await record_of(db, caller.workspace_id, start, end, seen)


@put("/promises/{promise_id:str}/evidence")
async def put_evidence(
    caller: Called, promise_id: FromPath[str], data: JSONBody[EvidenceBody]
) -> Promise:
    """It was done: kept, if in time."""
    check_id(promise_id, "promise")
    async with caller.work("conversation.change") as work:
        await _seen(caller, work.db, "promise", promise_id)
        return await register.prove(work, promise_id, data.evidence)


@put("/promises/{promise_id:str}/withdrawal")
async def put_withdrawal(
    caller: Called, promise_id: FromPath[str], data: JSONBody[WithdrawalBody]
) -> Promise:
    """It no longer holds."""
    check_id(promise_id, "promise")
    async with caller.work("conversation.change") as work:
        await _seen(caller, work.db, "promise", promise_id)
        return await register.withdraw(work, promise_id, data.reason)


async def _seen(caller: Caller, db: Any, what: str, id_: str) -> None:
    """Raise NotFound unless the conversation or promise stands where the caller may look."""
    inbox_id = await db.fetchval(_INBOX[what], caller.workspace_id, id_)
    if inbox_id is None:
        raise NotFound(what)
    caller.check_inbox(inbox_id)


_INBOX = {
    "conversation": "SELECT inbox_id FROM conversation WHERE workspace_id = $1 AND id = $2",
    "promise": "SELECT inbox_id FROM promise WHERE workspace_id = $1 AND id = $2",
}

ROUTES = [
    get_promises,
    post_promise,
    get_open_promises,
    get_record,
    put_evidence,
    put_withdrawal,
]
