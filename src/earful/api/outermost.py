"""What all answers have in common, also those that no route gave: seals, and HEAD as GET."""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.types import (
    ASGIApp,
    HTTPDisconnectEvent,
    HTTPScope,
    Message,
    Receive,
    ReceiveMessage,
    Scope,
    Send,
)

from earful.api.problems import SEALS

STREAM = "/api/v1/stream"
ACTS = frozenset({"/oauth/callback"})
"""Paths whose GET does something, once: a HEAD must not do it."""

_SEALS = {b"x-content-type-options": b"nosniff", b"referrer-policy": b"same-origin"}
_API_SEALS = {name.lower().encode(): value.encode() for name, value in SEALS.items()}


def outermost(app: ASGIApp) -> ASGIApp:
    """`app`, whose answers are sealed where they do not seal themselves."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        # A stream seals itself: nothing here may cost it something for each of its packets.
        if scope["path"] == STREAM and scope["method"] == "GET":
            await app(scope, receive, send)
            return
        seals = _API_SEALS if scope["path"].startswith("/api/") else _SEALS

        async def sealing(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                there = {name.lower() for name, _ in headers}
                headers += [(name, value) for name, value in seals.items() if name not in there]
                message["headers"] = headers
            await send(message)

        if scope["method"] == "HEAD" and scope["path"] not in ACTS:
            await _without_body(app, scope, receive, sealing)
        else:
            await app(scope, receive, sealing)

    return handle


async def _without_body(app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> None:
    """Answer a HEAD as the GET of the same path would be, without its body (RFC 9110, 9.3.2)."""
    scope["method"] = "GET"
    begun = False

    async def head_only(message: Message) -> None:
        nonlocal begun
        if message["type"] == "http.response.start":
            begun = True
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def left() -> ReceiveMessage:
        # To a stream, whoever asked has left as soon as the head is out.
        return HTTPDisconnectEvent(type="http.disconnect") if begun else await receive()

    await app(scope, left, head_only)
