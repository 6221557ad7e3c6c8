"""How long things are kept, by channel and kind."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get, post, put
from litestar.params import JSONBody

from earful.accounts import audit
from earful.api.caller import Called
from earful.desk.retention import (
    COUNTED,
    EVENTS_DAYS,
    Retention,
    Terms,
    check_retention,
    forget,
    keep_retention,
    retention_of,
)
from earful.kit.refusal import Refused


class TermsBody(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As Terms. A field we don't know is a slip, and would mean "for ever"."""


class RetentionBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As Retention."""

    default: TermsBody = TermsBody()
    channels: dict[str, TermsBody] = msgspec.field(default_factory=dict)
    events_days: int = EVENTS_DAYS


async def _rules(db: Any, workspace_id: str, body: RetentionBody) -> Retention:
    """The rules asked for. Refused when they name a channel that is not there, or odd lengths."""
    rules = Retention(
        default=body.default, channels=dict(body.channels), events_days=body.events_days
    )
    rows = await db.fetch("SELECT id FROM channel WHERE workspace_id = $1", workspace_id)
    if unknown := rules.channels.keys() - {row["id"] for row in rows}:
        raise Refused("invalid", f"There is no channel {min(unknown)}.")
    try:
        check_retention(rules)
    except ValueError as error:
        raise Refused("invalid", str(error)) from None
    return rules


@get("/retention")
async def get_retention(caller: Called) -> Retention:
    """The rules; what is not named is kept for ever, events for thirty days."""
    caller.need("workspace.change")
    async with caller.state.database.acquire() as db:
        return await retention_of(db, caller.workspace_id)


@put("/retention")
async def put_retention(caller: Called, data: JSONBody[RetentionBody]) -> Retention:
    """Set the rules; they take effect the next night."""
    async with caller.work("workspace.change") as work:
        rules = await _rules(work.db, caller.workspace_id, data)
        await keep_retention(work, rules)
        line = audit.Line(
            actor_kind="agent",
            actor_id=caller.id,
            act="retention.changed",
            object_kind="workspace",
            object_id=caller.workspace_id,
        )
        await audit.append(work.db, caller.workspace_id, line, now=work.now)
    return rules


@post("/retention/preview", status_code=200)
async def post_preview(caller: Called, data: JSONBody[RetentionBody]) -> dict[str, int]:
    """How much these rules would forget in the next night. Nothing is changed."""
    async with caller.work("workspace.change") as work:
        rules = await _rules(work.db, caller.workspace_id, data)
        gone = await forget(work, dry_run=True, rules=rules)
    return {kind: getattr(gone, kind) for kind in COUNTED}


ROUTES = [get_retention, put_retention, post_preview]
