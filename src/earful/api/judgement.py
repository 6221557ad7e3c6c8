"""What colleagues say of a conversation: severity, summary, tags."""

from __future__ import annotations

import msgspec
from litestar import delete, put
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called
from earful.conversations.cards import Card
from earful.desk import severity, summary, tags


class SeverityBody(msgspec.Struct, frozen=True):
    """1 (worst) to 5."""

    severity: int
    reason: str = ""


class SummaryBody(msgspec.Struct):
    """One line; empty takes it away."""

    text: str


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


ROUTES = [put_severity, put_summary, put_tag, delete_tag]
