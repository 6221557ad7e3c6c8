"""What the portal's pages are made with: the style sheet, and the two scripts that are built."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from litestar import Response, get

_CSS = files("earful.pages.portal").joinpath("assets/portal.css").read_bytes()
PAGE_CSS = f"/portal-assets/portal.css?v={hashlib.sha256(_CSS).hexdigest()[:12]}"
FOR_EVER = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}
FOR_A_WHILE = {
    "Cache-Control": "public, max-age=3600",
    "X-Content-Type-Options": "nosniff",
    # It is there to be loaded by other sites.
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@cache
def script(name: str) -> bytes:
    """A built script; empty where the screen is not built, and the pages do without."""
    found = files("earful") / "static" / "portal" / f"{name}.js"
    return found.read_bytes() if found.is_file() else b""


def script_url(name: str) -> str:
    """Its address, which changes with it; empty where there is none."""
    data = script(name)
    tag = hashlib.sha256(data).hexdigest()[:12]
    return f"/portal-assets/{name}.js?v={tag}" if data else ""


@get("/portal-assets/portal.css")
async def get_css() -> Response[bytes]:
    """The style sheet of all portals."""
    return Response(_CSS, media_type="text/css; charset=utf-8", headers=FOR_EVER)


@get("/portal-assets/page.js")
async def get_page_script() -> Response[bytes]:
    """What makes the pages live."""
    return _script("page", FOR_EVER)


@get("/portal-assets/widget.js")
async def get_widget() -> Response[bytes]:
    """What another site embeds the portal with."""
    return _script("widget", FOR_A_WHILE)


def _script(name: str, headers: dict[str, str]) -> Response[bytes]:
    data = script(name)
    kind = "text/javascript; charset=utf-8"
    return Response(data, status_code=200 if data else 404, media_type=kind, headers=headers)
