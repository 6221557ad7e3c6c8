"""/hooks/{channel_id}: where networks call. No session, no form: the connector says who it is.

What comes is accepted before the answer: a network is told "yes" for what is kept, and what we
can't keep now is answered so that it repeats.
"""

from __future__ import annotations

import asyncio
import math
from datetime import datetime
from typing import Any

import structlog
from litestar import Request, Response, get, post
from litestar.datastructures import State

from earful.accounts.pace import SharedPace
from earful.accounts.throttle import network_of
from earful.accounts.visitors import client_address
from earful.api.problems import problem
from earful.desk.channels import set_channel_state
from earful.intake.channel import channel_of
from earful.intake.receive import receive
from earful.kit.ids import is_id
from earful.networks.contract import Answer, Call, Hears, NetworkError, Reauthorize, RetryLater

log = structlog.get_logger()
LARGEST = 2 * 1024 * 1024
"""Bytes of one call."""
HEAR_FOR = 10.0
STRANGE = 24.0
"""What a call by a stranger costs beside the call itself: after some twenty, an address waits."""

Door = Request[Any, Any, Any]
SEALS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class HookPace:
    """How often a channel is called, and how often an address calls: all processes together."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._channels = SharedPace("hooks.channels", per_second=100, burst=1000)
        self._addresses = SharedPace("hooks.addresses", per_second=100, burst=500)

    async def channel(self, id_: str, now: datetime, cost: float = 1) -> float:
        """One call of a channel. Returns the seconds to wait instead, or 0."""
        return await self._channels.take(self._state.database, id_, now, cost)

    async def address(self, address: str, now: datetime, cost: float = 1) -> float:
        """One call by an address. Returns the seconds to wait instead, or 0."""
        return await self._addresses.take(self._state.database, address, now, cost)


@get("/hooks/{channel_id:str}", include_in_schema=False, response_headers=SEALS)
async def get_hook(request: Door) -> Response[bytes]:
    """A challenge, by which a network finds out that we are there."""
    return await _hear(request)


@post(
    "/hooks/{channel_id:str}",
    include_in_schema=False,
    request_max_body_size=LARGEST,
    status_code=200,
    response_headers=SEALS,
)
async def post_hook(request: Door) -> Response[bytes]:
    """Something happened there."""
    return await _hear(request)


async def _hear(request: Door) -> Response[bytes]:
    state = request.app.state
    address = address_of(request)
    if wait := await state.hook_pace.address(address, state.now()):
        return later(429, "You call too often.", wait)
    answer = await _answer(request)
    if answer.status_code in (401, 403, 404):
        await state.hook_pace.address(address, state.now(), STRANGE)
    return answer


async def _answer(request: Door) -> Response[bytes]:
    state = request.app.state
    channel_id: str = request.path_params["channel_id"]
    row = await _row(state, channel_id) if is_id(channel_id) else None
    if row is None or row["state"] == "off":
        return unknown()
    if wait := await state.hook_pace.channel(channel_id, state.now()):
        return later(429, "This channel is called too often.", wait)
    body = await request.body() if request.method == "POST" else b""
    if row["state"] != "active" and request.method == "POST":
        return later(503, "This channel is held.", 60)
    call = Call(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query={name: str(value) for name, value in request.query_params.items()},
        body=body,
    )
    return await _said(state, row, call)


async def _said(state: Any, row: dict[str, Any], call: Call) -> Response[bytes]:
    """The answer to a call, once what came with it is kept."""
    try:
        answer = await asyncio.wait_for(_told(state, row, call), HEAR_FOR)
    except (RetryLater, TimeoutError) as error:
        return later(503, "Not now.", getattr(error, "after", 5.0))
    except Reauthorize as error:
        answer = Answer(status=503, revoked=str(error))
    except NetworkError:
        return problem("invalid", 400, "This call makes no sense here.")
    if answer.status == 404:
        return unknown()
    await _keep(state, row, answer)
    return Response(answer.body, status_code=answer.status, media_type=answer.content_type)


async def _row(state: Any, channel_id: str) -> dict[str, Any] | None:
    """The channel, of whichever workspace: its id is all that a network knows of us."""
    async with state.database.acquire() as db:
        row = await db.fetchrow("SELECT * FROM channel WHERE id = $1", channel_id)
    return None if row is None else dict(row)


async def _told(state: Any, row: dict[str, Any], call: Call) -> Answer:
    """What the channel's connector makes of the call."""
    async with state.open_hooks.of(row) as connector:
        if not isinstance(connector, Hears):
            return Answer(status=404)
        return await connector.hear(call)


async def _keep(state: Any, row: dict[str, Any], answer: Answer) -> None:
    """Accept what came, and hold the channel if our rights are gone."""
    if answer.batch is not None:
        await receive(state.works, row["workspace_id"], channel_of(row), answer.batch)
    if answer.revoked:
        log.warning("rights withdrawn", channel=row["id"])
        async with state.works.open(row["workspace_id"]) as work:
            await set_channel_state(work, row["id"], "reauthorize", answer.revoked)


def unknown() -> Response[bytes]:
    """The same for what never was, what is gone, and what nobody calls."""
    return problem("not-found", 404, "There is no such hook here.")


def later(status: int, words: str, wait: float) -> Response[bytes]:
    """Not now; `wait` is in seconds."""
    slug = "throttled" if status == 429 else "unavailable"
    answer = problem(slug, status, words)
    answer.headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return answer


def address_of(request: Door) -> str:
    """Whose calls are counted together."""
    peer = request.client.host if request.client else None
    forwarded = ",".join(request.headers.getall("x-forwarded-for", []))
    behind = request.app.state.settings.behind_proxy
    return network_of(client_address(peer, forwarded, behind_proxy=behind))


ROUTES = [get_hook, post_hook]
