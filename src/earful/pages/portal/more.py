"""Help (the ways to reach the brand), what is public, and the legal page."""

from __future__ import annotations

from datetime import datetime, timedelta

from litestar import get
from litestar.response import Response

from earful.pages.door import AnyRequest, Page
from earful.pages.markup import Html, fill, join
from earful.pages.portal import markup
from earful.pages.portal.door import PortalDoor, enter
from earful.portal import talks
from earful.portal.settings import is_address
from earful.portal.ways import ways_of
from earful.responder.published import Published, published


@get("/portal/{slug:str}/help")
async def show_help(request: AnyRequest) -> Page:
    """The ways to reach the brand; what is said publicly is marked."""
    door = await enter(request)
    if isinstance(door, Response):
        return door
    words, settings = door.words, door.place.settings
    async with door.database.acquire() as db:
        ways = await ways_of(db, door.place)
        hours = await published(
            db, door.place.workspace_id, door.place.inbox_id, door.now, words.language
        )
    here = words("here_hint" if settings.public else "here_hint_private")
    rows = [_way(words("here"), door.place.path, here)]
    rows += [_way(w.title, w.url, words("reach_public") if w.public else "") for w in ways]
    rows += [_way(way.title, way.url, "") for way in settings.ways]
    body = join(Html(f'<ul class="ways">{join(*rows)}</ul>'), _hours(door, hours))
    return door.page(words("help"), body, findable=True)


def _hours(door: PortalDoor, hours: tuple[Published, object] | None) -> Html | None:
    """When somebody is there, and whether that is now."""
    if hours is None:
        return None
    shown = hours[0]
    now = door.words("hours_open" if shown.open else "hours_closed")
    lines = join(*(fill("<li>{line}</li>", line=line) for line in shown.lines))
    part = (
        '<section><h2>{title}</h2><p>{now}</p><ul>{lines}</ul><p class="hint">{zone}</p></section>'
    )
    return fill(part, title=door.words("hours"), now=now, lines=lines, zone=shown.zone)


def _way(title: str, url: str, hint: str) -> Html:
    note = fill('<span class="hint">{hint}</span>', hint=hint) if hint else Html("")
    row = '<li><a href="{url}" rel="noopener" dir="auto">{title}</a>{note}</li>'
    return fill(row, url=url, title=title, note=note)


@get("/portal/{slug:str}/public")
async def show_public(request: AnyRequest) -> Page:
    """Public talks that were answered."""
    door = await enter(request)
    if isinstance(door, Response):
        return door
    if not door.place.settings.public:
        return door.unknown()
    before = _before(request, door.now)
    async with door.database.acquire() as db:
        found = await talks.public(db, door.place, before)
        notices = await talks.notices(db, door.place)
    path = f"{door.place.path}/public"
    shown = [fill('<section class="notices">{n}</section>', n=_lines(door, notices, "", path))]
    shown += [
        fill(
            '<section class="one">{lines}</section>',
            lines=_lines(door, talk.lines, talk.name or door.words("guest"), f"{path}/p"),
        )
        for talk in found
    ]
    if not found and not notices:
        shown = [fill("<p>{t}</p>", t=door.words("public_none"))]
    if len(found) == talks.ON_A_PAGE:
        shown.append(_older(door, path, found[-1].lines[-1].at))
    return door.page(door.words("public_page"), join(*shown), findable=True)


def _lines(door: PortalDoor, lines: list[talks.Line], who: str, path: str) -> Html:
    return join(*(markup.line_of(one, door.place, who, path, words=door.words) for one in lines))


def _older(door: PortalDoor, path: str, last: datetime) -> Html:
    link = '<p><a href="{path}?before={at}">{words}</a></p>'
    return fill(link, path=path, at=last.timestamp(), words=door.words("older"))


def _before(request: AnyRequest, now: datetime) -> datetime:
    try:
        asked = float(request.query_params.get("before", ""))
        return datetime.fromtimestamp(asked, now.tzinfo)
    except (ValueError, OverflowError, OSError):
        return now + timedelta(minutes=1)


@get("/portal/{slug:str}/legal")
async def show_legal(request: AnyRequest) -> Page:
    """The privacy notice, the imprint and the contact."""
    door = await enter(request, talking=True)
    if isinstance(door, Response):
        return door
    settings, words = door.place.settings, door.words
    parts = [("privacy", settings.privacy), ("imprint", settings.imprint)]
    parts.append(("contact", settings.contact))
    shown = [_part(words(name), text) for name, text in parts if text]
    return door.page(words("legal"), join(*shown))


def _part(title: str, text: str) -> Html:
    body = markup.linked(text)
    if is_address(text):
        body = fill('<a href="{url}" rel="noopener">{url}</a>', url=text.strip())
    row = '<section><h2>{title}</h2><p class="text" dir="auto">{body}</p></section>'
    return fill(row, title=title, body=body)
