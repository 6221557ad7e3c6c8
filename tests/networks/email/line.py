"""A line before the IMAP server that can be cut in the middle of what it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.networks.email.serving import serving


class Line:
    """Passes bytes on. While `cut`, whatever the server says next is cut in half."""

    def __init__(self, upstream: int) -> None:
        self._upstream, self.port = upstream, 0
        self.cut = False
        self.struck = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        upstream, sender = await asyncio.open_connection("127.0.0.1", self._upstream)
        up = asyncio.create_task(_copy(reader, sender))
        try:
            while data := await upstream.read(65536):
                cut = self.cut
                writer.write(data[: len(data) // 2] if cut else data)
                await writer.drain()
                if cut:
                    self.struck.set()
                    return
        finally:
            up.cancel()
            sender.close()

    @asynccontextmanager
    async def cutting(self) -> AsyncIterator[None]:
        """Cut for a while; done when it struck, and the line is whole again soon."""
        self.cut = True
        self.struck.clear()

        async def mend() -> None:
            await self.struck.wait()
            self.cut = False

        mending = asyncio.create_task(mend())
        yield
        await mending


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def line_to(port: int) -> AsyncIterator[Line]:
    """A line to a port of this machine."""
    line = Line(port)
    async with serving(line.serve) as line.port:
        yield line
