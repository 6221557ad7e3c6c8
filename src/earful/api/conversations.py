"""Conversations: lists, one whole, and the verbs as resources."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.api.once import once
from earful.conversations.beside import load_beside
from earful.conversations.cards import Card, load_cards
from earful.conversations.messages import Message, load_messages, messages_of
from earful.desk import assign as assigning
from earful.desk import drafts, merge, notes, resolve, severity, snooze, summary, tags, views
from earful.desk.bulk import Bulk, Done, act_on_many
from earful.desk.hand_over import hand_over
from earful.kit.refusal import NotFound, Refused


class AssigneeBody(msgspec.Struct, frozen=True):
    """Who looks after it; null for nobody."""

    agent_id: str | None


class SummaryBody(msgspec.Struct):
    """One line; empty takes it away."""

    text: str


class TeamBody(msgspec.Struct, frozen=True):
    """Which team looks after it; null for none."""

    team_id: str | None


class SeverityBody(msgspec.Struct, frozen=True):
    """1 (worst) to 5."""

    severity: int
    reason: str = ""


class SnoozeBody(msgspec.Struct, frozen=True):
    """Until when; null with `on_reply` for until they reply."""

    until: datetime | None = None
    on_reply: bool = True


class ResolutionBody(msgspec.Struct, frozen=True):
    """How it ends; `reason` is asked for where people still wait."""

    disposition: str
    reason: str = ""


class NoteBody(msgspec.Struct, frozen=True):
    """A note to colleagues, and whom it names."""

    text: str
    mentions: list[str] = msgspec.field(default_factory=list)


class MergeBody(msgspec.Struct, frozen=True):
    """Into which conversation."""

    into: str


@get("/conversations")
async def list_conversations(
    caller: Called,
    *,
    view: FromQuery[str | None] = None,
    status: FromQuery[str | None] = None,
    inbox: FromQuery[str | None] = None,
    assignee: FromQuery[str | None] = None,
    team: FromQuery[str | None] = None,
    tag: FromQuery[str | None] = None,
    network: FromQuery[str | None] = None,
    severity: FromQuery[int | None] = None,
    order: FromQuery[str] = "newest",
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> views.Page:
    """A page of a view, or of a filter, with the cursor from which events go on."""
    caller.need("desk.read")
    for given in (inbox, assignee if assignee not in ("me", "nobody") else None):
        if given:
            check_id(given, "inbox or agent")
    async with caller.state.database.acquire() as db:
        asked = (
            await views.find_view(db, caller.workspace_id, view)
            if view
            else views.Filter(
                status=status,
                inbox=inbox,
                assignee=assignee,
                team=team,
                tag=tag,
                network=network,
                severity=severity,
                order=order,
            )
        )
        return await views.list_page(
            db,
            caller.workspace_id,
            caller.id,
            caller.inboxes,
            asked,
            after=after,
            limit=limit,
        )


@get("/conversations/{conversation_id:str}")
async def get_conversation(caller: Called, conversation_id: FromPath[str]) -> dict[str, Any]:
    """One conversation whole, with the cursor from which events go on."""
    caller.need("desk.read")
    check_id(conversation_id, "conversation")
    workspace_id = caller.workspace_id
    async with caller.state.database.snapshot() as db:
        beside = await load_beside(db, workspace_id, conversation_id, caller.id)
        if beside is None:
            raise NotFound("conversation")
        card = beside.card
        caller.check_inbox(card.inbox_id)
        messages = await messages_of(db, workspace_id, conversation_id)
        history = await _history(db, caller, beside.others)
    here = caller.state.hub.present(
        workspace_id, caller.inboxes, caller.now() - timedelta(seconds=60)
    )
    return {
        "card": card,
        "messages": messages,
        "contact": {
            "id": card.contact.id,
            "name": card.contact.name,
            "handles": beside.handles,
            "history": history,
        },
        "draft": beside.draft,
        "presence": [said for said in here if said["conversation_id"] == conversation_id],
        "cursor": beside.cursor,
    }


async def _history(db: Any, caller: Caller, others: list[str]) -> list[Card]:
    """The cards of `others` that she may see, in their order."""
    cards = await load_cards(db, caller.workspace_id, others) if others else {}
    seen = (cards[key] for key in others)
    return [c for c in seen if caller.inboxes is None or c.inbox_id in caller.inboxes]


@put("/conversations/{conversation_id:str}/assignee")
async def put_assignee(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[AssigneeBody]
) -> Card:
    """Take, give or free."""
    if data.agent_id is not None:
        check_id(data.agent_id, "agent")
    async with caller.on(conversation_id, "conversation.change") as work:
        return await assigning.assign(work, conversation_id, data.agent_id)


@put("/conversations/{conversation_id:str}/team")
async def put_team(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[TeamBody]
) -> Card:
    """Hand over to a team, or take it from its team."""
    if data.team_id is not None:
        check_id(data.team_id, "team")
    async with caller.on(conversation_id, "conversation.change") as work:
        return await hand_over(work, conversation_id, data.team_id)


@put("/conversations/{conversation_id:str}/severity")
async def put_severity(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[SeverityBody]
) -> Card:
    """Set the severity by hand."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await severity.set_severity(work, conversation_id, data.severity, data.reason)


