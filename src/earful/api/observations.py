"""Posts as observations: product, site, aspect and mood, to be counted elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from litestar import Response, get
from litestar.params import FromQuery, QueryParameter

from earful.api.caller import Called, Caller
from earful.api.problems import SEALS
from earful.insights.observations import Page, load_observations, to_csv
from earful.insights.rolling import Behind, By, RollUp, behind, roll_up
from earful.kit.days import check_days

First = Annotated[date | None, QueryParameter(name="from")]
Last = Annotated[date | None, QueryParameter(name="to")]
WEEK = timedelta(days=6)


@get("/insights/observations")
async def get_observations(
    caller: Called,
    *,
    first: First = None,
    last: Last = None,
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 200,
) -> Page:
    """What posts of some days (the last seven) say of products, sites and aspects; for leads."""
    return await _page(caller, (first, last), after, limit)


@get("/insights/observations.csv", media_type="text/csv")
async def get_observations_csv(
    caller: Called,
    *,
    first: First = None,
    last: Last = None,
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 1000,
) -> Response[bytes]:
    """The same as a table; `X-Next` has the token of the next page, where there is one."""
    page = await _page(caller, (first, last), after, limit)
    headers = {**SEALS, "Content-Disposition": 'attachment; filename="observations.csv"'}
    if page.next:
        headers["X-Next"] = page.next
    return Response(to_csv(page.items), media_type="text/csv", headers=headers)


@get("/insights/observations/shares")
async def get_shares(
    caller: Called, *, by: FromQuery[By] = "aspect", first: First = None, last: Last = None
) -> RollUp:
    """How many people speak of each aspect, product, site or place, and in what mood; for leads."""
    days = _days(caller, (first, last))
    async with caller.state.database.snapshot() as db:
        return await roll_up(db, caller.workspace_id, caller.inboxes, days, by)


@get("/insights/observations/behind")
async def get_behind(
    caller: Called,
    *,
    by: FromQuery[By] = "aspect",
    name: FromQuery[str] = "",
    first: First = None,
    last: Last = None,
) -> Behind:
    """The observations that a share counts, the newest first."""
    days = _days(caller, (first, last))
    async with caller.state.database.snapshot() as db:
        return await behind(db, caller.workspace_id, caller.inboxes, days, by=by, name=name)


def _days(caller: Caller, days: tuple[date | None, date | None]) -> tuple[date, date]:
    caller.need("figures.read")
    last = days[1] or caller.now().date()
    first = days[0] or max(last, date.min + WEEK) - WEEK
    check_days(first, last)
    return first, last


async def _page(
    caller: Caller, days: tuple[date | None, date | None], after: str | None, limit: int
) -> Page:
    asked = _days(caller, days)
    sees = (caller.workspace_id, caller.inboxes)
    async with caller.state.database.snapshot() as db:
        return await load_observations(db, *sees, asked, after=after, limit=limit)


ROUTES = [get_observations, get_observations_csv, get_shares, get_behind]
