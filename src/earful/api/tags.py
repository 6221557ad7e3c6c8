"""Tags."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from earful.accounts.bounds import refuse_beyond
from earful.api.caller import Called
from earful.api.named import listed, named
from earful.api.once import once
from earful.kit.refusal import NotFound
from earful.kit.text import one_line, storable


class TagBody(msgspec.Struct, frozen=True):
    """A tag."""

    name: str
    color: str = ""


@get("/tags")
async def get_tags(caller: Called) -> list[dict[str, Any]]:
    """All tags."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return await listed(db, caller.workspace_id, "tag", "name, color")


@post("/tags")
async def post_tag(caller: Called, data: JSONBody[TagBody]) -> dict[str, Any]:
    """A tag, or its new color."""
    tag = {"name": named(data.name)[:50], "color": one_line(storable(data.color), 20)}
    async with caller.work("tag.change") as work:

        async def act() -> dict[str, Any]:
            await work.db.execute(
                """INSERT INTO tag (workspace_id, name, color) VALUES ($1, $2, $3)
                   ON CONFLICT (workspace_id, name) DO UPDATE SET color = excluded.color""",
                caller.workspace_id,
                tag["name"],
                tag["color"],
            )
            await refuse_beyond(work.db, caller.workspace_id, "tag")
            work.emit("tag.changed", {"tag": tag})
            return tag

        return await once(caller, work, act, dict[str, Any])


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


ROUTES = [get_tags, post_tag, delete_tag]
