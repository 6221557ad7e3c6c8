"""Macros: texts with variables."""

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
from earful.kit.ids import new_id
from earful.kit.text import storable
from earful.stream.work import Work


class MacroBody(msgspec.Struct, frozen=True):
    """A text with variables such as {{customer.name}}."""

    name: str
    text: str


@get("/macros")
async def get_macros(caller: Called) -> list[dict[str, Any]]:
    """All macros."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return await listed(db, caller.workspace_id, "macro", "id, name, text")


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
        await need(work, "macro", macro_id)
        return await _keep_macro(work, macro_id, data)


async def _keep_macro(work: Work, macro_id: str, data: MacroBody) -> dict[str, Any]:
    macro = {"id": macro_id, "name": named(data.name), "text": storable(data.text, 10_000)}
    await work.db.execute(
        """INSERT INTO macro (workspace_id, id, name, text) VALUES ($1, $2, $3, $4)
           ON CONFLICT (workspace_id, id)
           DO UPDATE SET name = excluded.name, text = excluded.text""",
        work.workspace_id,
        *macro.values(),
    )
    await refuse_beyond(work.db, work.workspace_id, "macro")
    work.emit("macro.changed", {"macro": macro})
    return macro


@delete("/macros/{macro_id:str}")
async def delete_macro(caller: Called, macro_id: FromPath[str]) -> None:
    """Forget a macro."""
    check_id(macro_id, "macro")
    async with caller.work("macro.change") as work:
        await forget(work, "macro", macro_id)
        work.emit("macro.removed", {"removed": macro_id})


ROUTES = [get_macros, post_macro, patch_macro, delete_macro]
