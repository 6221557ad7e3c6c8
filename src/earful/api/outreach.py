"""Outreach: a queue of people one might write to, and the rules by which one may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.api.named import audited
from earful.api.once import once
from earful.api.replies import signer_of
from earful.composing.preview import Channel, Preview, preview
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import AnswersThere, Visibility
from earful.networks.registry import network as find_network
from earful.outreach import contacting, queue, rules
from earful.outreach.contacting import Contacted, Writing
from earful.outreach.queue import Page
from earful.outreach.rules import Network, Rules
from earful.stream.screen import seen_by
from earful.stream.work import Work


class TextBody(msgspec.Struct, frozen=True):
    """What is being written."""

    text: str


@get("/outreach-rules")
async def get_outreach_rules(caller: Called) -> list[Network]:
    """By network: whether outreach is on, within which bounds, and how much of them is used."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return await rules.list_rules(db, caller.workspace_id, caller.now())


@put("/outreach-rules/{network:str}")
async def put_outreach_rules(
    caller: Called, network: FromPath[str], data: JSONBody[Rules]
) -> Rules:
    """Set a network's rules. Owners only."""
    async with caller.work("outreach.change") as work:
        kept = await rules.keep_rules(work, network, data)
        said = [f"{key}={value}" for key, value in msgspec.to_builtins(kept).items()]
        await audited(work, caller.id, "outreach.changed", "network", network, network, *said)
        return kept


@get("/outreach")
async def get_outreach(
    caller: Called, *, after: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page:
    """The queue, the likeliest first."""
    async with caller.work("desk.read") as work:
        return await queue.list_queue(work, seen_by(caller.inboxes), after=after, limit=limit)


@asynccontextmanager
async def _on(caller: Caller, mention_id: str, act: str) -> AsyncIterator[Work]:
    """A unit of work on a mention that she may see."""
    check_id(mention_id, "mention")
    async with caller.work(act) as work:
        caller.check_inbox((await _found(work.db, caller, mention_id))["inbox_id"])
        yield work


async def _found(db: Any, caller: Caller, mention_id: str) -> Any:
    row = await db.fetchrow(_MENTION, caller.workspace_id, mention_id, caller.id)
    if row is None:
        raise NotFound("mention")
    return row


async def _read(caller: Caller, mention_id: str) -> Any:
    """A mention that she may see, with its channel, for who might write."""
    caller.need("conversation.reply")
    check_id(mention_id, "mention")
    async with caller.state.database.acquire() as db:
        row = await _found(db, caller, mention_id)
    caller.check_inbox(row["inbox_id"])
    return row


@put("/mentions/{mention_id:str}/outreach", status_code=204)
async def put_outreach(caller: Called, mention_id: FromPath[str]) -> None:
    """Put a mention into the queue, where its writer may be written to."""
    async with _on(caller, mention_id, "conversation.change") as work:
        await queue.put(work, mention_id)


@delete("/mentions/{mention_id:str}/outreach")
async def delete_outreach(caller: Called, mention_id: FromPath[str]) -> None:
    """Put it back among the new mentions."""
    async with _on(caller, mention_id, "conversation.change") as work:
        await queue.take_out(work, mention_id)


@post("/mentions/{mention_id:str}/contact-preview", status_code=200)
async def post_contact_preview(
    caller: Called, mention_id: FromPath[str], data: JSONBody[TextBody]
) -> Preview:
    """How what is written would go out. Changes nothing."""
    row = await _read(caller, mention_id)
    channel = Channel(row["network"], row["limits"], row["config"])
    return preview(channel, data.text, row["initials"], Visibility.PUBLIC)


@get("/mentions/{mention_id:str}/contact-there")
async def get_contact_there(
    caller: Called, mention_id: FromPath[str], text: FromQuery[str] = ""
) -> dict[str, str]:
    """The address that opens the network's own app at a post, ready to answer."""
    row = await _read(caller, mention_id)
    found = find_network(row["network"])
    if not isinstance(found, AnswersThere):
        raise Refused("invalid", "This network has no address to answer at.")
    return {"url": found.answer_there(row["external_id"], row["url"], text[:2000])}


@post("/mentions/{mention_id:str}/contact")
async def post_contact(
    caller: Called, mention_id: FromPath[str], data: JSONBody[Writing]
) -> Contacted:
    """Write to who wrote a post of the queue; it leaves when the time to undo is over.

    All rules are looked at again. With `there`, what was written in the network's own app is kept.
    """
    async with _on(caller, mention_id, "conversation.reply") as work:

        async def act() -> Contacted:
            signer = await signer_of(work, caller)
            done = await contacting.contact(work, mention_id, data, signer)
            text = done.message.text
            await audited(work, caller.id, "outreach.contacted", "message", done.message.id, text)
            return done

        return await once(caller, work, act, Contacted)


@put("/mentions/{mention_id:str}/left-alone", status_code=204)
async def put_mention_left_alone(caller: Called, mention_id: FromPath[str]) -> None:
    """Nobody writes to its writer unasked any more."""
    async with _on(caller, mention_id, "conversation.change") as work:
        await contacting.leave_alone(work, mention_id)
        await audited(work, caller.id, "outreach.left_alone", "mention", mention_id)


@delete("/mentions/{mention_id:str}/left-alone")
async def delete_mention_left_alone(caller: Called, mention_id: FromPath[str]) -> None:
    """That was noted by mistake."""
    async with _on(caller, mention_id, "conversation.change") as work:
        await contacting.write_again(work, mention_id)


_MENTION = """
SELECT n.external_id, n.url, c.inbox_id, c.network, c.limits, c.config, a.initials
FROM mention n JOIN channel c ON c.workspace_id = $1 AND c.id = n.channel_id
JOIN agent a ON a.workspace_id = $1 AND a.id = $3
WHERE n.workspace_id = $1 AND n.id = $2
"""

ROUTES = [
    get_outreach_rules,
    put_outreach_rules,
    get_outreach,
    put_outreach,
    delete_outreach,
    post_contact_preview,
    get_contact_there,
    post_contact,
    put_mention_left_alone,
    delete_mention_left_alone,
]
