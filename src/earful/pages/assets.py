"""The stylesheet of the pages."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from litestar import Response, get

_CSS = files("earful.pages").joinpath("assets/pages.css").read_bytes()

STYLESHEET_URL = f"/pages/pages.css?v={hashlib.sha256(_CSS).hexdigest()[:12]}"
"""Changes with the file, so that it may be cached for ever."""


@get("/pages/pages.css")
async def stylesheet() -> Response[bytes]:
    """The stylesheet."""
    return Response(
        _CSS,
        media_type="text/css; charset=utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
