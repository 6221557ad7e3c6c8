"""The workspace's name."""

from __future__ import annotations

import msgspec
from litestar import put
from litestar.params import JSONBody

from earful.api.caller import Called
from earful.api.named import audited, named


class NameBody(msgspec.Struct, frozen=True):
    """What it is called."""

    name: str


@put("/workspace/name")
async def put_name(caller: Called, data: JSONBody[NameBody]) -> NameBody:
    """Rename it."""
    shown = NameBody(named(data.name))
    async with caller.work("workspace.change") as work:
        await work.db.execute(
            "UPDATE workspace SET name = $2 WHERE id = $1", caller.workspace_id, shown.name
        )
        work.emit("workspace.renamed", {"workspace": shown})
        key = caller.workspace_id
        await audited(work, caller.id, "workspace.renamed", "workspace", key, shown.name)
    return shown


ROUTES = [put_name]
