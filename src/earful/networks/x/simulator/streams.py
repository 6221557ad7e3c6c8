"""Lasting connections: who listens to a stream, and what may be done to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from typing import Any

import msgspec

from earful.networks.x.simulator.plan import Plan
from earful.networks.x.simulator.problems import Trouble, blank
from earful.networks.x.simulator.wire import Answer

Render = Callable[[Any], dict[str, Any] | None]
DISCONNECT = {
    "errors": [
        {
            "title": "operational-disconnect",
            "disconnect_type": "UpstreamOperationalDisconnect",
            "detail": "This stream has been disconnected upstream for operational reasons.",
            "type": "https://api.twitter.com/2/problems/operational-disconnect",
        }
    ]
}


class Spoiling(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is done to all streams: `silent` loses what is told, and the signs of life too.

    Everything is told `repeat` times more; always `reorder` are held and told backwards.
    """

    silent: bool = False
    repeat: int = 0
    reorder: int = 0


class Connection(msgspec.Struct, kw_only=True):
    """One listener. What is queued is told; None ends it."""

    id: str
    endpoint: str
    connected_at: datetime
    render: Render
    queue: asyncio.Queue[bytes | None] = msgspec.field(default_factory=asyncio.Queue)
    disconnected_at: datetime | None = None
    reason: str = ""


class Streams:
    """All connections, of now and before. `opened` is set at every new one."""

    def __init__(self, plan: Plan, now: Callable[[], datetime]) -> None:
        self._plan, self._now = plan, now
        self.connections: list[Connection] = []
        self.opened = asyncio.Event()
        self.spoiling = Spoiling()
        self._held: list[tuple[str, Any]] = []

    def active(self, endpoint: str = "") -> list[Connection]:
        """Those that last; at one endpoint, or at all."""
        return [
            one
            for one in self.connections
            if one.disconnected_at is None and endpoint in ("", one.endpoint)
        ]

    def open(self, id_: str, endpoint: str, most: int, render: Render) -> Answer:
        """The answer that lasts. Raises Trouble (429) when there are too many."""
        if len(self.active(endpoint)) >= most:
            answer = blank(
                429,
                "This stream is currently at the maximum allowed connection limit.",
                connection_issue="TooManyConnections",
            )
            problem = "https://api.twitter.com/2/problems/streaming-connection"
            named = {"title": "ConnectionException", "type": problem}
            raise Trouble(msgspec.structs.replace(answer, body=answer.body | named))
        connection = Connection(id=id_, endpoint=endpoint, connected_at=self._now(), render=render)
        self.connections.append(connection)
        self.opened.set()
        return Answer(200, flow=self._flow(connection))

    def tell(self, endpoint: str, thing: Any) -> None:
        """Tell everybody who listens at `endpoint`."""
        if self.spoiling.silent:
            return
        self._held.append((endpoint, thing))
        if len(self._held) >= self.spoiling.reorder:
            self.flush()

    def flush(self) -> None:
        """Tell what was held, the last first."""
        held, self._held = self._held, []
        for endpoint, thing in reversed(held):
            for connection in self.active(endpoint):
                said = connection.render(thing)
                if said is not None:
                    for _ in range(1 + self.spoiling.repeat):
                        connection.queue.put_nowait(msgspec.json.encode(said) + b"\r\n")

    def spoil(self, spoiling: Spoiling) -> None:
        """Change what is done to the streams."""
        self.spoiling = spoiling
        self.flush()

    def end(self, connection: Connection, reason: str, *, said: bool = False) -> None:
        """Disconnect; where `said`, with X's last words."""
        if said:
            connection.queue.put_nowait(msgspec.json.encode(DISCONNECT) + b"\r\n")
        connection.queue.put_nowait(None)
        self._gone(connection, reason)

    async def _flow(self, connection: Connection) -> AsyncGenerator[bytes]:
        try:
            while True:
                try:
                    async with asyncio.timeout(self._plan.keep_alive):
                        said = await connection.queue.get()
                except TimeoutError:
                    said = b"\r\n"
                if said is None:
                    return
                if not self.spoiling.silent:
                    yield said
        finally:
            self._gone(connection, "client")

    def _gone(self, connection: Connection, reason: str) -> None:
        if connection.disconnected_at is None:
            connection.disconnected_at, connection.reason = self._now(), reason
