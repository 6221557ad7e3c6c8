"""A portal's own look (its colour and style sheet, its logo), and the pictures of its talks."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from earful.kit.ids import is_id
from earful.kit.refusal import Refused
from earful.media.reading import read
from earful.pages.door import AnyRequest
from earful.pages.portal.door import PortalDoor, enter
from earful.pages.portal.talk import talk_at
from earful.portal import talks

INERT = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}


@get("/portal/{slug:str}/look.css")
async def show_css(request: AnyRequest) -> Response[Any]:
    """The colour, then the workspace's own style sheet."""
    door = await enter(request, talking=True)
    if isinstance(door, Response):
        return door
    settings = door.place.settings
    colour = settings.colour
    css = f":root {{ --brand: {colour}; --on-brand: {_on(colour)}; }}\n{settings.css}\n"
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(css.encode(), media_type="text/css; charset=utf-8", headers=headers)


@get("/portal/{slug:str}/logo")
async def show_logo(request: AnyRequest) -> Response[Any]:
    """The logo."""
    door = await enter(request, talking=True)
    if isinstance(door, Response):
        return door
    async with door.database.acquire() as db:
        row = await db.fetchrow(
            "SELECT sha256, mime FROM media WHERE workspace_id = $1 AND id = $2 AND state = 'kept'",
            door.place.workspace_id,
            door.place.logo_id,
        )
    return await _picture(door, row, "no-cache")


@get("/portal/{slug:str}/t/{token:str}/p/{media_id:str}")
async def show_picture(request: AnyRequest) -> Response[Any]:
    """A picture of a talk, for whoever has its link."""
    found = await talk_at(request)
    if isinstance(found, Response):
        return found
    door, thread_id = found
    return await _of(door, request.path_params["media_id"], thread_id)


@get("/portal/{slug:str}/public/p/{media_id:str}")
async def show_public_picture(request: AnyRequest) -> Response[Any]:
    """A picture of a public talk."""
    door = await enter(request)
    if isinstance(door, Response):
        return door
    if not door.place.settings.public:
        return door.unknown()
    return await _of(door, request.path_params["media_id"], None)


async def _of(door: PortalDoor, media_id: str, thread_id: str | None) -> Response[Any]:
    row = None
    if is_id(media_id):
        async with door.database.acquire() as db:
            row = await talks.may_see(db, door.place, media_id, thread_id)
    return await _picture(door, row, "private, no-cache")


async def _picture(door: PortalDoor, row: Any, cache: str) -> Response[Any]:
    if row is None:
        return door.unknown()
    try:
        data = await read(door.media, row["sha256"])
    except FileNotFoundError:
        return door.unknown()
    except Refused:
        return Response(b"", status_code=503, media_type=row["mime"], headers=INERT)
    return Response(data, media_type=row["mime"], headers=INERT | {"Cache-Control": cache})


def _on(colour: str) -> str:
    """Black or white, whichever is better read on the colour (WCAG's relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "#ffffff"
