"""Whether the desk is ready to go live, and what waits for it."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get

from earful.api.caller import Called, Caller
from earful.kit.readiness import Item
from earful.stream.work import Work


class Readiness(msgspec.Struct, frozen=True):
    """`ready` when nothing is missing. In a rehearsal nothing is blocked."""

    ready: bool
    blocks: bool
    items: list[Item]


@get("/readiness")
async def get_readiness(caller: Called) -> Readiness:
    """What is there and what is missing before the desk goes live."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        items = await caller.state.gate.items(db, caller.workspace_id, caller.now())
        rehearsal = await _rehearsal(db, caller)
    return Readiness(all(item.ready for item in items), not rehearsal, items)


async def need_ready(caller: Caller, work: Work) -> None:
    """Raise Refused("not-ready") while something is missing; not in a rehearsal."""
    if not await _rehearsal(work.db, caller):
        await caller.state.gate.need(work.db, caller.workspace_id, work.now)


async def _rehearsal(db: Any, caller: Caller) -> bool:
    found = await db.fetchval("SELECT rehearsal FROM workspace WHERE id = $1", caller.workspace_id)
    return bool(found)


ROUTES = [get_readiness]
