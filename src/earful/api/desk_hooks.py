"""/hooks/desks/{desk_id}: where other desks call when something changed there.

A call is only a hint: the ticket is looked up afterwards. Just the desks that can't be asked (any
webhook) are believed, by their signature.
"""

from __future__ import annotations

from typing import Any

from litestar import Response, post

from earful.accounts.secrets import SecretError
from earful.api.hooks import LARGEST, SEALS, STRANGE, Door, address_of, later, unknown
from earful.api.problems import problem
from earful.handoff import desks, queue, salesforce, webhook
from earful.handoff.kinds import KINDS
from earful.handoff.ticket import Forged
from earful.kit.ids import is_id
from earful.stream.work import WAKE


@post(
    ["/hooks/desks/{desk_id:str}", "/hooks/desks/{desk_id:str}/{secret:str}"],
    include_in_schema=False,
    request_max_body_size=LARGEST,
    status_code=200,
    response_headers=SEALS,
)
async def post_desk_hook(request: Door) -> Response[bytes]:
    """A call: signed, or by who signs nothing and knows the secret end of the address."""
    return await _hear(request, str(request.path_params.get("secret", "")))


async def _hear(request: Door, secret: str) -> Response[bytes]:
    state = request.app.state
    address = address_of(request)
    if wait := await state.hook_pace.address(address, state.now()):
        return later(429, "You call too often.", wait)
    desk_id = str(request.path_params["desk_id"])
    row = await _row(state, desk_id) if is_id(desk_id) else None
    answer = unknown() if row is None else await _answer(request, row, secret)
    if answer.status_code in (401, 403, 404):
        await state.hook_pace.address(address, state.now(), STRANGE)
    return answer


async def _row(state: Any, desk_id: str) -> dict[str, Any] | None:
    async with state.database.acquire() as db:
        row = await db.fetchrow(
            "SELECT * FROM other_desk WHERE id = $1 AND removed_at IS NULL", desk_id
        )
    return None if row is None else dict(row)


async def _answer(request: Door, row: dict[str, Any], secret: str) -> Response[bytes]:
    state = request.app.state
    if wait := await state.hook_pace.channel(row["id"], state.now()):
        return later(429, "This desk calls too often.", wait)
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers["earful-secret"] = secret
    body = await request.body()
    try:
        await _take_in(state, row, headers, body)
    except (Forged, SecretError):
        return problem("forged", 401, "This call is not signed as it should be, or makes no sense.")
    if row["kind"] == "salesforce":
        return Response(salesforce.ACK.encode(), media_type="text/xml")
    return Response(b"{}", media_type="application/json")


async def _take_in(state: Any, row: dict[str, Any], headers: dict[str, str], body: bytes) -> None:
    ours = desks.hook_secret(state.keyring, row)
    named = KINDS[row["kind"]].named
    if named is not None:
        ids = named(headers, body, ours)
        async with state.works.open(row["workspace_id"]) as work:
            if await queue.look_soon(work, row["id"], ids):
                await work.db.execute("SELECT pg_notify($1, '')", WAKE)
        return
    remote = webhook.told(headers, body, ours, state.now())
    async with state.works.open(row["workspace_id"]) as work:
        handoff_id = await queue.handoff_there(work, row["id"], remote.id)
        if handoff_id is not None:
            await queue.note_remote(work, handoff_id, remote)


ROUTES = [post_desk_hook]
