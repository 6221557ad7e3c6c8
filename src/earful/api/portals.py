"""The workspace's portals: what they show and allow, what is missing, and when they are open."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import msgspec
from litestar import delete, get, put
from litestar.params import FromPath, JSONBody

from earful.accounts.acts import Act
from earful.api.caller import Called, Caller, check_id
from earful.api.named import audited
from earful.kit.refusal import NotFound
from earful.portal import places
from earful.portal.places import Place
from earful.portal.settings import Missing, PortalSettings, checked, checklist
from earful.portal.words import WORDS, Words, language_of
from earful.stream.work import Work


class Portal(msgspec.Struct, frozen=True, kw_only=True):
    """A portal as its people see it. `snippet` goes into the pages of another site."""

    channel_id: str
    slug: str
    name: str
    url: str
    live: bool
    settings: PortalSettings
    checklist: list[Missing]
    snippet: str
    logo_id: str | None
    words: Mapping[str, str]


class Logo(msgspec.Struct, frozen=True):
    """An uploaded picture (`POST /media`); null for none."""

    media_id: str | None


def _shown(caller: Caller, place: Place) -> Portal:
    base = caller.state.settings.portal_url(place.slug)
    url = f"{base}{place.path}"
    settings = place.settings
    label = Words(settings.words, language_of(settings, ""))("write")
    fixed = bool(settings.language or settings.words)
    # Without a label of its own the button speaks as the site does that shows it.
    own = f'data-label="{escape(label)}" ' if fixed else ""
    snippet = (
        f'<script src="{base}/portal-assets/widget.js" data-portal="{url}" '
        f'{own}data-colour="{settings.colour}" async></script>\n'
        f'<noscript><a href="{url}">{escape(label)}</a></noscript>'
    )
    return Portal(
        channel_id=place.channel_id,
        slug=place.slug,
        name=place.name,
        url=url,
        live=place.live,
        settings=place.settings,
        checklist=checklist(place.settings, place.name),
        snippet=snippet,
        logo_id=place.logo_id,
        words=WORDS,
    )


@get("/portals")
async def get_portals(caller: Called) -> list[Portal]:
    """The portals, the oldest first."""
    caller.need("channel.read")
    async with caller.state.database.acquire() as db:
        found = await places.places_of(db, caller.workspace_id)
    seen = caller.inboxes
    return [_shown(caller, one) for one in found if seen is None or one.inbox_id in seen]


@put("/portals/{channel_id:str}")
async def put_portal(
    caller: Called, channel_id: FromPath[str], data: JSONBody[PortalSettings]
) -> Portal:
    """Set what it shows and allows, all at once. One that is live keeps what it must have."""
    async with caller.work("channel.change") as work:
        place = await _find(caller, work, channel_id)
        await places.keep_settings(work, place, checked(data, frozenset(WORDS)))
        return await _done(caller, work, channel_id, "portal.changed")


@put("/portals/{channel_id:str}/live")
async def put_live(caller: Called, channel_id: FromPath[str]) -> Portal:
    """Open it to visitors. Refused while anything of the checklist is missing."""
    async with caller.work("channel.change") as work:
        await places.go_live(work, await _find(caller, work, channel_id))
        return await _done(caller, work, channel_id, "portal.opened")


@delete("/portals/{channel_id:str}/live", status_code=200)
async def delete_live(caller: Called, channel_id: FromPath[str]) -> Portal:
    """Close it. Talks that began stay open to those who have their links."""
    async with caller.work("channel.change") as work:
        await places.close(work, await _find(caller, work, channel_id))
        return await _done(caller, work, channel_id, "portal.closed")


@put("/portals/{channel_id:str}/logo")
async def put_logo(caller: Called, channel_id: FromPath[str], data: JSONBody[Logo]) -> Portal:
    """Show an uploaded picture as its logo, or none."""
    async with caller.work("channel.change") as work:
        place = await _find(caller, work, channel_id)
        if data.media_id is not None:
            await _check_upload(work, check_id(data.media_id, "picture"))
        await places.keep_logo(work, place, data.media_id)
        return await _done(caller, work, channel_id, "portal.changed")


async def _find(caller: Caller, work: Work, channel_id: str) -> Place:
    check_id(channel_id, "portal")
    place = await places.place_of(work.db, work.workspace_id, channel_id)
    caller.check_inbox(place.inbox_id)
    return place


async def _check_upload(work: Work, media_id: str) -> None:
    """Raise NotFound unless it is an upload of hers that was not sent."""
    found = await work.db.fetchval(
        """SELECT true FROM media WHERE workspace_id = $1 AND id = $2 AND state = 'kept'
           AND source = '' AND agent_id = $3 AND message_id IS NULL""",
        work.workspace_id,
        media_id,
        work.actor.id,
    )
    if not found:
        raise NotFound("picture")


async def _done(caller: Caller, work: Work, channel_id: str, act: Act) -> Portal:
    await audited(work, caller.id, act, "portal", channel_id)
    return _shown(caller, await places.place_of(work.db, work.workspace_id, channel_id))


ROUTES = [get_portals, put_portal, put_live, delete_live, put_logo]
