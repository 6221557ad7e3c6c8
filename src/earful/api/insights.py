"""The whole picture: themes of a day or week, and the posts behind each."""

from __future__ import annotations

from datetime import date

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from earful.api.caller import Called, Caller, check_id
from earful.api.problems import SEALS
from earful.conversations.cards import load_cards
from earful.insights.overview import Overview, load_overview
from earful.insights.reach import Reach, reach_of_conversation
from earful.insights.showing import Page, Picture, load_picture, load_posts
from earful.insights.spans import Span, check_day
from earful.insights.table import to_csv
from earful.kit.refusal import NotFound


@get("/insights/themes")
async def get_themes(
    caller: Called, *, day: FromQuery[date | None] = None, span: FromQuery[Span] = "day"
) -> Picture:
    """What people speak of on a day (today), or in the seven days that end with it; for leads."""
    return await _picture(caller, day, span)


@get("/insights/themes.csv", media_type="text/csv")
async def get_themes_csv(
    caller: Called, *, day: FromQuery[date | None] = None, span: FromQuery[Span] = "day"
) -> Response[bytes]:
    """The same as a table to keep."""
    found = await _picture(caller, day, span)
    name = f"themes-{found.span}-{found.day}.csv"
    headers = {**SEALS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(to_csv(found), media_type="text/csv", headers=headers)


@get("/insights/themes/{theme_id:str}/posts")
async def get_theme_posts(
    caller: Called,
    theme_id: FromPath[str],
    *,
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page:
    """The posts that a theme counts, the newest first, a page at a time."""
    caller.need("figures.read")
    check_id(theme_id, "theme")
    async with caller.state.database.snapshot() as db:
        sees = (caller.workspace_id, caller.inboxes)
        return await load_posts(db, *sees, theme_id, after=after, limit=limit)


@get("/insights/overview")
async def get_overview(caller: Called) -> Overview:
    """How the days went, people in the last hours, what was worth an alert, share of voice."""
    caller.need("figures.read")
    async with caller.state.database.snapshot() as db:
        return await load_overview(
            db, caller.workspace_id, caller.inboxes, caller.now(), mentions=caller.inboxes is None
        )


@get("/conversations/{conversation_id:str}/audience")
async def get_audience(caller: Called, conversation_id: FromPath[str]) -> Reach:
    """How many follow those who wrote in it, where that is known."""
    caller.need("desk.read")
    check_id(conversation_id, "conversation")
    async with caller.state.database.acquire() as db:
        cards = await load_cards(db, caller.workspace_id, [conversation_id])
        if conversation_id not in cards:
            raise NotFound("conversation")
        caller.check_inbox(cards[conversation_id].inbox_id)
        return await reach_of_conversation(db, caller.workspace_id, conversation_id)


async def _picture(caller: Caller, day: date | None, span: Span) -> Picture:
    caller.need("figures.read")
    asked = check_day(day, caller.now().date())
    async with caller.state.database.snapshot() as db:
        return await load_picture(db, caller.workspace_id, caller.inboxes, asked, span)


ROUTES = [get_themes, get_themes_csv, get_theme_posts, get_overview, get_audience]
