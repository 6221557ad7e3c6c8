"""A server of pictures with bad habits, on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.media.pictures import SVG, bomb, drawn

Answer = tuple[str, dict[str, str], bytes]
PICTURE = drawn("PNG", (60, 40))


def _ok(body: bytes, kind: str = "image/png") -> Answer:
    return "200 OK", {"content-type": kind}, body


class PictureServer:
    """Answers by path; remembers what it was asked. `down` makes it answer 503."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []
        self.down = False
        self._answers: dict[str, Callable[[], Answer]] = {
            "/picture": lambda: _ok(PICTURE, "text/html"),
            "/svg": lambda: _ok(SVG, "image/png"),
            "/bomb": lambda: _ok(bomb()),
            "/large": lambda: _ok(b"x" * 300_000),
            "/empty": lambda: _ok(b""),
            "/moved": lambda: ("302 Found", {"location": "/picture"}, b""),
            "/inside": lambda: ("302 Found", {"location": "http://10.1.2.3/secret"}, b""),
            "/file": lambda: ("302 Found", {"location": "file:///etc/passwd"}, b""),
            "/round": lambda: ("302 Found", {"location": "/round"}, b""),
            "/refused": lambda: ("403 Forbidden", {}, b""),
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one answer."""
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
            self.asked.append(path)
            await (self._drip(writer) if path == "/drip" else self._answer(path, writer))
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        made = self._answers.get(path, lambda: ("404 Not Found", {}, b""))
        status, headers, body = ("503 Away", {}, b"") if self.down else made()
        lines = [f"HTTP/1.1 {status}", *(f"{k}: {v}" for k, v in headers.items())]
        lines += [f"content-length: {len(body)}", "connection: close", "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    async def _drip(self, writer: asyncio.StreamWriter) -> None:
        """Each byte comes in time, and the last one never."""
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)


@asynccontextmanager
async def picture_server() -> AsyncIterator[PictureServer]:
    """Serve until the end."""
    made = PictureServer()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield made
    server.close()
