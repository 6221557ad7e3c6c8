"""The lead's figures: in all, split, as a table, and the conversations behind each of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter

from earful.accounts.rules import rules_of
from earful.api.caller import Called, Caller, check_id
from earful.api.problems import SEALS
from earful.figures import cases, sums
from earful.figures.asking import NOBODY, Asked, By, Narrow, lately
from earful.figures.cases import Order, Which
from earful.figures.table import to_csv
from earful.kit.days import check_days
from earful.kit.refusal import Refused
from earful.sla.errors import HoursError
from earful.sla.walls import zone_of


async def provide_asked(
    caller: Called,
    *,
    first: Annotated[date | None, QueryParameter(name="from")] = None,
    last: Annotated[date | None, QueryParameter(name="to")] = None,
    zone: FromQuery[str] = "UTC",
    by: FromQuery[By] = "day",
    inbox: FromQuery[str | None] = None,
    channel: FromQuery[str | None] = None,
    team: FromQuery[str | None] = None,
    agent: FromQuery[str | None] = None,
    severity: FromQuery[int | None] = None,
) -> Asked:
    """What is asked, once the caller may ask it. Raises Refused, and NotFound for no id."""
    caller.need("figures.read")
    try:
        walls = zone_of(zone)
    except HoursError as error:
        raise Refused("invalid", str(error)) from error
    for what, given in (("inbox", inbox), ("channel", channel), ("team", team), ("agent", agent)):
        if given is not None and given != NOBODY:
            check_id(given, what)
    if severity is not None and not 1 <= severity <= 5:
        raise Refused("invalid", "Severity is a number from 1 to 5.")
    start, end = lately(caller.now(), walls)
    start, end = first or min(start, last or start), last or end
    check_days(start, end)
    return Asked(
        workspace_id=caller.workspace_id,
        inboxes=caller.inboxes,
        at=caller.now(),
        zone=walls,
        first=start,
        last=end,
        by=by,
        narrow=Narrow(inbox=inbox, channel=channel, team=team, agent=agent, severity=severity),
    )


AskedFor = NamedDependency[Asked]
_ASKED = {"asked": Provide(provide_asked)}


@get("/figures", dependencies=_ASKED)
async def get_figures(caller: Called, asked: AskedFor) -> sums.Figures:
    """The figures of some days (the last 28), `by` day, channel, inbox, team, agent, severity."""
    return await _figures(caller, asked)


@get("/figures.csv", dependencies=_ASKED, media_type="text/csv")
async def get_figures_csv(caller: Called, asked: AskedFor) -> Response[bytes]:
    """The same as a table to keep."""
    found = await _figures(caller, asked)
    name = f"figures-{found.first_day}-{found.last_day}-by-{found.by}.csv"
    headers = {**SEALS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(to_csv(found), media_type="text/csv", headers=headers)


@get("/figures/cases", dependencies=_ASKED)
async def get_figure_cases(
    caller: Called,
    asked: AskedFor,
    *,
    which: FromQuery[Which] = "waits",
    order: FromQuery[Order] = "newest",
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> cases.Page:
    """The conversations behind a figure, a page at a time."""
    async with caller.state.database.snapshot() as db:
        each = await _each_agent(db, caller, asked)
        page = await cases.load_cases(db, asked, which, order=order, after=after, limit=limit)
    if each:
        return page
    bare = [msgspec.structs.replace(one, agent_id=None) for one in page.items]
    return cases.Page(bare, page.next)


async def _figures(caller: Caller, asked: Asked) -> sums.Figures:
    async with caller.state.database.snapshot() as db:
        await _each_agent(db, caller, asked)
        return await sums.load_figures(db, asked)


async def _each_agent(db: object, caller: Caller, asked: Asked) -> bool:
    """Whether figures of each agent may be seen here. Raises Refused where they are asked for."""
    rules = await rules_of(db, caller.workspace_id)
    if not rules.agent_figures and (asked.by == "agent" or asked.narrow.agent is not None):
        raise Refused("off", "In this workspace nobody sees the figures of each agent.")
    return rules.agent_figures


ROUTES = [get_figures, get_figures_csv, get_figure_cases]
