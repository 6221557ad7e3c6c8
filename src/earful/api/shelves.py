"""What leads arrange: inboxes, tags, macros, saved views."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.api.once import once
from earful.api.snapshot import inbox_list
from earful.desk.views import Filter, check_filter
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line, storable
from earful.stream.work import Work


class InboxBody(msgspec.Struct, frozen=True):
    """An inbox; no agents means everybody."""

    name: str | None = None
    agent_ids: list[str] | None = None


class TagBody(msgspec.Struct, frozen=True):
    """A tag."""

    name: str
    color: str = ""


class MacroBody(msgspec.Struct, frozen=True):
    """A text with variables such as {{customer.name}}."""

    name: str
    text: str


class ViewBody(msgspec.Struct, frozen=True):
    """A saved filter."""

    name: str
    filter: Filter


def _named(name: str | None) -> str:
    clean = one_line(storable(name or ""), 100)
    if not clean:
        raise Refused("empty", "It needs a name.")
    return clean


@get("/inboxes")
async def get_inboxes(caller: Called) -> list[dict[str, Any]]:
    """The inboxes the caller may see."""
    async with caller.state.database.acquire() as db:
        return await inbox_list(db, caller)


@post("/inboxes")
async def post_inbox(caller: Called, data: JSONBody[InboxBody]) -> dict[str, Any]:
    """A new inbox."""
    async with caller.work("inbox.change") as work:
        return await once(caller, work, partial(_add_inbox, work, caller, data), dict[str, Any])


async def _add_inbox(work: Work, caller: Caller, data: InboxBody) -> dict[str, Any]:
    inbox_id = new_id()
    await work.db.execute(
        "INSERT INTO inbox (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4)",
        caller.workspace_id,
        inbox_id,
        _named(data.name),
        work.now,
    )
    return await _kept(work, caller, inbox_id, data, "inbox.added")


@patch("/inboxes/{inbox_id:str}")
async def patch_inbox(
    caller: Called, inbox_id: FromPath[str], data: JSONBody[InboxBody]
) -> dict[str, Any]:
    """Rename an inbox, or change who works in it."""
    check_id(inbox_id, "inbox")
    async with caller.work("inbox.change") as work:
        found = await work.db.fetchval(
            """UPDATE inbox SET name = coalesce($3, name) WHERE workspace_id = $1 AND id = $2
               AND deleted_at IS NULL RETURNING true""",
            caller.workspace_id,
            inbox_id,
            None if data.name is None else _named(data.name),
        )
        if not found:
            raise NotFound("inbox")
        return await _kept(work, caller, inbox_id, data, "inbox.changed")


async def _kept(
    work: Work, caller: Caller, inbox_id: str, data: InboxBody, kind: str
) -> dict[str, Any]:
    if data.agent_ids is not None:
        for agent_id in data.agent_ids:
            check_id(agent_id, "agent")
        await work.db.execute(
            "DELETE FROM inbox_member WHERE workspace_id = $1 AND inbox_id = $2",
            caller.workspace_id,
            inbox_id,
        )
        await work.db.execute(
            """INSERT INTO inbox_member (workspace_id, inbox_id, agent_id)
               SELECT $1, $2, id FROM agent WHERE workspace_id = $1 AND id = ANY($3::uuid[])""",
            caller.workspace_id,
            inbox_id,
            data.agent_ids,
        )
    [shown] = [box for box in await inbox_list(work.db, caller) if box["id"] == inbox_id]
    work.emit(kind, {"inbox": shown}, inbox_id=inbox_id)
    return shown


@delete("/inboxes/{inbox_id:str}")
async def delete_inbox(caller: Called, inbox_id: FromPath[str]) -> None:
    """Remove an inbox that nothing uses any more."""
    check_id(inbox_id, "inbox")
    async with caller.work("inbox.change") as work:
        used = await work.db.fetchval(
            """SELECT EXISTS (SELECT 1 FROM channel WHERE workspace_id = $1 AND inbox_id = $2
                 AND state <> 'off') OR EXISTS (SELECT 1 FROM conversation
                 WHERE workspace_id = $1 AND inbox_id = $2 AND status <> 'resolved')""",
            caller.workspace_id,
            inbox_id,
        )
        if used:
            raise Refused("in-use", "Move its channels and resolve its conversations first.")
        done = await work.db.fetchval(
            """UPDATE inbox SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2
               AND deleted_at IS NULL RETURNING true""",
            caller.workspace_id,
            inbox_id,
            work.now,
        )
        if not done:
            raise NotFound("inbox")
        work.emit("inbox.removed", {"removed": inbox_id}, inbox_id=inbox_id)


@get("/tags")
async def get_tags(caller: Called) -> list[dict[str, Any]]:
    """All tags."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        rows = await db.fetch(
            "SELECT name, color FROM tag WHERE workspace_id = $1 ORDER BY name",
            caller.workspace_id,
        )
    return [dict(row) for row in rows]


@post("/tags")
async def post_tag(caller: Called, data: JSONBody[TagBody]) -> dict[str, Any]:
    """A tag, or its new color."""
    tag = {"name": _named(data.name)[:50], "color": one_line(storable(data.color), 20)}
    async with caller.work("tag.change") as work:
        await work.db.execute(
            """INSERT INTO tag (workspace_id, name, color) VALUES ($1, $2, $3)
               ON CONFLICT (workspace_id, name) DO UPDATE SET color = excluded.color""",
            caller.workspace_id,
            tag["name"],
            tag["color"],
        )
        work.emit("tag.changed", {"tag": tag})
    return tag


