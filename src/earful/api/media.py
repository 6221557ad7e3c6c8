"""Pictures: uploaded once, checked, and served where no script of theirs could run."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from earful.api.caller import Called, check_id
from earful.api.once import once
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.media.pictures import BadPicture, Picture, inspect
from earful.stream.work import Work

SANDBOX = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=31536000, immutable",
}


@post("/media")
async def post_media(request: Request[Any, Any, Any], caller: Called) -> dict[str, Any]:
    """Keep a picture (the raw bytes are the body)."""
    caller.need("media.add")
    data = await request.body()
    if len(data) > caller.state.settings.media_image_bytes:
        raise Refused("too-large", "This picture is too large.")
    try:
        picture = await asyncio.to_thread(inspect, data)
    except BadPicture as error:
        raise Refused("invalid", str(error)) from error
    digest = await asyncio.to_thread(caller.state.media.write, picture.data)
    async with caller.work("media.add") as work:
        return await once(caller, work, partial(_keep, work, digest, picture), dict[str, Any])


async def _keep(work: Work, digest: str, picture: Picture) -> dict[str, Any]:
    media_id = new_id()
    await work.db.execute(
        """INSERT INTO media (workspace_id, id, sha256, mime, bytes, width, height, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        work.workspace_id,
        media_id,
        digest,
        picture.mime,
        len(picture.data),
        picture.width,
        picture.height,
        work.now,
    )
    return {
        "id": media_id,
        "url": f"/api/v1/media/{media_id}",
        "mime": picture.mime,
        "width": picture.width,
        "height": picture.height,
        "bytes": len(picture.data),
    }


@get("/media/{media_id:str}")
async def get_media(caller: Called, media_id: FromPath[str]) -> Response[bytes]:
    """The picture."""
    caller.need("desk.read")
    check_id(media_id, "picture")
    async with caller.state.database.acquire() as db:
        row = await db.fetchrow(
            "SELECT sha256, mime FROM media WHERE workspace_id = $1 AND id = $2",
            caller.workspace_id,
            media_id,
        )
    if row is None:
        raise NotFound("picture")
    try:
        data = await asyncio.to_thread(caller.state.media.read, row["sha256"])
    except FileNotFoundError:
        raise NotFound("picture") from None
    return Response(data, media_type=row["mime"], headers=SANDBOX)


ROUTES = [post_media, get_media]
