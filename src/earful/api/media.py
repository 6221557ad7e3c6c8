"""Pictures and files: uploaded once, checked, and served where no script of theirs could run."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, FromQuery

from earful.accounts import audit
from earful.api.caller import Called, Caller, check_id
from earful.api.file_answer import file_answer
from earful.api.json_only import RAW
from earful.api.once import once
from earful.conversations.pictures import tell_picture
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.media import keeping, reading, wanted
from earful.media.attached import File, look
from earful.media.pictures import BadPicture, Picture, inspect
from earful.stream.work import Work

REMOVED = "Removed by a colleague."


@post("/media", opt={RAW: True})
async def post_media(
    request: Request[Any, Any, Any], caller: Called, name: FromQuery[str] = ""
) -> dict[str, Any]:
    """Keep a picture, or with a `name` another file to send (the raw bytes are the body)."""
    caller.need("media.add")
    data = await request.body()
    settings, kind = caller.state.settings, "file" if name else "picture"
    if len(data) > (settings.media_file_bytes if name else settings.media_image_bytes):
        raise Refused("too-large", f"This {kind} is too large.")
    try:
        picture = look(data, name) if name else await asyncio.to_thread(inspect, data)
    except BadPicture as error:
        raise Refused("invalid", str(error)) from error
    if isinstance(picture, File):
        _may_be_sent(picture)
    digest = await reading.write(caller.state.media, picture.data)
    async with caller.work("media.add") as work:
        kept = await once(caller, work, partial(_keep, work, digest, picture), dict[str, Any])
    await keeping.hold(caller.state.database, caller.state.media, picture.data, digest)
    return kept


def _may_be_sent(file: File) -> None:
    """Raise Refused for what is empty, a picture, or may run."""
    if not file.data:
        raise Refused("invalid", f"{file.name} is empty.")
    if file.mime.startswith("image/"):
        raise Refused("invalid", f"{file.name} is a picture: send it without a name.")
    if file.warning:
        raise Refused("invalid", f"{file.name} is not sent: it may run as a program.")


async def _keep(work: Work, digest: bytes, picture: Picture | File) -> dict[str, Any]:
    media_id, name = new_id(), picture.name if isinstance(picture, File) else ""
    await work.db.execute(
        """INSERT INTO media (workspace_id, id, sha256, mime, bytes, width, height, created_at,
             agent_id, name)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        work.workspace_id,
        media_id,
        digest,
        picture.mime,
        len(picture.data),
        picture.width,
        picture.height,
        work.now,
        work.actor.id,
        name,
    )
    return {
        "id": media_id,
        "url": f"/api/v1/media/{media_id}",
        "mime": picture.mime,
        "width": picture.width,
        "height": picture.height,
        "bytes": len(picture.data),
    } | ({"name": name} if name else {})


@get("/media/{media_id:str}")
async def get_media(
    request: Request[Any, Any, Any], caller: Called, media_id: FromPath[str]
) -> Response[bytes]:
    """The picture, or the file to download, for who may see the inbox it came to."""
    caller.need("desk.read")
    row = await _find(caller, media_id)
    if row["state"] != "kept":
        raise NotFound("picture")
    answer = partial(file_answer, request, mime=row["mime"], digest=row["sha256"], name=row["name"])
    if request.headers.get("if-none-match") == f'"{row["sha256"].hex()}"':
        return answer(b"")
    try:
        data = await reading.read(caller.state.media, row["sha256"])
    except FileNotFoundError:
        raise NotFound("picture") from None
    return answer(data)


@post("/media/{media_id:str}/fetch")
async def post_fetch(caller: Called, media_id: FromPath[str]) -> dict[str, str]:
    """Try once more to fetch a picture or a file that was given up; says its state by then."""
    row = await _find(caller, media_id)

    async def act() -> dict[str, str]:
        if not await wanted.want_again(work, media_id):
            return {"id": media_id, "state": row["state"]}
        await tell_picture(work, media_id, {"state": "wanted", "reason": ""})
        return {"id": media_id, "state": "wanted"}

    async with caller.work("media.add") as work:
        return await once(caller, work, act, dict[str, str])


@delete("/media/{media_id:str}")
async def delete_media(caller: Called, media_id: FromPath[str]) -> None:
    """Remove a picture for good: leads and owners any, others what they uploaded and did not send.

    The post it came with says that it was removed.
    """
    row = await _find(caller, media_id)
    unsent = row["agent_id"] == caller.id and row["message_id"] is None
    async with caller.work("media.add" if unsent else "media.remove") as work:
        await tell_picture(work, media_id, {"state": "removed", "reason": REMOVED})
        await work.db.execute(
            "DELETE FROM media WHERE workspace_id = $1 AND id = $2", caller.workspace_id, media_id
        )
        line = audit.Line(
            actor_kind="agent",
            actor_id=caller.id,
            act="media.removed",
            object_kind="media",
            object_id=media_id,
        )
        await audit.append(work.db, caller.workspace_id, line, now=work.now)
    if row["sha256"] is not None:
        await keeping.drop_unused(caller.state.database, caller.state.media, [row["sha256"]])


async def _find(caller: Caller, media_id: str) -> dict[str, Any]:
    """The picture's row. Raises NotFound where the caller may not see it.

    A message's picture goes with its conversation's inbox, an avatar with any conversation of the
    person, an upload that was not sent yet with whoever uploaded it.
    """
    check_id(media_id, "picture")
    async with caller.state.database.acquire() as db:
        row = await db.fetchrow(
            """SELECT d.*, array(
                 SELECT c.inbox_id FROM message m JOIN conversation c
                   ON c.workspace_id = $1 AND c.id = m.conversation_id
                 WHERE m.workspace_id = $1 AND m.id = d.message_id
                 UNION SELECT c.inbox_id FROM conversation c
                 WHERE c.workspace_id = $1 AND c.contact_id = d.contact_id) AS inboxes
               FROM media d WHERE d.workspace_id = $1 AND d.id = $2""",
            caller.workspace_id,
            media_id,
        )
    if row is None:
        raise NotFound("picture")
    if caller.inboxes is None or row["agent_id"] == caller.id:
        return dict(row)
    if not caller.inboxes.intersection(row["inboxes"]):
        raise NotFound("picture")
    return dict(row)


ROUTES = [post_media, get_media, post_fetch, delete_media]
