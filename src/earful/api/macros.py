"""Macros: texts with variables."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from earful.accounts.bounds import refuse_beyond
from earful.accounts.errors import TooMany
from earful.api.caller import Called, check_id
from earful.api.named import forget, listed, named, need
from earful.api.once import once
from earful.kit.ids import new_id
from earful.kit.text import storable
from earful.listening.query import BadSearch, read
from earful.listening.searches import BadQuery
from earful.stream.work import Work

MOST_OFFERED = 200
"""Macros whose searches are looked at when a conversation is opened."""


class MacroBody(msgspec.Struct, frozen=True):
    """A text with variables such as {{customer.name}}.

    `offered_for` is a search: where a customer's post is what it looks for, the text is offered as
    an answer. Empty: nowhere. Left out: as before.
    """

    name: str
    text: str
    offered_for: str | None = None


@get("/macros")
async def get_macros(caller: Called) -> list[dict[str, Any]]:
    """All macros."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return await listed(db, caller.workspace_id, "macro", "id, name, text, offered_for")


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
    offered_for = None if data.offered_for is None else _search(data.offered_for)
    row = await work.db.fetchrow(
        _KEEP,
        work.workspace_id,
        macro_id,
        named(data.name),
        storable(data.text, 10_000),
        offered_for,
    )
    await refuse_beyond(work.db, work.workspace_id, "macro")
    if offered_for and await work.db.fetchval(_OFFERED, work.workspace_id) > MOST_OFFERED:
        raise TooMany(f"At most {MOST_OFFERED} macros are offered by what posts say.")
    macro = dict(row or {})
    work.emit("macro.changed", {"macro": macro})
    return macro


def _search(text: str) -> str:
    """A search as it is kept. Raises Refused for one that can't be used."""
    said = storable(text).strip()
    if not said:
        return ""
    try:
        read(said)
    except BadSearch as error:
        raise BadQuery(error) from None
    return said


@delete("/macros/{macro_id:str}")
async def delete_macro(caller: Called, macro_id: FromPath[str]) -> None:
    """Forget a macro."""
    check_id(macro_id, "macro")
    async with caller.work("macro.change") as work:
        await forget(work, "macro", macro_id)
        work.emit("macro.removed", {"removed": macro_id})


_OFFERED = "SELECT count(*) FROM macro WHERE workspace_id = $1 AND offered_for <> ''"

_KEEP = """
INSERT INTO macro (workspace_id, id, name, text, offered_for)
VALUES ($1, $2, $3, $4, coalesce($5, ''))
ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, text = excluded.text,
  offered_for = coalesce($5, macro.offered_for)
RETURNING id, name, text, offered_for
"""

ROUTES = [get_macros, post_macro, patch_macro, delete_macro]
