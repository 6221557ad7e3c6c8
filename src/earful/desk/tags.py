"""Tags on a conversation."""

from __future__ import annotations

from earful.accounts.bounds import refuse_beyond
from earful.contacts.erased import refuse_of_erased
from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.desk.common import change, finish
from earful.kit.refusal import Refused
from earful.kit.text import one_line
from earful.stream.work import Work

MOST = 20


async def add_tag(work: Work, conversation_id: str, name: str) -> Card:
    """Tag the conversation; a new name becomes a tag of the workspace."""
    row = await lock(work, conversation_id)
    await refuse_of_erased(work, row)
    tag = one_line(name, 50)
    if not tag:
        raise Refused("empty", "A tag needs a name.")
    if tag not in row["tags"] and len(row["tags"]) >= MOST:
        raise Refused("too-many", f"A conversation has at most {MOST} tags.")
    fresh = await work.db.fetchval(
        """INSERT INTO tag (workspace_id, name) VALUES ($1, $2)
           ON CONFLICT DO NOTHING RETURNING true""",
        work.workspace_id,
        tag,
    )
    if fresh:
        await refuse_beyond(work.db, work.workspace_id, "tag")
        work.emit("tag.changed", {"tag": {"name": tag, "color": ""}})
    await change(work, conversation_id, tags=sorted({*row["tags"], tag}))
    return await finish(work, conversation_id, "conversation.tagged")


async def remove_tag(work: Work, conversation_id: str, name: str) -> Card:
    """Take a tag off; taking off one that is not there changes nothing."""
    row = await lock(work, conversation_id)
    await change(work, conversation_id, tags=[tag for tag in row["tags"] if tag != name])
    return await finish(work, conversation_id, "conversation.untagged")
