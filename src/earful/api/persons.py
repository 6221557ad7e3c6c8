"""A person over all networks: who stands together, what they wrote, and how they wish to be met."""

from __future__ import annotations

import msgspec
from litestar import get, put
from litestar.params import FromPath, FromQuery, JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.conversations.person import Person, Story, load_person, load_story
from earful.desk.preferring import live_in, prefer
from earful.kit.refusal import NotFound
from earful.kit.text import one_line, storable


class PreferenceBody(msgspec.Struct, frozen=True):
    """A network on which they have an account; empty for no preference."""

    network: str


class ZoneBody(msgspec.Struct, frozen=True):
    """An IANA time zone; empty where nobody knows."""

    zone: str


@get("/contacts/{contact_id:str}")
async def get_person(caller: Called, contact_id: FromPath[str]) -> Person:
    """A person: all their handles, and how it is known that they are theirs."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return await see(caller, db, contact_id)


@get("/contacts/{contact_id:str}/conversations")
async def get_story(
    caller: Called,
    contact_id: FromPath[str],
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Story:
    """A person's conversations over all their accounts, newest first, as far as she sees them."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        await see(caller, db, contact_id)
        return await load_story(
            db, caller.workspace_id, contact_id, caller.inboxes, after=after, limit=limit
        )


@put("/contacts/{contact_id:str}/preference")
async def put_preference(
    caller: Called, contact_id: FromPath[str], data: JSONBody[PreferenceBody]
) -> Person:
    """Note by which network they wish to be written to."""
    async with caller.work("conversation.change") as work:
        await see(caller, work.db, contact_id)
        await prefer(work, contact_id, one_line(storable(data.network), 50))
        return await see(caller, work.db, contact_id)


@put("/contacts/{contact_id:str}/zone")
async def put_zone(caller: Called, contact_id: FromPath[str], data: JSONBody[ZoneBody]) -> Person:
    """Note in which time zone they live: times are told to them as it is there."""
    async with caller.work("conversation.change") as work:
        await see(caller, work.db, contact_id)
        await live_in(work, contact_id, one_line(storable(data.zone), 100))
        return await see(caller, work.db, contact_id)


async def see(caller: Caller, db: object, contact_id: str) -> Person:
    """The person as the caller sees them. Raises NotFound."""
    check_id(contact_id, "contact")
    found = await load_person(db, caller.workspace_id, contact_id, caller.inboxes)
    if found is None:
        raise NotFound("contact")
    return found


ROUTES = [get_person, get_story, put_preference, put_zone]
