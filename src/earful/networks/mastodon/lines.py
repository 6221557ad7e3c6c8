"""The ways in which a server may stream: by WebSocket or server-sent events, at either address."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.typing import Subprotocol

from earful.kit.addresses import Blocked, Guard, on_this_machine
from earful.kit.safe_http import guarded_client, origin_of
from earful.kit.trust import web_trust
from earful.networks.contract import RetryLater
from earful.networks.mastodon.events import Event

_FRAME_BYTES = 8_000_000
_OPEN_WITHIN = 20.0
_SILENCE = 90.0  # seconds; servers send a sign of life every 15 or 30
_PATH = "/api/v1/streaming"
_PROTOCOL = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class Line(msgspec.Struct, frozen=True):
    """One way to listen. `own`: at the address that the operator gave; others are guarded.
    `signs_in`: header, protocol (as Mastodon's own page has it) or address (which is logged)."""

    kind: str
    origin: str
    own: bool
    signs_in: str = "header"


class NotSpoken(Exception):
    """The server does not stream like this."""


def lines(origin: str, told: str) -> list[Line]:
    """The ways to try, in order. `told` is where the server says it streams, or empty."""
    places = [(origin, True)]
    if told and origin_of(told)[1:] != origin_of(origin)[1:]:
        places.insert(0, (told, origin_of(told)[1] == origin_of(origin)[1]))
    ways = [
        ("websocket", "header"),
        ("websocket", "protocol"),
        ("websocket", "address"),
        ("sse", "header"),
    ]
    return [Line(kind, place, own, signs_in) for kind, signs_in in ways for place, own in places]


async def follow(line: Line, token: str) -> AsyncGenerator[Event | None, None]:
    """None once the line stands, then its events. Raises NotSpoken before, RetryLater after."""
    way = _websocket(line, token) if line.kind == "websocket" else _sse(line, token)
    stands = False
    try:
        async with aclosing(way) as events:
            async for event in events:
                stands = True
                yield event
    except (ConnectionClosed, InvalidHandshake, httpx.HTTPError, OSError, TimeoutError) as error:
        if not stands:
            raise NotSpoken(type(error).__name__) from error
        raise RetryLater(f"The stream broke off ({type(error).__name__}).", after=1.0) from error
    except (Blocked, InvalidURI, httpx.InvalidURL) as error:
        raise NotSpoken(str(error)) from error


class _Straight(connect):
    """Connects where it is told to, and nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """A server that sends us elsewhere does not stream here."""
        return exc


async def _websocket(line: Line, token: str) -> AsyncGenerator[Event | None, None]:
    address = f"{line.origin.replace('http', 'ws', 1)}{_PATH}?stream=user"
    extra: dict[str, Any] = {}
    if line.signs_in == "address":
        address += f"&access_token={quote(token)}"
    elif line.signs_in == "protocol":
        extra["subprotocols"] = [_protocol(token)]
    else:
        extra["additional_headers"] = {"Authorization": f"Bearer {token}"}
    if on_this_machine(line.origin):
        extra["proxy"] = None
    if not line.own:
        parts = urlsplit(line.origin)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        extra["host"] = (await Guard().addresses(parts.hostname or "", port))[0]
        extra["proxy"] = None
    async with _Straight(
        address, max_size=_FRAME_BYTES, open_timeout=_OPEN_WITHIN, **extra
    ) as socket:
        yield None
        async for raw in socket:
            if event := to_event(raw):
                yield event


def _protocol(token: str) -> Subprotocol:
    """The token as the name of a protocol. Raises NotSpoken for one that can be none."""
    if not _PROTOCOL.fullmatch(token):
        raise NotSpoken("Such a token can't stand in that header.")
    return Subprotocol(token)


def to_event(raw: str | bytes) -> Event | None:
    """The event in a frame of a WebSocket; None when there is none."""
    try:
        said = msgspec.json.decode(raw)
        payload = said.get("payload")
        if not isinstance(payload, str):
            payload = msgspec.json.encode(payload).decode()
        return Event(str(said["event"]), payload)
    except (AttributeError, KeyError, UnicodeDecodeError, RecursionError, msgspec.DecodeError):
        return None


async def _sse(line: Line, token: str) -> AsyncGenerator[Event | None, None]:
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    url = f"{line.origin}{_PATH}/user"
    async with _client(line) as client, client.stream("GET", url, headers=headers) as answer:
        kind = answer.headers.get("content-type", "")
        if answer.status_code != 200 or not kind.startswith("text/event-stream"):
            raise NotSpoken(f"{answer.status_code} {kind}")
        yield None
        name, data = "", list[str]()
        async for text in answer.aiter_lines():
            if text.startswith("event:"):
                name = text[6:].strip()
            elif text.startswith("data:"):
                data.append(text[5:].removeprefix(" "))
            elif not text and name:
                yield Event(name, "\n".join(data))
                name, data = "", []


@asynccontextmanager
async def _client(line: Line) -> AsyncGenerator[httpx.AsyncClient, None]:
    timeout = httpx.Timeout(_OPEN_WITHIN, read=_SILENCE)
    direct = on_this_machine(line.origin)
    made = (
        httpx.AsyncClient(verify=web_trust(), trust_env=not direct)
        if line.own
        else guarded_client(Guard())
    )
    made.timeout = timeout
    async with made as client:
        yield client
