"""What every page of a portal needs of a request: which portal, who from, and how it is sealed."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from litestar import MediaType, Response
from litestar.datastructures import FormMultiDict
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from earful.accounts.identify import identify
from earful.accounts.secrets import Keyring
from earful.accounts.throttle import network_of
from earful.accounts.visitors import client_address
from earful.media.files import MediaStore
from earful.pages.door import SESSION_COOKIE, AnyRequest, Page
from earful.pages.markup import Html
from earful.pages.portal.markup import shell
from earful.pages.portal.pace import PortalPace
from earful.portal.bell import Bell
from earful.portal.places import Place, place_at
from earful.portal.settings import PortalSettings
from earful.portal.words import Words, language_of
from earful.settings import Settings
from earful.store.pool import Database
from earful.stream.work import Works

NOWHERE = Place(
    workspace_id="",
    channel_id="",
    inbox_id="",
    slug="",
    name="",
    state="off",
    settings=PortalSettings(),
    live=False,
)


class PortalDoor:
    """One visit to one page of a portal. Nothing is kept in the browser."""

    def __init__(self, request: AnyRequest, place: Place) -> None:
        state = request.app.state
        self.request, self.place = request, place
        self.settings: Settings = state.settings
        self.database: Database = state.database
        self.works: Works = state.works
        self.media: MediaStore = state.media
        self.keyring: Keyring = state.keyring
        self.bell: Bell = state.bell
        self.pace: PortalPace = state.portal_pace
        self.now: datetime = state.now()
        asked = request.headers.get("accept-language", "")
        self.words = Words(place.settings.words, language_of(place.settings, asked))
        self.colleague = self.flooded = False

    @property
    def address(self) -> str:
        """What counts as one address."""
        peer = self.request.client.host if self.request.client else None
        forwarded = ",".join(self.request.headers.getall("x-forwarded-for", []))
        return network_of(client_address(peer, forwarded, behind_proxy=self.settings.behind_proxy))

    async def form(self) -> FormMultiDict:
        """The fields of a form; none where what was sent is no form that can be read."""
        try:
            return await self.request.form()
        except RequestEntityTooLarge:
            raise
        except (ClientException, KeyError, LookupError, TypeError, ValueError, AssertionError):
            return FormMultiDict()

    @property
    def base_url(self) -> str:
        """The address that letters lead to: the portal's own domain where it has one."""
        return self.settings.portal_url(self.place.slug)

    def talk_path(self, token: str) -> str:
        """Where a talk is read."""
        return f"{self.place.path}/t/{token}"

    def page(
        self,
        title: str,
        body: Html,
        *,
        status: int = 200,
        wait: float = 0,
        findable: bool = False,
    ) -> Page:
        """An answer with a page, which caches never store; search engines may if `findable`."""
        headers = {"Retry-After": str(max(1, math.ceil(wait)))} if wait else {}
        html = shell(
            self.place,
            self.words,
            title,
            body,
            preview=self.colleague,
            findable=findable and self.place.live,
        )
        return self.answer(html, status, headers)

    def answer(self, html: str, status: int, headers: dict[str, str]) -> Page:
        """Any answer, sealed."""
        return Response(
            html,
            status_code=status,
            media_type=MediaType.HTML,
            headers=sealed(self.place.settings.origins) | headers,
        )

    def go(self, path: str) -> Page:
        """An answer that sends the browser to `path` of this portal."""
        return self.answer("", 303, {"Location": path})

    def unknown(self, word: str = "unknown") -> Page:
        """There is no such page."""
        return self.page(self.place.name or "?", Html(f"<p>{self.words(word)}</p>"), status=404)


def sealed(origins: list[str]) -> dict[str, str]:
    """The headers of a page that these sites may show in a frame, and nobody else."""
    by = " ".join(origins) if origins else "'none'"
    headers = {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; "
            f"frame-ancestors {by}"
        ),
        "X-Content-Type-Options": "nosniff",
        # The address of a talk is its key: no other site is told it.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Vary": "Accept-Language",
    }
    return headers if origins else headers | {"X-Frame-Options": "DENY"}


async def enter(request: AnyRequest, *, talking: bool = False) -> PortalDoor | Page:
    """The door of the portal at this address, or the page to answer instead.

    One that is not live is there for colleagues, to look at, and with `talking` for whoever has a
    talk already.
    """
    state = request.app.state
    nowhere = PortalDoor(request, NOWHERE)
    if wait := await nowhere.pace.take("requests", nowhere.address, nowhere.now):
        words = nowhere.words("often", wait=f"{math.ceil(wait)} s")
        return nowhere.page("?", Html(f"<p>{words}</p>"), status=429, wait=wait)
    async with state.database.acquire() as db:
        place = await place_at(db, request.path_params["slug"][:64])
        if place is None:
            return nowhere.unknown()
        door = PortalDoor(request, place)
        door.flooded = await door.pace.flooded(db, place.channel_id, door.now)
        if not place.live:
            door.colleague = await _is_colleague(db, door)
    if place.live or talking or door.colleague:
        return door
    return door.unknown("closed")


async def _is_colleague(db: Any, door: PortalDoor) -> bool:
    cookie = door.request.cookies.get(SESSION_COOKIE)
    if cookie is None:
        return False
    who = await identify(db, cookie=cookie, bearer=None, now=door.now)
    return who is not None and who.workspace_id == door.place.workspace_id
