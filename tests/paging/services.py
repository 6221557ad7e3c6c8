"""A server on loopback that pagers call: it speaks HTTP and JSON, and enough of Matrix."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

_MATRIX: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"/login$", {"access_token": "t", "home_server": "localhost", "user_id": "@care:localhost"}),
    (r"/joined_rooms", {"joined_rooms": []}),
    (r"/directory/room/", {"room_id": "!r:localhost"}),
    (r"/join", {"room_id": "!r:localhost"}),
    (r"/send/m.room.message", {"event_id": "$1"}),
)


class Told(msgspec.Struct):
    """One request."""

    method: str
    path: str
    body: Any


class Service:
    """What was told, oldest first; `answers` are used up one by one, then 200."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.answers: list[str] = []
        self.silent = False
        self.port = 0

    def address(self, scheme: str, rest: str = "secret-part") -> str:
        """An address of a service that stands here."""
        return f"{scheme}://localhost:{self.port}/{rest}"

    @property
    def words(self) -> list[str]:
        """What was said, head and body."""
        return [f"{one.body.get('title')}\n{one.body.get('message')}" for one in self.told]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request, answer it, close."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (f.split(": ", 1) for f in fields)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        method, path, _ = line.split(" ")
        self.told.append(Told(method, path, msgspec.json.decode(body) if body else None))
        if self.silent:
            await reader.read()  # until the caller gives up
            writer.close()
            return
        status = self.answers.pop(0) if self.answers else "200 OK"
        said = msgspec.json.encode(_answer(path))
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(said)}\r\nConnection: close\r\n\r\n".encode()
            + said
        )
        await writer.drain()
        writer.close()


def _answer(path: str) -> dict[str, Any]:
    return next((said for pattern, said in _MATRIX if re.search(pattern, path)), {"id": "1"})


@asynccontextmanager
async def serving() -> AsyncIterator[Service]:
    """A service while the block runs."""
    service = Service()
    server = await asyncio.start_server(service.handle, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.close()
        await server.wait_closed()
