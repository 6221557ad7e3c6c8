"""For machines: is it alive, is it ready."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get


@get("/healthz", include_in_schema=False)
async def get_healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/readyz", include_in_schema=False)
async def get_readyz(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """The database answers as well."""
    up = await request.app.state.database.is_up()
    said = {"status": "ready" if up else "the database does not answer"}
    return Response(said, status_code=200 if up else 503)


ROUTES = [get_healthz, get_readyz]
