"""Tells the pages that are open in this process when something new stands in their talk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import structlog

from earful.store.pool import Database

log = structlog.get_logger()
RING = "earful_portal"
"""The NOTIFY channel; the payload is the talk's id."""


class Bell:
    """Open pages by talk. One LISTEN connection, from the first page that opens on."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None
        self.stopped = False

    def size(self) -> int:
        """How many pages are open."""
        return sum(map(len, self._waiting.values()))

    @contextmanager
    def at(self, thread_id: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever something new is there."""
        event = asyncio.Event()
        self._waiting.setdefault(thread_id, set()).add(event)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        try:
            yield event
        finally:
            group = self._waiting[thread_id]
            group.discard(event)
            if not group:
                del self._waiting[thread_id]

    async def stop(self) -> None:
        """Let all pages go: whoever waits is woken, and sees `stopped`."""
        self.stopped = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.ring_all()

    def ring_all(self) -> None:
        """Have every open page look again."""
        for thread_id in list(self._waiting):
            self._ring(thread_id)

    def _ring(self, thread_id: str) -> None:
        for event in self._waiting.get(thread_id, ()):
            event.set()

    async def _listen(self) -> None:
        while True:
            connection: asyncpg.Connection[Any] | None = None
            try:
                connection = await self._database.listen_connection()
                broken = asyncio.Event()
                connection.add_termination_listener(lambda _, event=broken: event.set())
                await connection.add_listener(RING, lambda *args: self._ring(args[3]))
                self.ring_all()  # what came while nobody listened
                await broken.wait()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("portal wake-ups broken", error=type(error).__name__)
            finally:
                if connection is not None:
                    with contextlib.suppress(Exception):
                        await connection.close(timeout=1)
            await asyncio.sleep(0.5)
