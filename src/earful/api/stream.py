"""The stream: server-sent events from a cursor, heartbeats, rights looked at again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, get
from litestar.params import FromQuery
from litestar.response import Stream

from earful.accounts.identify import Principal, identify
from earful.api.caller import COOKIE, Called, Caller
from earful.intake.receive import PASSING
from earful.stream.hub import Hub
from earful.stream.screen import BEAT, RESET, Packet, Subscriber, pack

HEARTBEAT_FOR = 15.0
"""Seconds after which a caller is looked at again, and told that we are still there."""
GUARDED = {
    "webhook": "webhook.change",
    "mail": "mail.change",
    "post": "channel.read",
    "pager": "paging.change",
    "rule": "rule.read",
}
"""The right that is needed to hear of it, by the noun of its events; of all else everybody does.

A `post` is one that was set aside: who may not read the list has no use for it.
"""

BYE = Packet("bye", 0, b"{}")


@get("/stream")
async def get_stream(
    request: Request[Any, Any, Any],
    caller: Called,
    after: FromQuery[int | None] = None,
) -> Stream:
    """Events after `after` (or after the Last-Event-ID header), then what happens next."""
    caller.need("desk.read")
    last = request.headers.get("last-event-id", "")
    known = last.isascii() and last.isdigit() and len(last) < 19
    start = int(last) if known else (after or 0)
    headers = {
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
        "Content-Encoding": "identity",
    }
    return Stream(_frames(request, caller, start), media_type="text/event-stream", headers=headers)


async def _frames(
    request: Request[Any, Any, Any], caller: Caller, start: int
) -> AsyncIterator[bytes]:
    hub: Hub = caller.state.hub
    hidden = _hidden_from(caller.who)
    subscriber = Subscriber(caller.workspace_id, caller.id, caller.inboxes, start, hidden)
    try:
        position = await hub.subscribe(subscriber)
        yield b"retry: 2000\n\n"
        async for packet in _catch_up(hub, subscriber, start, position):
            yield packet.frame
        async for said in _live(request, caller, subscriber):
            yield said
    finally:
        hub.unsubscribe(subscriber)


async def _live(
    request: Request[Any, Any, Any], caller: Caller, subscriber: Subscriber
) -> AsyncIterator[bytes]:
    """What happens from now on. Ends when the caller is no longer let in."""
    # One timer a quarter of a minute, where a timeout around each wait would cost a task a packet.
    later = asyncio.get_running_loop().call_later
    beat = later(HEARTBEAT_FOR, subscriber.offer, BEAT)
    try:
        while True:
            packets = await subscriber.next()
            names = {packet.name for packet in packets}
            # Also on a busy stream; and at once when rights changed.
            if "beat" in names or "reset" in names:
                beat.cancel()
                beat = later(HEARTBEAT_FOR, subscriber.offer, BEAT)
                if not await _still_in(request, caller, subscriber):
                    yield BYE.frame
                    return
            yield b"".join([packet.frame for packet in packets])
            if "restart" in names:
                return
    finally:
        beat.cancel()


async def _catch_up(
    hub: Hub, subscriber: Subscriber, start: int, position: int
) -> AsyncIterator[Packet]:
    """What happened between the cursor and the live position; `reset` when that is not kept."""
    if start > position:
        # A snapshot may be ahead of the hub by a moment; a cursor from nowhere is not.
        if start > await hub.newest(subscriber.workspace_id):
            subscriber.after = 0
            yield RESET
        return
    if start < position and await _is_gone(hub, subscriber, start):
        yield RESET
        return
    while start < position:
        entries = await hub.read(subscriber.workspace_id, start, position)
        if not entries:
            return
        start = entries[-1].seq
        yield pack(subscriber.inboxes, entries, subscriber.hidden)


async def _is_gone(hub: Hub, subscriber: Subscriber, start: int) -> bool:
    oldest = await hub.oldest(subscriber.workspace_id)
    if oldest == 0 or start < oldest - 1:
        return True
    # After a restore the numbers go on further up: a cursor in between is of a lost history.
    return start >= oldest and not await hub.holds(subscriber.workspace_id, start)


def _hidden_from(who: Principal) -> frozenset[str]:
    return frozenset(noun for noun, act in GUARDED.items() if not who.may(act))


async def _still_in(
    request: Request[Any, Any, Any], caller: Caller, subscriber: Subscriber
) -> bool:
    """Whether the caller may listen on. What she may hear of is looked up again."""
    cookie = request.cookies.get(COOKIE)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else None
    try:
        async with caller.state.database.acquire() as db:
            who = await identify(db, cookie=cookie, bearer=bearer, now=caller.now())
    except PASSING:
        return True  # nothing can be read meanwhile either; asked again at the next heartbeat
    if who is None or who.agent_id != caller.id:
        return False
    subscriber.hidden = _hidden_from(who)
    return True


ROUTES = [get_stream]
