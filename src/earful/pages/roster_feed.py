"""/roster/{token}.ics: the roster for calendars, by an address that is the secret."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from earful.accounts import throttle
from earful.pages.door import AnyRequest, Door
from earful.roster import calendar_out

_PLAIN = "text/plain; charset=utf-8"


@get("/roster/{token:str}")
async def show_feed(request: AnyRequest) -> Response[Any]:
    """The calendar; 404 for an address that leads nowhere."""
    door = Door(request)
    token: str = request.path_params["token"]
    counted = {"purpose": "roster", "account": token, "address": door.address}
    async with door.database.acquire() as db:
        found = await calendar_out.find(db, token.removesuffix(".ics"))
        if found is not None:
            body = await calendar_out.render(db, found, door.now)
            return Response(body, media_type="text/calendar; charset=utf-8")
    async with door.database.transaction() as db:
        wait = await throttle.attempt(db, **counted, now=door.now)
    if wait is not None:
        later = {"Retry-After": str(int(wait.total_seconds()) + 1)}
        return Response("Please wait a little.", status_code=429, headers=later, media_type=_PLAIN)
    return Response("There is no such calendar.", status_code=404, media_type=_PLAIN)
