"""The way out of the rehearsal: a clean workspace, set up by whoever owns the machine."""

from __future__ import annotations

from litestar import post

from earful.accounts.setup import needs_setup
from earful.api.caller import Called
from earful.kit.refusal import Refused


@post("/rehearsal/start-for-real", status_code=200)
async def post_start(caller: Called) -> dict[str, str]:
    """Where to set up a clean workspace; the rehearsal stays beside it until it is left."""
    caller.need("workspace.change")
    async with caller.state.database.acquire() as db:
        rehearsal = await db.fetchval(
            "SELECT rehearsal FROM workspace WHERE id = $1", caller.workspace_id
        )
        if not rehearsal:
            raise Refused("not-allowed", "This is the real desk already.")
        if not await needs_setup(db):
            raise Refused("exists", "The real desk is set up: sign out, then sign in there.")
    return {"url": f"/setup?key={caller.state.keyring.setup_key}"}


ROUTES = [post_start]
