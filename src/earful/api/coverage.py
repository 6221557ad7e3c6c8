"""The week's people beside its posts; calendars taken in and given out."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.api.named import audited
from earful.api.once import once, once_shown
from earful.kit.refusal import Refused
from earful.roster import asking, calendar_in, calendar_out, demand
from earful.roster.calendar_in import Read
from earful.roster.calendar_out import Feed
from earful.roster.coverage import Coverage, cells, gaps_in, named, usual, week_of
from earful.roster.shifts import FIRST, LAST
from earful.roster.taking import Imported, take_in
from earful.sla.errors import HoursError
from earful.sla.walls import zone_of
from earful.stream.work import Work

MOST_WEEKS = 26


class ImportBody(msgspec.Struct, frozen=True):
    """A calendar file of an agent; `keep` false only says what would come of it."""

    text: str
    agent_id: str
    team_id: str | None = None
    zone: str = "UTC"
    keep: bool = False


class FeedBody(msgspec.Struct, frozen=True):
    """Whose calendar: an agent's, a team's, or everybody's."""

    agent_id: str | None = None
    team_id: str | None = None


@get("/coverage")
async def get_coverage(
    caller: Called,
    *,
    monday: FromQuery[date | None] = None,
    zone: FromQuery[str] = "UTC",
    weeks: FromQuery[int] = 4,
    team: FromQuery[str | None] = None,
    inbox: FromQuery[str | None] = None,
) -> Coverage:
    """A week, hour by hour: people on shift beside the posts that usually come, and the gaps.

    Of a team: its people. Of an inbox: its posts, beside those who work in it.
    """
    caller.need("people.read")
    now = caller.now()
    try:
        tz = zone_of(zone)
    except HoursError as error:
        raise Refused("invalid", str(error)) from error
    today = now.astimezone(tz).date()
    monday = monday or today - timedelta(days=today.weekday())
    if monday.weekday() or not FIRST <= monday <= LAST:
        raise Refused("invalid", "A week begins on a Monday, between 2000 and 2199.")
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused("invalid", f"Count 1 to {MOST_WEEKS} weeks.")
    team_id = None if not team else check_id(team, "team")
    seen = None if caller.inboxes is None else sorted(caller.inboxes)
    if inbox:
        caller.check_inbox(check_id(inbox, "inbox"))
        seen = [inbox]
    key, span = caller.workspace_id, week_of(monday, tz)
    until = now.replace(minute=0, second=0, microsecond=0)
    since = until - timedelta(weeks=weeks)
    async with caller.state.database.snapshot() as db:
        agents = await asking.works_in_inbox(db, key, inbox) if inbox else None
        found = await asking.duties_between(db, key, *span, team_id=team_id, agents=agents)
        first = await demand.first_hour(db, key)
        hours = await demand.hours(db, key, since, until, seen)
        rostered = await asking.has_roster(db, key)
    counted = 0.0 if first is None else max(0.0, (until - max(first, since)) / timedelta(weeks=1))
    posts = usual(hours, counted, tz)
    return Coverage(
        monday=monday,
        zone=zone,
        weeks=round(counted, 2),
        rostered=rostered,
        cells=cells(found, span, tz, posts),
        gaps=named(gaps_in(found, span), tz, posts),
    )


@post("/shifts/imports")
async def post_import(caller: Called, data: JSONBody[ImportBody]) -> Imported:
    """Read a calendar file (.ics); what is there already is not added again."""
    check_id(data.agent_id, "agent")
    caller.need("roster.change")
    # A large file takes a while to read: not in the way of everybody else.
    found = await asyncio.to_thread(_read, data)
    async with caller.work("roster.change") as work:
        return await once(caller, work, lambda: _import(work, caller, data, found), Imported)


def _read(data: ImportBody) -> Read:
    try:
        zone_of(data.zone)
    except HoursError as error:
        raise Refused("invalid", str(error)) from error
    return calendar_in.read(data.text, data.agent_id, data.team_id, data.zone)


async def _import(work: Work, caller: Caller, data: ImportBody, found: Read) -> Imported:
    taken = await take_in(work, data.agent_id, data.team_id, found, keep=data.keep)
    if data.keep:
        await audited(work, caller.id, "roster.imported", "agent", data.agent_id)
    return taken


@get("/roster/feeds")
async def get_feeds(caller: Called) -> list[Feed]:
    """The addresses for calendars: all for leads and owners, else her own."""
    caller.need("people.read")
    async with caller.state.database.acquire() as db:
        return await calendar_out.list_feeds(db, caller.workspace_id, _own(caller))


@post("/roster/feeds")
async def post_feed(caller: Called, data: JSONBody[FeedBody]) -> dict[str, Any]:
    """A new address, shown once: whoever has it reads the roster without signing in."""
    if data.agent_id != caller.id:  # of her own shifts everybody on the roster may have one
        caller.need("roster.change")
    if data.agent_id is not None:
        check_id(data.agent_id, "agent")
    async with caller.work("presence.change") as work:

        async def act() -> tuple[dict[str, Any], dict[str, Any]]:
            feed, token = await calendar_out.make_feed(work, data.agent_id, data.team_id)
            await audited(work, caller.id, "feed.made", "feed", feed.id)
            base = caller.state.settings.base_url
            return msgspec.to_builtins(feed), {"url": f"{base}/roster/{token}.ics"}

        return await once_shown(caller, work, act)


@delete("/roster/feeds/{feed_id:str}")
async def delete_feed(caller: Called, feed_id: FromPath[str]) -> None:
    """The address leads nowhere from now on."""
    check_id(feed_id, "feed")
    async with caller.work("presence.change") as work:
        await calendar_out.remove_feed(work, feed_id, _own(caller))
        await audited(work, caller.id, "feed.removed", "feed", feed_id)


def _own(caller: Caller) -> str | None:
    return None if caller.who.may("roster.change") else caller.id


ROUTES = [get_coverage, post_import, get_feeds, post_feed, delete_feed]
