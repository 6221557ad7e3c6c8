"""The bytes of IMAP (RFC 3501): lines with literals in them, read by one task, and no more of them
than we asked for."""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import suppress
from typing import Literal

import msgspec

from earful.networks.contract import RetryLater

Security = Literal["tls", "starttls", "none"]
LONGEST_LINE = 16_000_000
"""Bytes: a search in a full mailbox answers with all its numbers on one line."""
MOST_LITERAL = 64_000_000
_LITERAL = re.compile(rb"\{(\d{1,12})\+?\}\r?\n$")


class Place(msgspec.Struct, frozen=True):
    """A server. `answer_within` is the seconds it has for each step."""

    host: str
    port: int
    security: Security
    answer_within: float = 20.0


class Line(msgspec.Struct, frozen=True):
    """One response: its text, with each literal as `{n}` and the literals in order."""

    text: str
    literals: tuple[bytes, ...] = ()


class Wire:
    """One connection. What comes in is waited for in a queue, so that a wait may be given up."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._writer: asyncio.StreamWriter | None = None
        self._lines: asyncio.Queue[Line | Exception] = asyncio.Queue(50)
        self._pump: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect. Raises RetryLater."""
        context = ssl.create_default_context() if self._place.security == "tls" else None
        try:
            async with asyncio.timeout(self._place.answer_within):
                reader, self._writer = await asyncio.open_connection(
                    self._place.host, self._place.port, ssl=context, limit=LONGEST_LINE
                )
        except (OSError, TimeoutError, UnicodeError) as error:
            raise RetryLater(unreachable(self._place, error), after=10.0) from error
        self._pump = asyncio.create_task(self._read(reader))

    async def start_tls(self) -> None:
        """Go on under TLS; whatever was sent in plain before is forgotten."""
        if self._writer is None:
            raise RetryLater("The mailbox is not connected.", after=1.0)
        await self._stop()
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        protocol = asyncio.StreamReaderProtocol(reader)
        try:
            async with asyncio.timeout(self._place.answer_within):
                transport = await loop.start_tls(
                    self._writer.transport,
                    protocol,
                    ssl.create_default_context(),
                    server_hostname=self._place.host,
                )
        except (OSError, TimeoutError) as error:
            raise RetryLater(unreachable(self._place, error), after=60.0) from error
        if transport is None:
            raise RetryLater(f"{self._place.host} broke off.", after=10.0)
        protocol.connection_made(transport)
        self._writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        self._lines = asyncio.Queue(50)
        self._pump = asyncio.create_task(self._read(reader))

    async def send(self, data: bytes) -> None:
        """Write bytes. Raises RetryLater."""
        if self._writer is None:
            raise RetryLater("The mailbox is not connected.", after=1.0)
        try:
            self._writer.write(data)
            async with asyncio.timeout(self._place.answer_within):
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise RetryLater(f"{self._place.host} broke off.", after=2.0) from error

    async def line(self) -> Line:
        """The next response. Raises RetryLater when none comes in time, or the line broke."""
        found = await self.line_within(self._place.answer_within)
        if found is None:
            raise RetryLater(f"{self._place.host} does not answer.", after=5.0)
        return found

    async def line_within(self, seconds: float) -> Line | None:
        """The next response; None when none comes in time. Raises RetryLater."""
        try:
            async with asyncio.timeout(seconds):
                found = await self._lines.get()
        except TimeoutError:
            return None
        if isinstance(found, Exception):
            self._lines.put_nowait(found)  # whoever asks again hears it again
            raise RetryLater(f"{self._place.host} broke off ({found}).", after=1.0) from found
        return found

    async def close(self) -> None:
        """Let go."""
        await self._stop()
        if self._writer is not None:
            self._writer.close()
            with suppress(OSError, TimeoutError, ssl.SSLError):
                async with asyncio.timeout(1):
                    await self._writer.wait_closed()
            self._writer = None

    async def _stop(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
            self._pump = None

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                await self._lines.put(await self._one(reader))
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            await self._lines.put(error)

    async def _one(self, reader: asyncio.StreamReader) -> Line:
        text = ""
        literals: list[bytes] = []
        while True:
            piece = await reader.readuntil(b"\n")
            found = _LITERAL.search(piece)
            if found is None:
                return Line(text + _decoded(piece).rstrip("\r\n"), tuple(literals))
            size = int(found[1])
            if size > MOST_LITERAL:
                raise ValueError("it sent more than was asked for")
            text += _decoded(piece[: found.start()]) + "{}"
            literals.append(await reader.readexactly(size))


def _decoded(piece: bytes) -> str:
    return piece.decode("utf-8", "replace")


def unreachable(place: Place, error: BaseException) -> str:
    """Why a server can't be reached, in words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {place.host} is not trusted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        other = "STARTTLS" if place.security == "tls" else "TLS from the start"
        return f"TLS with {place.host} failed on port {place.port}. Does it want {other} there?"
    return f"Port {place.port} of {place.host} can't be reached ({type(error).__name__})."