@delete("/tags/{name:str}")
async def delete_tag(caller: Called, name: FromPath[str]) -> None:
    """Forget a tag; conversations that carry it keep it until it is taken off."""
    async with caller.work("tag.change") as work:
        gone = await work.db.fetchval(
            "DELETE FROM tag WHERE workspace_id = $1 AND name = $2 RETURNING true",
            caller.workspace_id,
            name,
        )
        if not gone:
            raise NotFound("tag")
        work.emit("tag.removed", {"removed": name})


@get("/macros")
async def get_macros(caller: Called) -> list[dict[str, Any]]:
    """All macros."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        rows = await db.fetch(
            "SELECT id, name, text FROM macro WHERE workspace_id = $1 ORDER BY name",
            caller.workspace_id,
        )
    return [dict(row) for row in rows]


@post("/macros")
async def post_macro(caller: Called, data: JSONBody[MacroBody]) -> dict[str, Any]:
    """A new macro."""
    async with caller.work("macro.change") as work:
        return await once(caller, work, partial(_keep_macro, work, new_id(), data), dict[str, Any])


@patch("/macros/{macro_id:str}")
async def patch_macro(
    caller: Called, macro_id: FromPath[str], data: JSONBody[MacroBody]
) -> dict[str, Any]:
    """Change a macro."""
    check_id(macro_id, "macro")
    async with caller.work("macro.change") as work:
        await _need(work, "macro", macro_id)
        return await _keep_macro(work, macro_id, data)


async def _keep_macro(work: Work, macro_id: str, data: MacroBody) -> dict[str, Any]:
    macro = {"id": macro_id, "name": _named(data.name), "text": storable(data.text, 10_000)}
    await work.db.execute(
        """INSERT INTO macro (workspace_id, id, name, text) VALUES ($1, $2, $3, $4)
           ON CONFLICT (workspace_id, id)
           DO UPDATE SET name = excluded.name, text = excluded.text""",
        work.workspace_id,
        *macro.values(),
    )
    work.emit("macro.changed", {"macro": macro})
    return macro


@delete("/macros/{macro_id:str}")
async def delete_macro(caller: Called, macro_id: FromPath[str]) -> None:
    """Forget a macro."""
    check_id(macro_id, "macro")
    async with caller.work("macro.change") as work:
        gone = await work.db.fetchval(
            "DELETE FROM macro WHERE workspace_id = $1 AND id = $2 RETURNING true",
            caller.workspace_id,
            macro_id,
        )
        if not gone:
            raise NotFound("macro")
        work.emit("macro.removed", {"removed": macro_id})


@get("/views")
async def get_views(caller: Called) -> list[dict[str, Any]]:
    """All saved views."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        rows = await db.fetch(
            "SELECT id, name, filter FROM saved_view WHERE workspace_id = $1 ORDER BY name",
            caller.workspace_id,
        )
    return [dict(row) for row in rows]


@post("/views")
async def post_view(caller: Called, data: JSONBody[ViewBody]) -> dict[str, Any]:
    """Save a filter as a view."""
    async with caller.work("view.change") as work:
        return await once(caller, work, partial(_keep_view, work, new_id(), data), dict[str, Any])


@patch("/views/{view_id:str}")
async def patch_view(
    caller: Called, view_id: FromPath[str], data: JSONBody[ViewBody]
) -> dict[str, Any]:
    """Change a saved view."""
    check_id(view_id, "view")
    async with caller.work("view.change") as work:
        await _need(work, "saved_view", view_id)
        return await _keep_view(work, view_id, data)


async def _need(work: Work, table: str, key: str) -> None:
    """Raise NotFound unless the workspace has a row of that id."""
    found = await work.db.fetchval(
        f"SELECT true FROM {table} WHERE workspace_id = $1 AND id = $2 FOR UPDATE",  # noqa: S608
        work.workspace_id,
        key,
    )
    if not found:
        raise NotFound(table.removeprefix("saved_"))


async def _keep_view(work: Work, view_id: str, data: ViewBody) -> dict[str, Any]:
    check_filter(data.filter)
    view = {"id": view_id, "name": _named(data.name), "filter": msgspec.to_builtins(data.filter)}
    await work.db.execute(
        """INSERT INTO saved_view (workspace_id, id, name, filter) VALUES ($1, $2, $3, $4)
           ON CONFLICT (workspace_id, id)
           DO UPDATE SET name = excluded.name, filter = excluded.filter""",
        work.workspace_id,
        *view.values(),
    )
    work.emit("view.changed", {"view": view})
    return view


@delete("/views/{view_id:str}")
async def delete_view(caller: Called, view_id: FromPath[str]) -> None:
    """Forget a saved view."""
    check_id(view_id, "view")
    async with caller.work("view.change") as work:
        gone = await work.db.fetchval(
            "DELETE FROM saved_view WHERE workspace_id = $1 AND id = $2 RETURNING true",
            caller.workspace_id,
            view_id,
        )
        if not gone:
            raise NotFound("view")
        work.emit("view.removed", {"removed": view_id})


ROUTES = [
    get_inboxes, post_inbox, patch_inbox, delete_inbox, get_tags, post_tag, delete_tag, get_macros,
    post_macro, patch_macro, delete_macro, get_views, post_view, patch_view, delete_view,
]  # fmt: skip
