"""The simulator's API: lets requests in as X does, and breaks answers as testers ask."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from earful.networks.x.simulator import parameters
from earful.networks.x.simulator.call import Call, Route
from earful.networks.x.simulator.control import PREFIX, control
from earful.networks.x.simulator.endpoints import (
    activity,
    dms,
    hooks,
    keeping,
    media,
    oauth,
    people,
    posts,
    streaming,
    timelines,
)
from earful.networks.x.simulator.faults import AFTER, broken
from earful.networks.x.simulator.problems import Trouble, blank, forbidden, unsupported
from earful.networks.x.simulator.state import State
from earful.networks.x.simulator.tokens import Access
from earful.networks.x.simulator.wire import Answer, Request

ROUTES: tuple[Route, ...] = (
    *people.ROUTES,
    *timelines.ROUTES,
    *streaming.ROUTES,
    *posts.ROUTES,
    *media.ROUTES,
    *dms.ROUTES,
    *hooks.ROUTES,
    *activity.ROUTES,
    *keeping.ROUTES,
    *oauth.ROUTES,
)


class Service:
    """Answers requests."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def handle(self, request: Request) -> Answer:
        """Answer one request, or go wrong as somebody asked."""
        if request.path.startswith(PREFIX):
            return await control(self.state, request)
        found = _route(request)
        if found is None:
            return blank(404, f"There is nothing at {request.method} {request.path}.")
        route, path = found
        fault = self.state.faults.take(route.place)
        now = self.state.now().timestamp()
        if fault is not None and fault.kind not in AFTER:
            return broken(fault, None, now)
        answer = await self._answer(route, request, path)
        return answer if fault is None else broken(fault, answer, now)

    async def _answer(self, route: Route, request: Request, path: dict[str, str]) -> Answer:
        headers: dict[str, str] = {"api-version": "2.167"}
        try:
            access = self._access(route, request)
            plan = self.state.plan
            headers |= self.state.limits.take(route.place, access.user_id, on=plan.limits)
            parameters.checked(route.method, route.path, request.query)
            answer = await route.handler(Call(self.state, request, access, path))
        except Trouble as trouble:
            answer = trouble.answer
        except (AttributeError, TypeError) as error:
            # A body of another shape than X describes; everything else is checked where it is used.
            answer = blank(400, f"{request.method} {request.path}: {error}")
        await asyncio.sleep(0)
        return msgspec.structs.replace(answer, headers={**headers, **answer.headers})

    def _access(self, route: Route, request: Request) -> Access:
        """Who asks. Raises Trouble (401, 403)."""
        if route.who == "nobody":
            return Access(None, frozenset())
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        access = self.state.tokens.read(token) if kind.lower() == "bearer" and token else None
        if access is None:
            raise Trouble(blank(401))
        if route.who == "user" and access.user_id is None:
            raise unsupported("OAuth 1.0a User Context, OAuth 2.0 User Context")
        if route.who == "app" and access.user_id is not None:
            raise unsupported("OAuth 2.0 Application-Only")
        if access.user_id and route.scopes - access.scopes:
            lacking = ", ".join(sorted(route.scopes - access.scopes))
            raise forbidden(f"The token lacks the scopes {lacking}.")
        return access


def _route(request: Request) -> tuple[Route, dict[str, Any]] | None:
    for route in ROUTES:
        path = route.match(request.method, request.path)
        if path is not None:
            return route, path
    return None
