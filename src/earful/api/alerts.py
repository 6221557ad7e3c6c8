"""Alerts: what is the matter, who was told, and who has it."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get, put
from litestar.params import FromPath, FromQuery

from earful.api.caller import Called, Caller, check_id
from earful.api.named import audited
from earful.kit.refusal import NotFound
from earful.paging import alerts
from earful.paging.alerts import Alert
from earful.paging.listing import list_open, list_past
from earful.paging.texts import place_of, title


class Page(msgspec.Struct, frozen=True):
    """A page of alerts, and the token of the next."""

    items: list[dict[str, Any]]
    next: str | None


@get("/alerts")
async def get_alerts(
    caller: Called,
    *,
    past: FromQuery[bool] = False,
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page:
    """What is not over, the gravest first; with `past` what is, the newest first."""
    caller.need("desk.read")
    find = list_past if past else list_open
    async with caller.state.database.acquire() as db:
        found, more = await find(db, caller.workspace_id, caller.inboxes, after, limit)
        return Page([await _shown(caller, db, alert) for alert in found], more)


@get("/alerts/{alert_id:str}")
async def get_alert(caller: Called, alert_id: FromPath[str]) -> dict[str, Any]:
    """One alert, with the newest 500 pages that were sent of it, or are still to be."""
    caller.need("desk.read")
    check_id(alert_id, "alert")
    async with caller.state.database.acquire() as db:
        alert = await _found(caller, db, alert_id)
        rows = await db.fetch(_PAGES, caller.workspace_id, alert_id)
        return await _shown(caller, db, alert) | {"pages": [dict(row) for row in rows]}


@put("/alerts/{alert_id:str}/acknowledgement")
async def put_acknowledgement(caller: Called, alert_id: FromPath[str]) -> dict[str, Any]:
    """The caller has it: nobody else is woken. Saying so again is fine."""
    check_id(alert_id, "alert")
    async with caller.work("conversation.change") as work:
        before = await _found(caller, work.db, alert_id)
        alert = await alerts.acknowledge(work, alert_id, caller.id, caller.who.name)
        if before.state == "raised":
            await audited(work, caller.id, "alert.acknowledged", "alert", alert_id)
        return await _shown(caller, work.db, alert)


def _sees(caller: Caller, alert: Alert) -> bool:
    return alert.inbox_id is None or caller.inboxes is None or alert.inbox_id in caller.inboxes


async def _found(caller: Caller, db: Any, alert_id: str) -> Alert:
    alert = await alerts.find_alert(db, caller.workspace_id, alert_id)
    if not _sees(caller, alert):
        raise NotFound("alert")
    return alert


async def _shown(caller: Caller, db: Any, alert: Alert) -> dict[str, Any]:
    """With the inbox or channel it is about, and in words."""
    place = await place_of(db, caller.workspace_id, alert)
    shown: dict[str, Any] = msgspec.to_builtins(alert)
    return shown | {"place": place, "title": title(alert, place)}


_PAGES = """
SELECT id, step, round, pager_id, agent_id, name, state, attempts, error, created_at, sent_at
FROM (SELECT * FROM page WHERE workspace_id = $1 AND alert_id = $2
  ORDER BY created_at DESC, id DESC LIMIT 500) newest ORDER BY created_at, id
"""

ROUTES = [get_alerts, get_alert, put_acknowledgement]
