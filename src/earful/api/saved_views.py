"""Saved views: filters with a name."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from earful.accounts.bounds import refuse_beyond
from earful.api.caller import Called, check_id
from earful.api.named import forget, listed, named, need
from earful.api.once import once
from earful.desk.views import Filter, check_filter
from earful.kit.ids import new_id
from earful.stream.work import Work


class ViewBody(msgspec.Struct, frozen=True):
    """A saved filter."""

    name: str
    filter: Filter


@get("/views")
async def get_views(caller: Called) -> list[dict[str, Any]]:
    """All saved views."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return await listed(db, caller.workspace_id, "saved_view", "id, name, filter")


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
        await need(work, "saved_view", view_id)
        return await _keep_view(work, view_id, data)


async def _keep_view(work: Work, view_id: str, data: ViewBody) -> dict[str, Any]:
    check_filter(data.filter)
    view = {"id": view_id, "name": named(data.name), "filter": msgspec.to_builtins(data.filter)}
    await work.db.execute(
        """INSERT INTO saved_view (workspace_id, id, name, filter) VALUES ($1, $2, $3, $4)
           ON CONFLICT (workspace_id, id)
           DO UPDATE SET name = excluded.name, filter = excluded.filter""",
        work.workspace_id,
        *view.values(),
    )
    await refuse_beyond(work.db, work.workspace_id, "saved_view")
    work.emit("view.changed", {"view": view})
    return view


@delete("/views/{view_id:str}")
async def delete_view(caller: Called, view_id: FromPath[str]) -> None:
    """Forget a saved view."""
    check_id(view_id, "view")
    async with caller.work("view.change") as work:
        await forget(work, "saved_view", view_id)
        work.emit("view.removed", {"removed": view_id})


ROUTES = [get_views, post_view, patch_view, delete_view]
