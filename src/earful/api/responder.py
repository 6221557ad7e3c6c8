"""The honest answer while nobody is there: its rules, and what it would say now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.api.caller import Called, Caller, check_id
from earful.api.persons import see
from earful.api.readiness import need_ready
from earful.contacts.erased import refuse_erased
from earful.kit.refusal import NotFound
from earful.responder.published import Published, published
from earful.responder.rules import Rules, check_rules, keep_rules, rules_of
from earful.responder.speak import Outlook, Who, foresee, leave_alone, speak_again
from earful.responder.staffing import staffing
from earful.responder.unstaffed import unstaffed
from earful.sla.keeping import find_hours
from earful.stream.work import Work

QUESTION = 4


class TrialBody(msgspec.Struct, frozen=True):
    """Rules to try, and the language of who writes."""

    rules: Rules
    language: str = ""


class PublishedHours(Published, frozen=True, kw_only=True):
    """As customers read them; `unstaffed` are stretches of the coming week in which they are open
    and the roster has nobody for the inbox."""

    unstaffed: list[tuple[datetime, datetime]]


@get("/inboxes/{inbox_id:str}/responder")
async def get_responder(caller: Called, inbox_id: FromPath[str]) -> Rules:
    """What the inbox says while nobody is there."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        await _inbox(caller, db, inbox_id)
        return await rules_of(db, caller.workspace_id, inbox_id)


@put("/inboxes/{inbox_id:str}/responder")
async def put_responder(caller: Called, inbox_id: FromPath[str], data: JSONBody[Rules]) -> Rules:
    """Set what the inbox says while nobody is there."""
    async with caller.work("inbox.change") as work:
        await _inbox(caller, work.db, inbox_id)
        await _hours(work, data)
        before = await rules_of(work.db, caller.workspace_id, inbox_id)
        kept = await keep_rules(work, inbox_id, data)
        if kept.on and not before.on:
            await need_ready(caller, work)  # with the texts just kept; undone where it refuses
        await _note(caller, work, "responder.changed", "inbox", inbox_id)
    return kept


@post("/inboxes/{inbox_id:str}/responder/trial", status_code=200)
async def post_trial(caller: Called, inbox_id: FromPath[str], data: JSONBody[TrialBody]) -> Outlook:
    """What somebody who asks a question now would be told under these rules. Nothing is said."""
    async with caller.work("inbox.change") as work:
        await _inbox(caller, work.db, inbox_id)
        await _hours(work, data.rules)
        rules = check_rules(data.rules)
        channel_id = await work.db.fetchval(_CHANNEL, caller.workspace_id, inbox_id)
        who = Who(
            inbox_id=inbox_id,
            channel_id=channel_id,
            name="Carol",
            language=data.language or rules.language,
            severity=QUESTION,
            waiting_since=work.now,
            due_at=work.now + timedelta(minutes=10),
        )
        return await foresee(work, who, rules, staffing)


@get("/inboxes/{inbox_id:str}/published-hours")
async def get_published_hours(
    caller: Called, inbox_id: FromPath[str], language: FromQuery[str] = ""
) -> PublishedHours | None:
    """The hours as customers read them, with a line for a profile; null where none are chosen."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        await _inbox(caller, db, inbox_id)
        now = caller.now()
        found = await published(db, caller.workspace_id, inbox_id, now, language[:35])
        if found is None:
            return None
        shown, calendar = found
        gaps = await unstaffed(db, caller.workspace_id, inbox_id, calendar, now)
    return PublishedHours(**msgspec.structs.asdict(shown), unstaffed=gaps)


@put("/contacts/{contact_id:str}/left-alone")
async def put_left_alone(caller: Called, contact_id: FromPath[str]) -> None:
    """Nothing automatic is said to this person any more."""
    async with caller.work("conversation.change") as work:
        await see(caller, work.db, contact_id)
        await refuse_erased(work, contact_id)
        await leave_alone(work, contact_id)
        await _note(caller, work, "contact.left_alone", "contact", contact_id)


@delete("/contacts/{contact_id:str}/left-alone")
async def delete_left_alone(caller: Called, contact_id: FromPath[str]) -> None:
    """They may be told automatically again."""
    async with caller.work("conversation.change") as work:
        await see(caller, work.db, contact_id)
        await speak_again(work, contact_id)
        await _note(caller, work, "contact.spoken_to", "contact", contact_id)


async def _hours(work: Work, rules: Rules) -> None:
    """Raise NotFound unless the hours are there."""
    if rules.hours_id is not None:
        check_id(rules.hours_id, "hours")
        await find_hours(work.db, work.workspace_id, rules.hours_id)


async def _inbox(caller: Caller, db: Any, inbox_id: str) -> None:
    check_id(inbox_id, "inbox")
    found = await db.fetchval(
        "SELECT true FROM inbox WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL",
        caller.workspace_id,
        inbox_id,
    )
    if not found or (caller.inboxes is not None and inbox_id not in caller.inboxes):
        raise NotFound("inbox")


async def _note(caller: Caller, work: Work, act: Act, kind: str, id_: str) -> None:
    line = audit.Line(
        actor_kind="agent", actor_id=caller.id, act=act, object_kind=kind, object_id=id_
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


_CHANNEL = """
SELECT id FROM channel WHERE workspace_id = $1 AND inbox_id = $2 AND state <> 'off'
ORDER BY created_at LIMIT 1
"""

ROUTES = [
    get_responder,
    put_responder,
    post_trial,
    get_published_hours,
    put_left_alone,
    delete_left_alone,
]
