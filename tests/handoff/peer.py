"""Stands in for Zendesk, Zammad, Chatwoot and Salesforce, which run nowhere else than at theirs.

One memory of tickets behind the four APIs, as far as we call them, in the shapes that their makers
publish (developer.zendesk.com/api-reference, docs.zammad.org/en/latest/api,
developers.chatwoot.com/api-reference, developer.salesforce.com/docs/atlas.en-us.api_rest.meta).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from tests.handoff.dialects import ROUTES, Act, Case, Comment

__all__ = ["Case", "Comment", "Peer", "peering"]


class Peer:
    """The memory, and what goes wrong next: `lose` carries a writing call out and hangs up."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.contacts: list[dict[str, Any]] = []
        self.writes: list[str] = []
        self.answers: list[int] = []
        self.lose = 0
        self.token = "right"
        self.port = 0

    @property
    def url(self) -> str:
        """Its address, by name."""
        return f"http://localhost:{self.port}"

    def add(self, external: str, title: str, text: str, *, contact: int = 0) -> Case:
        """A new ticket."""
        case = Case(f"{7000 + len(self.cases)}", external, title, [Comment(text)], contact=contact)
        self.cases.append(case)
        return case

    def by(self, id_: str) -> Case | None:
        """The ticket with an id or an external id."""
        return next((one for one in self.cases if id_ in (one.id, one.external)), None)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request, answer it, close."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (f.split(": ", 1) for f in fields)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        method, target, _ = line.split(" ")
        status, said = self._answer(method, target, headers, body)
        if method != "GET":
            self.writes.append(f"{method} {urlsplit(target).path}")
            if self.lose and "oauth2" not in target:
                self.lose -= 1
                writer.close()
                return
        content = msgspec.json.encode(said)
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\n"
            "Content-Type: application/json\r\nConnection: close\r\n\r\n".encode()
            + content
        )
        await writer.drain()
        writer.close()

    def _answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, Any]:
        if self.answers and (status := self.answers.pop(0)) != 200:
            return status, {"error": "as asked"}
        parts = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        said = msgspec.json.decode(body) if body[:1] in (b"{", b"[") else {}
        for pattern, verb, act in self._routes():
            if verb == method and (found := re.fullmatch(pattern, unquote(parts.path))):
                if not self._signed(headers, parts.path):
                    return 401, {"error": "who are you?"}
                return act(found.groups(), query, said)
        return 404, {"error": "nothing here"}

    def _signed(self, headers: dict[str, str], path: str) -> bool:
        if "oauth2" in path:
            return True
        given = headers.get("authorization", "") + headers.get("api_access_token", "")
        return bool(given) and self.token == "right"

    def _routes(self) -> list[tuple[str, str, Act]]:
        return [(pattern, verb, bound(self)) for pattern, verb, bound in ROUTES]


@asynccontextmanager
async def peering() -> AsyncIterator[Peer]:
    """A peer while the block runs."""
    peer = Peer()
    server = await asyncio.start_server(peer.handle, "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        await server.wait_closed()
