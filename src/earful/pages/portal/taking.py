"""Takes a visitor's message: kept first, then handed to the desk at once.

What could not be handed on (the desk is busy, the channel held) is read by the channel's own
listener: whatever the page said yes to is never lost.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import structlog

from earful.desk.ports import open_connector
from earful.intake.channel import channel_of
from earful.intake.receive import PASSING, receive
from earful.kit.ids import new_id
from earful.media import keeping
from earful.networks.contract import NetworkError, Polls
from earful.pages.portal.door import PortalDoor
from earful.pages.portal.sent import Form, email_of, keep_pictures
from earful.portal import talks
from earful.portal.places import Place
from earful.portal.talks import Written

log = structlog.get_logger()


async def take(door: PortalDoor, form: Form, thread_id: str | None = None) -> bool:
    """Keep what a form brought, once. Returns whether it is new. Raises PASSING."""
    assert form.ticket is not None  # noqa: S101 - a form without one has a problem
    ids = [new_id() for _ in form.pictures]
    said = Written(
        key=form.ticket.key,
        text=form.text,
        media=ids,
        thread_id=thread_id,
        token=form.ticket.token,
        public=form.public,
        name=form.name,
        email=email_of(form),
        invitation=form.invitation,
        language=door.words.language,
    )
    async with door.database.transaction() as db:
        if not await talks.keep(db, door.place, said, door.now):
            return False
        digests = await keep_pictures(door, db, form, ids)
    for picture, digest in zip(form.pictures, digests, strict=True):
        await keeping.hold(door.database, door.media, picture.data, digest)
    with contextlib.suppress(*PASSING, NetworkError):
        await hand_on(door.request.app.state, door.place)
    return True


async def taken_back(door: PortalDoor, thread_id: str, message_id: str) -> None:
    """Delete the text of a visitor's message, and have the desk know it at once."""
    async with door.database.transaction() as db:
        digests = await talks.take_back(db, door.place, thread_id, message_id, door.now)
    await keeping.drop_unused(door.database, door.media, digests)
    with contextlib.suppress(*PASSING, NetworkError):
        await hand_on(door.request.app.state, door.place)


async def is_known(door: PortalDoor, form: Form) -> bool:
    """Whether this very form was taken already."""
    if form.ticket is None:
        return False
    async with door.database.acquire() as db:
        return await talks.is_known(db, door.place, form.ticket.key)


async def hand_on(state: Any, place: Place) -> None:
    """Have the desk take in what is new, as the channel's listener would."""
    async with _turn(place.channel_id):
        async with state.database.acquire() as db:
            row = await db.fetchrow(
                "SELECT * FROM channel WHERE workspace_id = $1 AND id = $2 AND state = 'active'",
                place.workspace_id,
                place.channel_id,
            )
        if row is None:
            return
        connector = open_connector(
            state.database,
            state.keyring,
            state.now,
            dict(row),
            state.settings.public_url or "",
            media=state.media,
        )
        if isinstance(connector, Polls):
            batch = await connector.fetch(row["cursor"])
            if batch.changes:
                await receive(state.works, place.workspace_id, channel_of(row), batch)


_turns: dict[str, asyncio.Lock] = {}


def _turn(channel_id: str) -> asyncio.Lock:
    """One at a time for each channel: whoever waited finds that hers was handed on already."""
    return _turns.setdefault(channel_id, asyncio.Lock())
