"""Serves the built screen: one page, hashed assets beside it, under a strict policy."""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from earful.api.caller import COOKIE
from earful.kit.refusal import NotFound

STATIC = files("earful") / "static"
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LONGEST = 200
"""Bytes of a path; of much longer names a file system says that something is wrong with it."""
PACKED = {"text/javascript", "text/css"}
"""What is sent packed to whoever takes it so; fonts are packed in themselves."""
MISSING = (
    "<!doctype html><meta charset=utf-8><title>Earful</title>"
    "<p>The screen is not built. Run <code>make install</code>, then start again."
)


@get(
    [
        "/",
        "/board",
        "/figures",
        "/mentions",
        "/outreach",
        "/radar",
        "/c/{rest:path}",
        "/settings",
        "/settings/{rest:path}",
        "/v/{rest:path}",
    ],
    include_in_schema=False,
)
async def get_screen(request: Request[Any, Any, Any]) -> Response[Any]:
    """The page of the screen; who is not signed in goes to the sign-in."""
    if COOKIE not in request.cookies:
        return Redirect("/sign-in", status_code=303, headers=POLICY | {"Cache-Control": "no-store"})
    page = STATIC / "index.html"
    html = page.read_text("utf-8") if page.is_file() else MISSING
    headers = POLICY | {"Cache-Control": "no-cache"}
    return Response(html, media_type=MediaType.HTML, headers=headers)


@get("/static/{name:path}", include_in_schema=False)
async def get_asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """A part of the screen or what it shows: hashed names stay as they are for good."""
    parts = [part for part in name.split("/") if part]
    if len(name.encode()) > LONGEST or any(part.startswith(".") or _odd(part) for part in parts):
        raise NotFound("file")
    found = STATIC.joinpath(*parts)
    if not found.is_file():
        raise NotFound("file")
    kind = mimetypes.guess_type(parts[-1])[0] or "application/octet-stream"
    hashed = parts[0] == "assets"
    cache = "public, max-age=31536000, immutable" if hashed else "no-cache"
    headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    if hashed and kind in PACKED:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body = await asyncio.to_thread(_packed, str(found))
            return Response(body, media_type=kind, headers=headers | {"Content-Encoding": "gzip"})
    return Response(await asyncio.to_thread(found.read_bytes), media_type=kind, headers=headers)


@lru_cache(maxsize=64)
def _packed(path: str) -> bytes:
    """A file whose name changes with what is in it, packed once: nothing in it is secret."""
    return gzip.compress(Path(path).read_bytes(), mtime=0)


def _odd(part: str) -> bool:
    return "\\" in part or "\0" in part


ROUTES = [get_screen, get_asset]
