"""A stranger's file as an answer: inert, whole or in part, and never asked for twice."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from litestar import Request, Response

SANDBOX = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=86400",
    "Accept-Ranges": "bytes",
}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def file_answer(
    request: Request[Any, Any, Any], data: bytes, mime: str, digest: bytes, name: str = ""
) -> Response[bytes]:
    """`data` of the type that its content told us, under a tag that is the content's digest.

    What has a `name` is a stranger's file: it is for downloading, of no type that a browser shows.
    """
    tag = f'"{digest.hex()}"'
    shown = f'inline; filename="picture-{digest.hex()[:8]}.{mime.rpartition("/")[2]}"'
    headers = SANDBOX | {"ETag": tag, "Content-Disposition": _download(name) if name else shown}
    mime = "application/octet-stream" if name else mime
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    if (asked := request.headers.get("range")) and _fits(request, tag):
        return _part(asked, data, mime, headers)
    return Response(data, media_type=mime, headers=headers)


def _download(name: str) -> str:
    """For any name: in letters that every browser knows, and in its own."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _fits(request: Request[Any, Any, Any], tag: str) -> bool:
    return request.headers.get("if-range") in (None, tag)


def _part(asked: str, data: bytes, mime: str, headers: dict[str, str]) -> Response[bytes]:
    """One range. Several at once, or what is no range, is answered with the whole."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found[0] == "bytes=-":
        return Response(data, media_type=mime, headers=headers)
    if found[1]:
        start, end = int(found[1]), min(int(found[2] or len(data)), len(data) - 1)
    else:
        start, end = max(0, len(data) - int(found[2])), len(data) - 1
    if start > end:
        unmet = headers | {"Content-Range": f"bytes */{len(data)}"}
        return Response(b"", status_code=416, media_type=mime, headers=unmet)
    headers = headers | {"Content-Range": f"bytes {start}-{end}/{len(data)}"}
    return Response(data[start : end + 1], status_code=206, media_type=mime, headers=headers)
