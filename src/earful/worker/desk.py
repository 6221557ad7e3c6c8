"""What every loop of a worker shares: the database, the clock, the vault, connectors and waking."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog

from earful.accounts.secrets import Keyring
from earful.desk.ports import open_connector
from earful.kit.addresses import Guard
from earful.kit.clock import Clock
from earful.media.files import MediaStore
from earful.networks.contract import Connector
from earful.store.pool import Database
from earful.stream.work import WAKE, Works
from earful.worker.names import own_name

log = structlog.get_logger()
LONGEST_WAIT = 30.0
"""Seconds after which every loop looks again, even if nothing woke it."""
LULL = 0.1
"""Seconds in which what happens is looked for once, by loops that nobody waits for."""


class Shared:
    """Handed to each loop."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keyring: Keyring,
        media: MediaStore,
        *,
        guard: Guard | None = None,
        data_dir: Path | None = None,
        public_url: str = "",
    ) -> None:
        self.name = own_name(id(self))
        """Who holds the leases of this worker."""
        self.database = database
        self.clock = clock
        self.keyring = keyring
        self.media = media
        self.data_dir = data_dir
        self.public_url = public_url
        """Where networks can call the desk; empty where they can't."""
        self.guard = guard or Guard()
        """Which addresses may be called that strangers chose."""
        self.works = Works(database, clock, keyring)
        self.counts: Counter[str] = Counter()
        """What it has done since it began, by name, for the figures."""
        self.stopping = asyncio.Event()
        self._wakers: set[asyncio.Event] = set()

    def waker(self) -> asyncio.Event:
        """An event that is set whenever the database says that something happened."""
        event = asyncio.Event()
        self._wakers.add(event)
        return event

    def wake(self) -> None:
        """Set all wakers."""
        for event in self._wakers:
            event.set()

    async def workspaces(self) -> list[str]:
        """Ids of all workspaces."""
        async with self.database.acquire() as db:
            rows = await db.fetch("SELECT id FROM workspace ORDER BY id")
        return [row["id"] for row in rows]

    async def channel(self, workspace_id: str, channel_id: str) -> dict[str, Any]:
        """A channel's row."""
        async with self.database.acquire() as db:
            row = await db.fetchrow(
                "SELECT * FROM channel WHERE workspace_id = $1 AND id = $2",
                workspace_id,
                channel_id,
            )
        return dict(row) if row else {}

    @asynccontextmanager
    async def connector(self, row: dict[str, Any]) -> AsyncIterator[Connector]:
        """A connector for one piece of work, closed after it."""
        connector = open_connector(
            self.database, self.keyring, self.clock, row, self.public_url, media=self.media
        )
        try:
            yield connector
        finally:
            with contextlib.suppress(Exception):
                await connector.close()

    async def listen(self) -> None:
        """Hear NOTIFY and wake the loops; connect anew when the connection breaks."""
        while not self.stopping.is_set():
            try:
                await self._hear()
            except Exception as error:
                log.warning("wake-ups broken", error=type(error).__name__)
                await pause(self.stopping, 1.0)

    async def _hear(self) -> None:
        connection = await self.database.listen_connection()
        broken = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: broken.set())
            await connection.add_listener(WAKE, lambda *_: self.wake())
            self.wake()
            stop = asyncio.create_task(self.stopping.wait())
            gone = asyncio.create_task(broken.wait())
            await asyncio.wait({stop, gone}, return_when=asyncio.FIRST_COMPLETED)
            stop.cancel()
            gone.cancel()
        finally:
            await connection.close(timeout=2)


async def pause(event: asyncio.Event, seconds: float) -> None:
    """Wait until `event` is set, at most `seconds` (never more than LONGEST_WAIT).

    A little less by chance: loops that were woken together would else look again together for ever,
    and each hold a connection of its own for it.
    """
    longest = min(seconds, LONGEST_WAIT) * random.uniform(0.7, 1)  # noqa: S311
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), longest)


async def pause_calmly(event: asyncio.Event, seconds: float) -> None:
    """`pause`, and a lull after it.

    On a busy desk everything that happens wakes every loop; one look a tenth of a second is enough
    for letters, pictures and webhooks, and leaves the database to those who wait.
    """
    await pause(event, seconds)
    await asyncio.sleep(LULL)
