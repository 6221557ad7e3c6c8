"""A plain HTTP/1.1 client that costs little, so that the desk is measured and not the client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec


class Wire:
    """One kept connection to the desk, signed in by token."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self._reader, self._writer

    async def _send(self, method: str, path: str, body: Any) -> asyncio.StreamReader:
        reader, writer = await self._open()
        data = b"" if body is None else msgspec.json.encode(body)
        kind = "Content-Type: application/json\r\n" if data else ""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{kind}Content-Length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)
        return reader

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON. Raises OSError for anything but success."""
        reader = await self._send(method, path, body)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        answer = await _body(reader, head)
        if not head.startswith(b"http/1.1 2"):
            raise OSError(f"{method} {path}: {head[:13]!r} {answer[:300]!r}")
        return msgspec.json.decode(answer) if answer else None

    async def stream(self) -> AsyncIterator[bytes]:
        """The data of each packet of events, from now on. First comes b"", once it is open."""
        reader = await self._send("GET", "/api/v1/stream", None)
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise OSError(f"no stream: {head!r}")
        yield b""
        name = b""
        async for line in _lines(reader):
            if line.startswith(b"event: "):
                name = line[7:]
            elif line.startswith(b"data: ") and name == b"events":
                yield line[6:]

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if b"transfer-encoding: chunked" in head:
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return b"".join(parts)
    _, _, rest = head.partition(b"content-length:")
    return await reader.readexactly(int(rest.split(b"\r\n")[0])) if rest else b""


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Lines of a chunked body, until it ends or breaks off."""
    kept = b""
    while size := int(await reader.readline() or b"0", 16):
        kept += await reader.readexactly(size)
        await reader.readexactly(2)
        *whole, kept = kept.split(b"\n")
        for line in whole:
            yield line
