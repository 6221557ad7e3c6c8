"""How long things are kept, by channel and kind."""

from __future__ import annotations

from litestar import get, post, put
from litestar.params import JSONBody

from earful.accounts import audit
from earful.api.caller import Called
from earful.desk.retention import (
    Retention,
    check_retention,
    forget,
    keep_retention,
    retention_of,
)
from earful.kit.refusal import Refused


@get("/retention")
async def get_retention(caller: Called) -> Retention:
    """The rules; what is not named is kept for ever, events for thirty days."""
    caller.need("workspace.change")
    async with caller.state.database.acquire() as db:
        return await retention_of(db, caller.workspace_id)


@put("/retention")
async def put_retention(caller: Called, data: JSONBody[Retention]) -> Retention:
    """Set the rules; they take effect the next night."""
    async with caller.work("workspace.change") as work:
        try:
            await keep_retention(work, data)
        except ValueError as error:
            raise Refused("invalid", str(error)) from None
        line = audit.Line(
            actor_kind="agent",
            actor_id=caller.id,
            act="retention.changed",
            object_kind="workspace",
            object_id=caller.workspace_id,
        )
        await audit.append(work.db, caller.workspace_id, line, now=work.now)
    return data


@post("/retention/preview", status_code=200)
async def post_preview(caller: Called, data: JSONBody[Retention]) -> dict[str, int]:
    """How much these rules would forget in the next night. Nothing is changed."""
    async with caller.work("workspace.change") as work:
        try:
            check_retention(data)
        except ValueError as error:
            raise Refused("invalid", str(error)) from None
        gone = await forget(work, dry_run=True, rules=data)
    return {kind: getattr(gone, kind) for kind in ("messages", "revisions", "media", "events")}


ROUTES = [get_retention, put_retention, post_preview]
