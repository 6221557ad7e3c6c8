"""Saved searches and what they found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from earful.api.caller import Called, Caller, check_id
from earful.api.named import audited
from earful.api.once import once
from earful.desk.asking import asking
from earful.listening import mentions, previewing, searches
from earful.listening.mentions import Page
from earful.listening.previewing import Ask, Preview
from earful.listening.searches import Saved, Search
from earful.stream.work import Work


class Waiting(msgspec.Struct, frozen=True):
    """How many mentions nobody has looked at; `more` where there are more than are counted."""

    new: int
    more: bool


class Taken(msgspec.Struct, frozen=True):
    """The conversation that a mention became."""

    conversation_id: str


@get("/searches")
async def get_searches(caller: Called) -> list[Saved]:
    """All saved searches, by name."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return await searches.list_searches(db, caller.workspace_id, caller.now())


@post("/searches")
async def post_search(caller: Called, data: JSONBody[Search]) -> Saved:
    """Save a search."""
    async with caller.work("search.change") as work:

        async def act() -> Saved:
            saved = await searches.keep_search(work, data)
            await audited(work, caller.id, "search.changed", "search", saved.id, saved.query)
            return saved

        return await once(caller, work, act, Saved)


@put("/searches/{search_id:str}")
async def put_search(caller: Called, search_id: FromPath[str], data: JSONBody[Search]) -> Saved:
    """Change a search, or turn it on or off."""
    check_id(search_id, "search")
    async with caller.work("search.change") as work:
        saved = await searches.keep_search(work, data, search_id)
        await audited(work, caller.id, "search.changed", "search", search_id, saved.query)
        return saved


@delete("/searches/{search_id:str}")
async def delete_search(caller: Called, search_id: FromPath[str]) -> None:
    """Forget a search; what it found stays."""
    check_id(search_id, "search")
    async with caller.work("search.change") as work:
        await searches.remove_search(work, search_id)
        await audited(work, caller.id, "search.removed", "search", search_id)


@post("/search-previews", status_code=200)
async def post_preview(caller: Called, data: JSONBody[Ask]) -> Preview:
    """What a search would find now, and how much of it there is. Nothing is kept."""
    caller.need("search.change")
    for channel_id in data.channels:
        check_id(channel_id, "channel")
    state = caller.state
    async with state.database.acquire() as db:
        rows = await db.fetch(_CHANNELS, caller.workspace_id, data.channels)
    return await previewing.preview(
        data,
        [dict(row) for row in rows],
        lambda row: asking(state.database, state.keyring, state.now, row),
        caller.now(),
    )


@get("/mentions")
async def get_mentions(
    caller: Called,
    *,
    of: Annotated[str, QueryParameter(name="state")] = "new",
    search: FromQuery[str | None] = None,
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page:
    """What the searches found, the newest first."""
    caller.need("desk.read")
    if search:
        check_id(search, "search")
    async with caller.state.database.acquire() as db:
        return await mentions.list_mentions(
            db,
            caller.workspace_id,
            caller.inboxes,
            state=of,
            search_id=search,
            after=after,
            limit=limit,
        )


@get("/mentions/count")
async def get_mentions_count(caller: Called) -> Waiting:
    """How many wait, counted in an index."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        found = await mentions.count_new(db, caller.workspace_id, caller.inboxes)
    return Waiting(min(found, mentions.COUNTED - 1), found >= mentions.COUNTED)


@asynccontextmanager
async def _on(caller: Caller, mention_id: str) -> AsyncIterator[Work]:
    """A unit of work on a mention that she may see."""
    check_id(mention_id, "mention")
    async with caller.work("conversation.change") as work:
        caller.check_inbox(await mentions.inbox_of(work, mention_id))
        yield work


@put("/mentions/{mention_id:str}/taken")
async def put_taken(caller: Called, mention_id: FromPath[str]) -> Taken:
    """Make a conversation of it; its clock begins now. Again: the same one."""
    async with _on(caller, mention_id) as work:
        return Taken(await mentions.take_in(work, mention_id))


@put("/mentions/{mention_id:str}/dismissed", status_code=204)
async def put_dismissed(caller: Called, mention_id: FromPath[str]) -> None:
    """Put it aside: nobody need answer it."""
    async with _on(caller, mention_id) as work:
        await mentions.dismiss(work, mention_id)


@delete("/mentions/{mention_id:str}/dismissed")
async def delete_dismissed(caller: Called, mention_id: FromPath[str]) -> None:
    """Put it back among the new."""
    async with _on(caller, mention_id) as work:
        await mentions.restore(work, mention_id)


_CHANNELS = """
SELECT * FROM channel WHERE workspace_id = $1 AND state = 'active'
  AND ($2::uuid[] = '{}' OR id = ANY($2::uuid[])) ORDER BY network, created_at, id
"""

ROUTES = [
    get_searches,
    post_search,
    put_search,
    delete_search,
    post_preview,
    get_mentions,
    get_mentions_count,
    put_taken,
    put_dismissed,
    delete_dismissed,
]
