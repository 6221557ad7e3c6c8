"""/portal/{slug}/t/{token}/live: tells an open page that something new stands in its talk.

It tells only that there is news; the page then asks for itself, as it would without script.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from litestar import Response, get
from litestar.response import Stream

from earful.intake.receive import PASSING
from earful.pages.door import AnyRequest
from earful.pages.portal.door import PortalDoor
from earful.pages.portal.pace import STREAMS, STREAMS_EACH
from earful.pages.portal.talk import talk_at
from earful.portal import talks

BEAT = 15.0
LONGEST = 240
"""Beats after which a stream ends; the page opens a new one, and its link is looked at again."""
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": "identity"}


@get("/portal/{slug:str}/t/{token:str}/live")
async def show(request: AnyRequest) -> Response[Any]:
    """The stream, unless too many are open."""
    found = await talk_at(request)
    if isinstance(found, Response):
        return found
    door, thread_id = found
    streams, address = door.pace.streams, door.address
    if streams.get(address, 0) >= STREAMS_EACH or door.bell.size() >= STREAMS:
        return door.answer("", 503, {"Retry-After": "60"})
    return Stream(_frames(door, thread_id), media_type="text/event-stream", headers=HEADERS)


async def _frames(door: PortalDoor, thread_id: str) -> AsyncIterator[bytes]:
    streams, address = door.pace.streams, door.address
    streams[address] = streams.get(address, 0) + 1
    try:
        with door.bell.at(thread_id) as event:
            yield b"retry: 3000\nevent: news\ndata: {}\n\n"
            for _ in range(LONGEST):
                yield await _next(event)
                if door.bell.stopped:
                    return
                await _looking(door, thread_id)
    finally:
        streams[address] -= 1
        if not streams[address]:
            del streams[address]


async def _next(event: asyncio.Event) -> bytes:
    try:
        await asyncio.wait_for(event.wait(), BEAT)
    except TimeoutError:
        return b": beat\n\n"
    event.clear()
    return b"event: news\ndata: {}\n\n"


async def _looking(door: PortalDoor, thread_id: str) -> None:
    """An open stream is somebody who looks: her page closes it when it is hidden."""
    now = door.request.app.state.now()
    try:
        async with door.database.transaction() as db:
            await talks.seen(db, door.place, thread_id, now)
    except PASSING:
        return
