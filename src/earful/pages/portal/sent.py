"""What a visitor sent by a form: read within bounds, checked, and not lost on the way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar.datastructures import UploadFile

from earful.accounts.emails import clean_email
from earful.accounts.errors import Invalid
from earful.kit.text import one_line, storable
from earful.media.pictures import BadPicture, Picture, inspect
from earful.pages.portal.door import PortalDoor
from earful.pages.portal.ticket import Ticket, read

LONGEST = 10_000
"""Characters of a message."""
MOST_PICTURES = 4
LARGEST_FORM = 24 * 1024 * 1024
"""Bytes, pictures included."""
AT_ONCE = asyncio.Semaphore(8)
"""Forms with pictures that one process reads at the same time."""
_SMALL = 256 * 1024
TRAP = "website"
"""A field that people don't see, and programs fill in."""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it came, and what is wrong with it in words. `field` is what to mend."""

    ticket: Ticket | None
    text: str = ""
    name: str = ""
    email: str = ""
    public: bool = False
    work: str = ""
    invitation: str = ""
    pictures: Sequence[Picture] = ()
    problem: str = ""
    field: str = ""
    status: int = 422


async def read_form(door: PortalDoor) -> Form:
    """The form of a request, checked."""
    length = door.request.headers.get("content-length", "")
    if length.isdigit() and int(length) <= _SMALL:
        data = await door.form()
    else:
        async with AT_ONCE:
            data = await door.form()
    plain = {name: value for name, value in data.items() if isinstance(value, str)}
    form = _plain(door, plain)
    if form.problem:
        return form
    files = [one for one in data.getall("pictures", []) if isinstance(one, UploadFile)]
    return await _with_pictures(door, form, files)


def _plain(door: PortalDoor, data: Mapping[str, str]) -> Form:
    """The fields that are text."""
    text = data.get("text", "").replace("\r\n", "\n").strip()
    form = Form(
        ticket=read(door.keyring, door.place, data.get("ticket", ""), door.now),
        text=storable(text, LONGEST * 2),
        name=one_line(storable(data.get("name", "")), 80),
        email=storable(data.get("email", ""))[:300].strip(),
        public=data.get("who") == "public" and door.place.settings.public,
        work=data.get("work", ""),
        invitation=invitation_of(data.get("m", "")),
    )
    word, field = _wrong(form, text, data)
    if not word:
        return form
    words = door.words(word, most=LONGEST)
    status = 403 if word == "stale" else 422
    return msgspec.structs.replace(form, problem=words, field=field, status=status)


def _wrong(form: Form, text: str, data: Mapping[str, str]) -> tuple[str, str]:
    """The name of what is wrong, and the field to mend."""
    wrong = (
        (form.ticket is None, "stale", ""),
        (bool(data.get(TRAP)), "trap", TRAP),
        (not text, "empty", "text"),
        (len(text) > LONGEST, "long", "text"),
        (storable(text) != text, "unreadable", "text"),
        (bool(form.email) and not _is_email(form.email), "bad_email", "email"),
    )
    return next(((word, field) for holds, word, field in wrong if holds), ("", ""))


def invitation_of(text: str) -> str:
    """The code of an invitation; empty for what can be none."""
    return text if re.fullmatch(r"[a-z0-9]{6,40}", text) else ""


def _is_email(text: str) -> bool:
    try:
        clean_email(text)
    except Invalid:
        return False
    return True


async def _with_pictures(door: PortalDoor, form: Form, files: Sequence[UploadFile]) -> Form:
    found: list[Picture] = []
    for file in files:
        data = await file.read()
        if not data and not file.filename:
            continue  # what a browser sends for no choice at all
        try:
            if len(data) > door.settings.media_image_bytes:
                raise BadPicture("It is too large.")
            found.append(await asyncio.to_thread(inspect, data))
        except BadPicture as error:
            name = one_line(storable(file.filename or ""), 60)
            words = door.words("bad_picture", file=name, why=error)
            return msgspec.structs.replace(form, problem=words, field="pictures")
    if len(found) > MOST_PICTURES:
        words = door.words("many_pictures")
        return msgspec.structs.replace(form, problem=words, field="pictures")
    return msgspec.structs.replace(form, pictures=tuple(found))


def email_of(form: Form) -> str:
    """The address that was given, as it is kept; empty for none."""
    return clean_email(form.email) if form.email else ""


async def keep_pictures(door: PortalDoor, db: Any, form: Form, ids: Sequence[str]) -> list[bytes]:
    """Write the pictures and their rows. Returns the digests, to be held after the commit."""
    digests = []
    for media_id, picture in zip(ids, form.pictures, strict=True):
        digest = await asyncio.to_thread(door.media.write, picture.data)
        digests.append(digest)
        await db.execute(
            """INSERT INTO media (workspace_id, id, sha256, mime, bytes, width, height, created_at,
                 source, channel_id)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'portal', $9)""",
            door.place.workspace_id,
            media_id,
            digest,
            picture.mime,
            len(picture.data),
            picture.width,
            picture.height,
            door.now,
            door.place.channel_id,
        )
    return digests
