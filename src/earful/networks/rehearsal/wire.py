"""Just enough HTTP/1.1 for loopback, with handles to break it on purpose.

One request per connection. Requests from a web page (they carry an Origin) or for another host
name are refused, so that no site a person visits can reach the town.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import h11
import msgspec

BODY_LIMIT = 1_000_000
_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class Request(msgspec.Struct, frozen=True):
    """What was asked. Query values are the last given."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes


class Answer(msgspec.Struct, frozen=True):
    """What is said: `body` becomes JSON. `cut` and `hang` break the answer off."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = {}
    cut: bool = False
    half: bool = False
    hang: bool = False


Handler = Callable[[Request], Awaitable[Answer]]


async def listen(handler: Handler, port: int) -> asyncio.Server:
    """Serve on 127.0.0.1:`port` (0: any free one)."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _converse(handler, reader, writer)
        except (ConnectionError, h11.RemoteProtocolError):
            pass  # the other side left or spoke no HTTP; there is nobody to tell
        except asyncio.CancelledError:
            pass  # the server stops while somebody waits; the callback of 3.11 would complain
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    return await asyncio.start_server(connected, "127.0.0.1", port)


async def _converse(
    handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    wire = h11.Connection(h11.SERVER)
    request = await _read(wire, reader)
    answer = request if isinstance(request, Answer) else await handler(request)
    if answer.hang:
        await reader.read()  # until the other side gives up
    elif not answer.cut:
        await _say(wire, writer, answer)


async def _read(wire: h11.Connection, reader: asyncio.StreamReader) -> Request | Answer:
    head: h11.Request | None = None
    body = b""
    while True:
        event = wire.next_event()
        if event is h11.NEED_DATA:
            wire.receive_data(await reader.read(65_536))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > BODY_LIMIT:
                return Answer(413, {"detail": f"more than {BODY_LIMIT} bytes"})
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return _request(head, body)
        else:
            raise ConnectionResetError


def _request(head: h11.Request, body: bytes) -> Request | Answer:
    headers = {name: value.decode("latin-1") for name, value in head.headers}
    host = urlsplit("//" + headers.get(b"host", "")).hostname
    if host not in _HOSTS or b"origin" in headers:
        return Answer(403, {"detail": "only programs on this machine may come in"})
    target = urlsplit(head.target.decode("latin-1"))
    return Request(head.method.decode(), target.path, dict(parse_qsl(target.query)), body)


async def _say(wire: h11.Connection, writer: asyncio.StreamWriter, answer: Answer) -> None:
    body = b"" if answer.body is None else msgspec.json.encode(answer.body)
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "connection": "close",
        **answer.headers,
    }
    response = h11.Response(status_code=answer.status, headers=list(headers.items()))
    data = wire.send(response) or b""
    data += wire.send(h11.Data(body)) or b""
    writer.write(data[: len(data) - max(len(body) // 2, 1)] if answer.half else data)
    await writer.drain()
