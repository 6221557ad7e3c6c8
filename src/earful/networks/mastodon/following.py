"""Follows a stream by the first way that is spoken; by the next when it is not, or stays silent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime, timedelta

from earful.networks.contract import Ports, RetryLater
from earful.networks.mastodon.events import Event
from earful.networks.mastodon.lines import Line, NotSpoken, follow
from earful.networks.mastodon.session import Session

SLOWEST = 60.0
SLOWEST_TURN = 600.0  # between trying all ways again
DEAF_AFTER = 2  # posts that a stream should have told and did not
DEAF_FOR = timedelta(minutes=10)
GRACE = timedelta(seconds=5)


class Following:
    """One run of streaming. `hear` is told each event."""

    def __init__(
        self,
        lines: list[Line],
        session: Session,
        ports: Ports,
        hear: Callable[[Event], Awaitable[None]],
    ) -> None:
        self.lines, self._session, self._ports, self._tell = lines, session, ports, hear
        self._since: datetime | None = None
        self._missed, self._spoke = 0, False
        self._deaf = asyncio.Event()

    @property
    def stands(self) -> bool:
        """Whether a stream is open now."""
        return self._since is not None

    def missed(self, at: datetime) -> None:
        """A post of the server's time `at` was found otherwise. Some that should have been streamed
        by then, and a stream that told nothing since, is left."""
        if self._since and self._since + GRACE < at < self._session.clock() - GRACE:
            self._missed += 1
            if self._missed >= DEAF_AFTER:
                self._deaf.set()

    async def run(self) -> None:
        """Stream for as long as we listen."""
        deaf: dict[Line, datetime] = {}
        number = failed = turns = 0
        while True:
            line, now = self.lines[number % len(self.lines)], self._ports.now()
            outcome = "not spoken" if deaf.get(line, now) > now else await self._hear(line)
            if outcome == "deaf":
                deaf[line] = self._ports.now() + DEAF_FOR
            if outcome == "broken":
                failed, turns = 1 if self._spoke else min(failed + 1, 8), 0
                await self._ports.wait(min(SLOWEST, 0.25 * 2**failed))
                continue
            number += 1
            if number % len(self.lines) == 0:
                await self._ports.wait(min(SLOWEST_TURN, SLOWEST * 2**turns))
                turns = min(turns + 1, 8)

    async def _hear(self, line: Line) -> str:
        """Stream by one way until it ends: `not spoken`, `broken`, or `deaf`."""
        self._deaf.clear()
        self._missed, self._spoke = 0, False
        reading = asyncio.create_task(self._read(line))
        silence = asyncio.create_task(self._deaf.wait())
        try:
            await asyncio.wait([reading, silence], return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                return "deaf"
            reading.result()
            return self._ended()
        except NotSpoken:
            return "not spoken"
        except RetryLater:
            return self._ended()
        finally:
            self._since = None
            for task in (reading, silence):
                task.cancel()
            await asyncio.gather(reading, silence, return_exceptions=True)

    async def _read(self, line: Line) -> None:
        async with aclosing(follow(line, await self._session.token())) as events:
            async for event in events:
                if event is None:
                    self._since = self._session.clock()
                    continue
                self._missed, self._spoke = 0, True
                await self._tell(event)

    def _ended(self) -> str:
        """What it means that a stream that stood is over: some let us in only to shut the door."""
        stood = self._since is not None and self._session.clock() > self._since + GRACE
        return "broken" if self._spoke or stood else "not spoken"
