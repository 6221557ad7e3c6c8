"""What colleagues write beside a conversation: notes, and a draft not sent yet."""

from __future__ import annotations

import msgspec
from litestar import delete, post, put
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called, check_id
from earful.api.once import once
from earful.conversations.messages import Message, load_messages
from earful.desk import drafts
from earful.desk.notes import add_note


class NoteBody(msgspec.Struct, frozen=True):
    """A note to colleagues, and whom it names."""

    text: str
    mentions: list[str] = msgspec.field(default_factory=list)


@post("/conversations/{conversation_id:str}/notes")
async def post_note(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[NoteBody]
) -> Message:
    """Add a note."""
    for agent_id in data.mentions:
        check_id(agent_id, "agent")
    async with caller.on(conversation_id, "conversation.note") as work:

        async def act() -> Message:
            _, message_id = await add_note(work, conversation_id, data.text, data.mentions)
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


ROUTES = [post_note, put_draft, delete_draft]
