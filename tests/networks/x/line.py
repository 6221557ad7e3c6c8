"""A line to the simulator that can be cut: bytes are passed on as they are."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit


class Line:
    """Stands before `upstream` on a port of its own."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._server: asyncio.Server | None = None
        self._own_port = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.cutting = False
        """Break the lasting connections off in the middle of what comes next."""
        self.cuts = 0
        self.cut = asyncio.Event()

    @property
    def url(self) -> str:
        """Where the line begins."""
        return f"http://127.0.0.1:{self._own_port}"

    async def open(self) -> None:
        """Take connections; always on the same port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._own_port)
        self._own_port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Take no more, and cut those there are."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server:
            await self._server.wait_closed()

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
        upstream, sender = await asyncio.open_connection(self._host, self._port)
        lasting = asyncio.Event()
        upward = asyncio.create_task(_ask(reader, sender, lasting))
        try:
            while data := await upstream.read(65536):
                if lasting.is_set() and self.cutting and not data.startswith(b"HTTP/"):
                    self.cuts += 1
                    self.cut.set()
                    writer.write(data[: len(data) // 2])
                    await writer.drain()
                    return
                writer.write(data)
                await writer.drain()
        finally:
            upward.cancel()
            sender.close()


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lasting: asyncio.Event
) -> None:
    """Pass requests on; `lasting` is set once one for a stream is among them."""
    with suppress(OSError):
        while data := await reader.read(65536):
            if b"/stream?" in data or b"/stream HTTP" in data:
                lasting.set()
            writer.write(data)
            await writer.drain()
