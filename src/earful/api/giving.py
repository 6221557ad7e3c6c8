"""How an inbox gives out its conversations."""

from __future__ import annotations

from typing import Any

from litestar import get, put
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.api.named import audited
from earful.assigning.rules import Rule, keep_rule, rule_of
from earful.kit.refusal import NotFound


@get("/inboxes/{inbox_id:str}/assignment")
async def get_assignment(caller: Called, inbox_id: FromPath[str]) -> Rule:
    """By hand, in turn, or to whoever has least to do."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        await _inbox(caller, db, inbox_id)
        return await rule_of(db, caller.workspace_id, inbox_id)


@put("/inboxes/{inbox_id:str}/assignment")
async def put_assignment(caller: Called, inbox_id: FromPath[str], data: JSONBody[Rule]) -> Rule:
    """Set it; what waits already is given out by it at once."""
    async with caller.work("inbox.change") as work:
        await _inbox(caller, work.db, inbox_id)
        kept = await keep_rule(work, inbox_id, data)
        await audited(work, caller.id, "assignment.changed", "inbox", inbox_id, kept.way)
    return kept


async def _inbox(caller: Caller, db: Any, inbox_id: str) -> None:
    check_id(inbox_id, "inbox")
    found = await db.fetchval(
        "SELECT true FROM inbox WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL",
        caller.workspace_id,
        inbox_id,
    )
    if not found or (caller.inboxes is not None and inbox_id not in caller.inboxes):
        raise NotFound("inbox")


ROUTES = [get_assignment, put_assignment]
