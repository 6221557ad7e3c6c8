"""A line between the desk and a network that can be cut and hung: bytes, whatever they say."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit


class Line:
    """Stands before `upstream` (http://127.0.0.1:PORT) on a port that stays the same."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._server: asyncio.Server | None = None
        self._own_port = 0
        self._flows: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._open.set()

    @property
    def url(self) -> str:
        """Where the line begins."""
        return f"http://127.0.0.1:{self._own_port}"

    async def open(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._own_port)
        self._own_port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Take none any more, and cut those there are, in the middle of whatever they carry."""
        if self._server is not None:
            self._server.close()
        for flow in self._flows:
            flow.cancel()
        await asyncio.gather(*self._flows, return_exceptions=True)

    async def cut(self, seconds: float) -> None:
        """Refuse connections for a while."""
        await self.close()
        await asyncio.sleep(seconds)
        await self.open()

    async def hang(self, seconds: float) -> None:
        """Carry nothing for a while; connections are taken and stay."""
        self._open.clear()
        await asyncio.sleep(seconds)
        self._open.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._flows.add(task)
        try:
            await self._carry(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # either side went away, or the line was cut
        finally:
            self._flows.discard(task)
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream, sender = await asyncio.open_connection(self._host, self._port)
        there = asyncio.create_task(self._copy(reader, sender))
        try:
            await self._copy(upstream, writer)
        finally:
            there.cancel()
            sender.close()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                await self._open.wait()
                if writer.is_closing():
                    return
                writer.write(data)
                await writer.drain()
