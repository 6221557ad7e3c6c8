"""A server on loopback that keeps what it is told, and answers as asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec


class Told(msgspec.Struct):
    """One request."""

    line: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """What was told, oldest first; `answers` are used up one by one, then 200."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.answers: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        """Its address, by name, so that the name has to be resolved."""
        return f"http://localhost:{self.port}/hook"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request, answer it, close."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (f.split(": ", 1) for f in fields)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.told.append(Told(line, headers, body))
        said = self.answers.pop(0) if self.answers else "200 OK"
        writer.write(f"HTTP/1.1 {said}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver while the block runs."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.handle, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        await server.wait_closed()
