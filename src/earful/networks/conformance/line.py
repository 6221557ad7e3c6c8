"""A line that can be disturbed: a small HTTP and WebSocket proxy in front of a real server.

The server behind it is real; only the faults of the network between are made here, because no
server loses its own answers on request. Requests are passed on one to a connection, unchanged but
for `Connection: close`. Faults strike only requests whose path contains `strikes`, and (for
CUT_STREAM) WebSocket connections and requests whose path contains `listens`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from earful.networks.conformance.harness import Fault

_LIMITED = "HTTP/1.1 429 Too Many Requests\r\nratelimit-limit: 10\r\nratelimit-remaining: 0\r\n"
_BROKEN = "HTTP/1.1 500 Internal Server Error\r\n"
_END = "Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


class FaultyLine:
    """Stands before `upstream` (http://HOST:PORT) on a port of its own."""

    def __init__(self, upstream: str, strikes: str, listens: str = "") -> None:
        parts = urlsplit(upstream)
        self._host, self._port = parts.hostname or "localhost", parts.port or 80
        self._strikes, self._listens = strikes.encode(), listens.encode()
        self._fault: Fault | None = None
        self._server: asyncio.Server | None = None
        self._own_port = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.struck = 0

    @property
    def url(self) -> str:
        """Where the line begins."""
        return f"http://127.0.0.1:{self._own_port}"

    async def open(self) -> None:
        """Take connections; always on the same port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._own_port)
        self._own_port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Take no more connections, and cut those there are."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server:
            await self._server.wait_closed()

    @asynccontextmanager
    async def fault(self, fault: Fault) -> AsyncIterator[None]:
        """Disturb the line for a while. Raises AssertionError if nothing was struck by it."""
        self._fault, before = fault, self.struck
        if fault is Fault.UNREACHABLE:
            await self.close()
        try:
            yield
        finally:
            self._fault = None
            if fault is Fault.UNREACHABLE:
                await self.open()
        if fault is not Fault.UNREACHABLE and self.struck == before:
            raise AssertionError(f"the fault struck nothing: {fault}")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection is served in a task")
        self._tasks.add(task)
        try:
            await self._pass_on(reader, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, OSError):
            pass  # either side went away, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"upgrade: websocket" in head.lower():
            await self._pipe(head, reader, writer)
            return
        body = await reader.readexactly(_length(head))
        fault = self._struck_by(head.split(b"\r\n", 1)[0])
        self.struck += fault is not None
        if fault is Fault.HANGS:
            await reader.read()  # until the other side gives up
        elif fault in (Fault.BROKEN, Fault.LIMITED):
            reset = f"ratelimit-reset: {int(time.time()) + 30}\r\n"
            start = _BROKEN if fault is Fault.BROKEN else _LIMITED + reset
            writer.write((start + _END).encode())
            await writer.drain()
        else:
            answer = await self._ask(head, body)
            if fault is Fault.HALF_ANSWER:
                answer = answer[: answer.index(b"\r\n\r\n") + 4 + 10]
            if fault is not Fault.LOST_ANSWER:
                writer.write(answer)
                await writer.drain()

    def _struck_by(self, request: bytes) -> Fault | None:
        """What goes wrong with a request."""
        if self._fault is Fault.CUT_STREAM:
            if not self._listens or self._listens not in request:
                return None
            self._fault = None  # once: whoever asks again is answered
            return Fault.HALF_ANSWER
        return self._fault if self._strikes in request else None

    async def _ask(self, head: bytes, body: bytes) -> bytes:
        upstream, sender = await asyncio.open_connection(self._host, self._port)
        try:
            lines = [
                line
                for line in head.rstrip(b"\r\n").split(b"\r\n")
                if not line.lower().startswith(b"connection:")
            ]
            sender.write(b"\r\n".join([*lines, b"Connection: close", b"", b""]) + body)
            await sender.drain()
            return await upstream.read()
        finally:
            sender.close()

    async def _pipe(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        upstream, sender = await asyncio.open_connection(self._host, self._port)
        sender.write(head)
        upward = asyncio.create_task(_copy(reader, sender))
        try:
            while data := await upstream.read(65536):
                if self._fault is Fault.CUT_STREAM and not data.startswith(b"HTTP/"):
                    self.struck += 1
                    writer.write(data[: len(data) // 2])
                    await writer.drain()
                    return
                writer.write(data)
                await writer.drain()
        finally:
            upward.cancel()
            sender.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":", 1)[1])
    return 0
