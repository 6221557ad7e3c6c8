"""Conversations as they are read: a page of a view or filter, and one whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import get
from litestar.params import FromPath, FromQuery

from earful.api.caller import Called, Caller, check_id
from earful.conversations.beside import Beside, load_beside
from earful.conversations.cards import Card, load_cards
from earful.conversations.messages import Page, messages_of
from earful.conversations.person import load_person, load_story
from earful.desk import views
from earful.kit.refusal import NotFound
from earful.portal.talks import given_email

BEFORE = 11
"""Conversations of the same person that come along, this one among them."""


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
        contact = await _contact(db, caller, beside)
        story = await load_story(
            db,
            workspace_id,
            card.contact.id,
            caller.inboxes,
            limit=BEFORE,
            alone=not beside.tied,
        )
        linked = await _linked(db, caller, beside)
    here = caller.state.hub.present(
        workspace_id, caller.inboxes, caller.now() - timedelta(seconds=60)
    )
    return {
        "card": card,
        "messages": messages.items,
        "earlier": messages.next,
        "contact": contact
        | {"history": [one for one in story.items if one.id != card.id], "older": story.next},
        "moves": beside.moves,
        "linked": linked,
        "draft": beside.draft,
        "presence": [said for said in here if said["conversation_id"] == conversation_id],
        "cursor": beside.cursor,
    }


@get("/conversations/{conversation_id:str}/messages")
async def get_messages(
    caller: Called,
    conversation_id: FromPath[str],
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 100,
) -> Page:
    """A page of what was said there, oldest first; `next` leads to what was said before it."""
    caller.need("desk.read")
    check_id(conversation_id, "conversation")
    key = caller.workspace_id
    async with caller.state.database.acquire() as db:
        card = (await load_cards(db, key, [conversation_id])).get(conversation_id)
        if card is None:
            raise NotFound("conversation")
        caller.check_inbox(card.inbox_id)
        return await messages_of(db, key, conversation_id, after=after, limit=limit)


async def _contact(db: Any, caller: Caller, beside: Beside) -> dict[str, Any]:
    """Who it is about. Most stand alone: only of the others more is asked."""
    who = beside.card.contact
    told = {
        "id": who.id,
        "name": who.name,
        "handles": beside.handles,
        "preferred": beside.preferred,
        "zone": beside.zone,
        "erased": beside.erased,
        "links": [],
        "hidden": 0,
    }
    if beside.card.network == "portal":
        told["email"] = await given_email(db, caller.workspace_id, who.id)
    if not beside.tied:
        return told
    person = await load_person(db, caller.workspace_id, who.id, caller.inboxes)
    if person is None:
        return told
    return told | {
        "handles": person.handles,
        "links": person.links,
        "hidden": person.hidden,
    }


async def _linked(db: Any, caller: Caller, beside: Beside) -> list[Card]:
    """The conversations at the other end of its moves, as far as she may see them."""
    ends = (move[end] for move in beside.moves for end in ("from_id", "to_id"))
    wanted = [end for end in dict.fromkeys(ends) if end not in (None, beside.card.id)]
    cards = await load_cards(db, caller.workspace_id, wanted) if wanted else {}
    seen = (cards[key] for key in wanted if key in cards)
    return [c for c in seen if caller.inboxes is None or c.inbox_id in caller.inboxes]


ROUTES = [list_conversations, get_conversation, get_messages]
