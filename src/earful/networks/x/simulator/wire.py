"""HTTP/1.1 for loopback, with lasting answers, and handles to break any answer on purpose.

Requests from a web page (they carry an Origin) or for another host name are refused, so that no
site a person visits can reach the simulator.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import h11
import msgspec

BODY_LIMIT = 16_000_000
_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

Break = Literal["", "cut", "half", "hang"]


class Request(msgspec.Struct, frozen=True):
    """What was asked. Header names are in lower case; of repeated query values the last stands."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


class Answer(msgspec.Struct, frozen=True):
    """What is said: `body` becomes JSON, bytes stay. `flow` lasts until either side ends it."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = {}
    flow: AsyncGenerator[bytes] | None = None
    broken: Break = ""


Handler = Callable[[Request], Awaitable[Answer]]


class Listening:
    """A server on loopback. Connections last from request to request, as X's do."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, port: int) -> str:
        """Listen on 127.0.0.1:`port` (0: any free one); the address."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Take no more, and end those there are."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _converse(self._handler, reader, writer)
        except (ConnectionError, h11.RemoteProtocolError):
            pass  # the other side left or spoke no HTTP; there is nobody to tell
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


async def _converse(
    handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    wire = h11.Connection(h11.SERVER)
    while (request := await _read(wire, reader)) is not None:
        answer = request if isinstance(request, Answer) else await handler(request)
        if answer.broken == "hang":
            await reader.read()  # until the other side gives up
        if answer.broken in ("hang", "cut"):
            return
        if answer.flow is not None:
            await _flow(wire, reader, writer, answer)
            return
        _say(wire, writer, answer)
        await writer.drain()
        if answer.broken or wire.our_state is not h11.DONE:
            return
        wire.start_next_cycle()


async def _read(wire: h11.Connection, reader: asyncio.StreamReader) -> Request | Answer | None:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = wire.next_event()
        if event is h11.NEED_DATA:
            wire.receive_data(await reader.read(65_536))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > BODY_LIMIT:
                return Answer(413, {"detail": f"more than {BODY_LIMIT} bytes"}, broken="half")
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return _request(head, bytes(body))
        else:
            return None  # the other side is done


def _request(head: h11.Request, body: bytes) -> Request | Answer:
    headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
    if urlsplit("//" + headers.get("host", "")).hostname not in _HOSTS or "origin" in headers:
        return Answer(403, {"detail": "only programs on this machine may come in"})
    target = urlsplit(head.target.decode("latin-1"))
    query = dict(parse_qsl(target.query, keep_blank_values=True))
    return Request(head.method.decode(), target.path, query, headers, body)


def _say(wire: h11.Connection, writer: asyncio.StreamWriter, answer: Answer) -> None:
    body = answer.body
    if not isinstance(body, bytes):
        body = b"" if body is None else msgspec.json.encode(body)
    headers = {
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(body)),
        **answer.headers,
    }
    data = wire.send(h11.Response(status_code=answer.status, headers=list(headers.items()))) or b""
    data += wire.send(h11.Data(body)) or b""
    data += wire.send(h11.EndOfMessage()) or b""
    writer.write(data[: len(data) - max(len(body) // 2, 1)] if answer.broken == "half" else data)


async def _flow(
    wire: h11.Connection,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    answer: Answer,
) -> None:
    """Say what flows until it ends or the other side leaves."""
    flow = answer.flow
    assert flow is not None  # noqa: S101 - only called for such answers
    headers = {"transfer-encoding": "chunked", **answer.headers}
    headers.setdefault("content-type", "application/json; charset=utf-8")
    writer.write(wire.send(h11.Response(status_code=200, headers=list(headers.items()))) or b"")
    gone = asyncio.ensure_future(reader.read())
    try:
        while True:
            coming = asyncio.ensure_future(anext(flow, None))
            await asyncio.wait({coming, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
                return
            if (chunk := coming.result()) is None:
                return  # without an end: X's streams just break off
            writer.write(wire.send(h11.Data(chunk)) or b"")
            await writer.drain()
    finally:
        gone.cancel()
        await flow.aclose()
