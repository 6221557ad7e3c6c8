"""Words by which policies know a contact, such as vip or press."""

from __future__ import annotations

from litestar import delete, get, put
from litestar.params import FromPath

from earful.api.caller import Called, Caller, check_id
from earful.api.named import named
from earful.contacts.erased import refuse_erased
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work

MOST = 20


@get("/contacts/{contact_id:str}/tags")
async def get_contact_tags(caller: Called, contact_id: FromPath[str]) -> list[str]:
    """The tags of a contact."""
    async with caller.work("desk.read") as work:
        await _seen(caller, work, contact_id)
        return await _tags(work, contact_id)


@put("/contacts/{contact_id:str}/tags/{name:str}")
async def put_contact_tag(
    caller: Called, contact_id: FromPath[str], name: FromPath[str]
) -> list[str]:
    """Add a tag to a contact; it counts for clocks that start from now on."""
    async with caller.work("conversation.change") as work:
        await _seen(caller, work, contact_id)
        await refuse_erased(work, contact_id)
        await work.db.execute(
            """INSERT INTO contact_tag (workspace_id, contact_id, tag) VALUES ($1, $2, $3)
               ON CONFLICT DO NOTHING""",
            work.workspace_id,
            contact_id,
            named(name)[:50],
        )
        tags = await _tags(work, contact_id)
        if len(tags) > MOST:
            raise Refused("too-many", f"A contact has at most {MOST} tags. Take one off first.")
        # Without the words: no conversation holds this event, so an erasure would not find it.
        work.emit("contact.tagged", {"contact": {"id": contact_id}})
        return tags


@delete("/contacts/{contact_id:str}/tags/{name:str}", status_code=200)
async def delete_contact_tag(
    caller: Called, contact_id: FromPath[str], name: FromPath[str]
) -> list[str]:
    """Take a tag off a contact."""
    async with caller.work("conversation.change") as work:
        await _seen(caller, work, contact_id)
        await work.db.execute(
            "DELETE FROM contact_tag WHERE workspace_id = $1 AND contact_id = $2 AND tag = $3",
            work.workspace_id,
            contact_id,
            name,
        )
        tags = await _tags(work, contact_id)
        work.emit("contact.untagged", {"contact": {"id": contact_id}})
        return tags


async def _tags(work: Work, contact_id: str) -> list[str]:
    rows = await work.db.fetch(
        "SELECT tag FROM contact_tag WHERE workspace_id = $1 AND contact_id = $2 ORDER BY tag",
        work.workspace_id,
        contact_id,
    )
    return [row["tag"] for row in rows]


async def _seen(caller: Caller, work: Work, contact_id: str) -> None:
    """Raise NotFound unless she sees a conversation with them."""
    check_id(contact_id, "contact")
    seen = await work.db.fetchval(
        """SELECT EXISTS (SELECT 1 FROM conversation WHERE workspace_id = $1 AND contact_id = $2
             AND ($3::uuid[] IS NULL OR inbox_id = ANY($3)))""",
        work.workspace_id,
        contact_id,
        None if caller.inboxes is None else list(caller.inboxes),
    )
    if not seen:
        raise NotFound("contact")


ROUTES = [get_contact_tags, put_contact_tag, delete_contact_tag]