@put("/conversations/{conversation_id:str}/summary")
async def put_summary(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[SummaryBody]
) -> Card:
    """Say in one line what it is about."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await summary.set_summary(work, conversation_id, data.text)


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


@put("/conversations/{conversation_id:str}/resolution")
async def put_resolution(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[ResolutionBody]
) -> Card:
    """Resolve."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await resolve.resolve(work, conversation_id, data.disposition, data.reason)


@delete("/conversations/{conversation_id:str}/resolution", status_code=200)
async def delete_resolution(caller: Called, conversation_id: FromPath[str]) -> Card:
    """Reopen."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await resolve.reopen(work, conversation_id)


@put("/conversations/{conversation_id:str}/pending")
async def put_pending(caller: Called, conversation_id: FromPath[str]) -> Card:
    """Wait for the customer."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await resolve.wait_for_customer(work, conversation_id)


@put("/conversations/{conversation_id:str}/tags/{name:str}")
async def put_tag(caller: Called, conversation_id: FromPath[str], name: FromPath[str]) -> Card:
    """Add a tag."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await tags.add_tag(work, conversation_id, name)


@delete("/conversations/{conversation_id:str}/tags/{name:str}", status_code=200)
async def delete_tag(caller: Called, conversation_id: FromPath[str], name: FromPath[str]) -> Card:
    """Take a tag off."""
    async with caller.on(conversation_id, "conversation.change") as work:
        return await tags.remove_tag(work, conversation_id, name)


@post("/conversations/{conversation_id:str}/notes")
async def post_note(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[NoteBody]
) -> Message:
    """Add a note."""
    for agent_id in data.mentions:
        check_id(agent_id, "agent")
    async with caller.on(conversation_id, "conversation.note") as work:

        async def act() -> Message:
            _, message_id = await notes.add_note(work, conversation_id, data.text, data.mentions)
            return (await load_messages(work.db, caller.workspace_id, [message_id]))[0]

        return await once(caller, work, act, Message)


@put("/conversations/{conversation_id:str}/draft")
async def put_draft(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[drafts.Draft]
) -> drafts.Draft:
    """Keep what she was writing."""
    async with caller.on(conversation_id, "conversation.note") as work:
        return await drafts.keep_draft(work, conversation_id, caller.id, data)


@delete("/conversations/{conversation_id:str}/draft")
async def delete_draft(caller: Called, conversation_id: FromPath[str]) -> None:
    """Forget it."""
    async with caller.on(conversation_id, "conversation.note") as work:
        await drafts.drop_draft(work, conversation_id, caller.id)


@post("/conversations/{conversation_id:str}/merge", status_code=200)
async def post_merge(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[MergeBody]
) -> Card:
    """Merge into another."""
    check_id(data.into, "conversation")
    async with caller.on(conversation_id, "conversation.change") as work:
        target = (await load_cards(work.db, caller.workspace_id, [data.into])).get(data.into)
        if target is None:
            raise NotFound("conversation")
        caller.check_inbox(target.inbox_id)
        act = partial(merge.merge, work, conversation_id, data.into)
        return await once(caller, work, act, Card)


@post("/bulk", status_code=200)
async def post_bulk(caller: Called, data: JSONBody[Bulk]) -> Done:
    """One act on many."""
    for key in [*data.ids, *([data.agent_id] if data.agent_id else [])]:
        check_id(key, "conversation")
    async with caller.work("conversation.change") as work:
        return await once(caller, work, partial(act_on_many, work, data, caller.inboxes), Done)


ROUTES = [
    list_conversations, get_conversation, put_assignee, put_team, put_severity, put_summary,
    put_snooze, delete_snooze, put_resolution, delete_resolution, put_pending, put_tag, delete_tag,
    post_note, put_draft, delete_draft, post_merge, post_bulk,
]  # fmt: skip
