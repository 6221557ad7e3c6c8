"""The lead's board."""

from __future__ import annotations

from litestar import get
from litestar.params import FromQuery

from earful.api.caller import Called
from earful.figures.board import Asked, Board, load_board
from earful.kit.refusal import Refused
from earful.sla.errors import HoursError
from earful.sla.walls import zone_of

LONGEST = 240  # minutes


@get("/board")
async def get_board(
    caller: Called, within: FromQuery[int] = 15, zone: FromQuery[str] = "UTC"
) -> Board:
    """Who waits, what is late or due `within` minutes, who is here, and today's gaps; for leads."""
    caller.need("board.read")
    if not 1 <= within <= LONGEST:
        raise Refused("invalid", f"Ask for 1 to {LONGEST} minutes.")
    try:
        walls = zone_of(zone)
    except HoursError as error:
        raise Refused("invalid", str(error)) from error
    asked = Asked(
        workspace_id=caller.workspace_id,
        inboxes=caller.inboxes,
        at=caller.now(),
        within=within,
        zone=walls,
    )
    async with caller.state.database.snapshot() as db:
        return await load_board(db, asked)


ROUTES = [get_board]
