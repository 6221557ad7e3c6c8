"""Posts that could not be taken in: what they are, another try, or letting one go."""

from __future__ import annotations

import msgspec
from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from earful.api.caller import Called, check_id
from earful.intake import aside
from earful.intake.asking_again import take_in


class DiscardBody(msgspec.Struct, frozen=True):
    """Why it is not needed."""

    reason: str


@get("/set-aside")
async def get_set_aside(
    caller: Called, after: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> aside.Page:
    """Those that wait for a decision, newest first, and how many there are."""
    caller.need("channel.read")
    async with caller.state.database.snapshot() as db:
        return await aside.list_aside(db, caller.workspace_id, limit=limit, after=after)


@post("/set-aside/{aside_id:str}/replay", status_code=200)
async def post_replay(caller: Called, aside_id: FromPath[str]) -> aside.Replayed:
    """Take it in as any post; a second time is harmless."""
    check_id(aside_id, "post")
    caller.need("channel.change")
    state = caller.state
    return await take_in(state.works, state.keyring, caller.workspace_id, aside_id, caller.actor)


@put("/set-aside/{aside_id:str}/discard", status_code=204)
async def put_discard(caller: Called, aside_id: FromPath[str], data: JSONBody[DiscardBody]) -> None:
    """Let it go, with a reason; what was kept of it is emptied."""
    check_id(aside_id, "post")
    async with caller.work("channel.change") as work:
        await aside.discard(work, aside_id, data.reason)


ROUTES = [get_set_aside, post_replay, put_discard]
