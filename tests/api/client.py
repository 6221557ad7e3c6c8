"""A client of the API, and of its stream, without a network between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import msgspec
from litestar import Litestar

API = "/api/v1"


class Client:
    """Sends the given headers with each request."""

    def __init__(self, app: Litestar, headers: dict[str, str]) -> None:
        self.app, self.headers = app, headers
        transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
        self.http = httpx.AsyncClient(
            transport=transport, base_url="http://desk.test", headers=headers
        )

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """One request; a body that is no bytes goes as JSON."""
        if isinstance(body, bytes):
            more["content"] = body
        elif body is not None:
            more["json"] = body
        return await self.http.request(method, API + path, **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """GET."""
        return await self.ask("GET", path, **more)

    async def put(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """PUT."""
        return await self.ask("PUT", path, body, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """POST."""
        return await self.ask("POST", path, body, **more)

    async def delete(self, path: str, **more: Any) -> httpx.Response:
        """DELETE."""
        return await self.ask("DELETE", path, **more)

    async def patch_inbox(self, inbox_id: str, agent_ids: list[str]) -> httpx.Response:
        """Say who works in an inbox."""
        return await self.ask("PATCH", f"/inboxes/{inbox_id}", {"agent_ids": agent_ids})

    @asynccontextmanager
    async def stream(self, query: str = "", **headers: str) -> AsyncIterator[Stream]:
        """The event stream, left at the end as a browser leaves."""
        stream = Stream()
        named = {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": f"{API}/stream",
            "raw_path": f"{API}/stream".encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in named.items()],
            "client": ("127.0.0.1", 1),
            "server": ("desk.test", 80),
            "state": {},
        }
        task = asyncio.ensure_future(self.app(cast(Any, scope), stream.receive, stream.send))
        try:
            yield stream
        finally:
            stream.left.set()
            done, _ = await asyncio.wait({task}, timeout=2)
            if not done:
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class Stream:
    """The browser's end of a stream."""

    def __init__(self) -> None:
        self.left = asyncio.Event()
        self.status = 0
        self.headers: dict[str, str] = {}
        self._frames: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
        self._buffer = ""
        self._asked = False

    async def receive(self) -> Any:
        """ASGI: the request, later that the browser has left."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """ASGI: what the application answers."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode().lower(): v.decode() for k, v in message["headers"]}
            return
        self._buffer += message.get("body", b"").decode()
        while "\n\n" in self._buffer:
            frame, self._buffer = self._buffer.split("\n\n", 1)
            await self._frames.put(_parse(frame))

    async def next(self, name: str | None = None) -> tuple[str, str, Any]:
        """The next frame (of that name): its name, id and data. Within five seconds."""
        while True:
            kind, key, data = await asyncio.wait_for(self._frames.get(), 5)
            if kind == name or (name is None and kind not in ("", "beat")):
                return kind, key, msgspec.json.decode(data) if data else None

    def quiet(self) -> bool:
        """Whether nothing was said that was not yet read."""
        return self._frames.empty()

    async def events(self, until: int) -> list[dict[str, Any]]:
        """Events up to the sequence number `until`."""
        found: list[dict[str, Any]] = []
        seq = 0
        while seq < until:
            _, key, data = await self.next("events")
            seq = int(key)
            found += data
        return found


def _parse(frame: str) -> tuple[str, str, str]:
    if frame.startswith(":"):
        return "beat", "", ""
    fields = dict(line.split(": ", 1) for line in frame.split("\n") if ": " in line)
    return fields.get("event", ""), fields.get("id", ""), fields.get("data", "")
