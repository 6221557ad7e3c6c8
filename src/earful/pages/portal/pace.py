"""How fast strangers may write: by address, by talk and by portal, by all processes together.

In calm a form that was open for some seconds is taken. In a flood (more new talks than `calm`
takes) whoever has script does a small sum first; whoever has none waits longer and shares a slow
lane. Beyond `most` nothing new is taken for the moment, and the page says so. Who has a talk
already goes on writing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from earful.accounts.pace import SharedPace, is_marked, mark
from earful.pages.portal.ticket import Ticket, worked
from earful.store.pool import Connection, Database

QUICKEST = timedelta(seconds=2)
"""Nobody reads the form and fills it in faster."""
WITHOUT_SCRIPT = timedelta(seconds=20)
_FLOOD = "portal.flood"
BITS = 14
"""Of the sum: some 16,000 digests, less than a second in a browser."""
STREAMS = 2000
"""Of one process, as is how many there are of an address: they are what a process holds open."""
STREAMS_EACH = 20


class Held(Exception):
    """A message that is not taken now. `word` names the text, `wait` is in seconds."""

    def __init__(self, word: str, wait: float, status: int = 429) -> None:
        super().__init__(word)
        self.word, self.wait, self.status = word, wait, status


class PortalPace:
    """The buckets. `requests` is how many pages an address opens at once."""

    def __init__(self, database: Database, *, requests: float = 120) -> None:
        self._database = database
        self._buckets = {
            "requests": SharedPace("portal.requests", per_second=5, burst=requests),
            "addresses": SharedPace("portal.addresses", per_second=1 / 60, burst=8),
            "texts": SharedPace("portal.texts", per_second=1 / 600, burst=1),
            "talks": SharedPace("portal.talks", per_second=1 / 10, burst=10),
            "letters": SharedPace("portal.letters", per_second=1 / 600, burst=4),
            "calm": SharedPace("portal.calm", per_second=1, burst=40),
            "slow": SharedPace("portal.slow", per_second=1 / 10, burst=5),
            "most": SharedPace("portal.most", per_second=10, burst=100),
        }
        self.streams: dict[str, int] = {}

    async def take(self, bucket: str, key: str, now: datetime, cost: float = 1) -> float:
        """Take from a bucket. Returns the seconds to wait instead when it is empty, or 0."""
        return await self._buckets[bucket].take(self._database, key, now, cost)

    async def flooded(self, db: Connection, portal: str, now: datetime) -> bool:
        """Whether a flood is on, or was within the last minute."""
        return await is_marked(db, _FLOOD, portal, now)

    async def admit(
        self, portal: str, address: str, ticket: Ticket, work: str, now: datetime
    ) -> None:
        """Let a new talk in, or raise Held."""
        if (age := ticket.age(now)) < QUICKEST:
            raise Held("quick", (QUICKEST - age).total_seconds())
        if wait := await self.take("addresses", f"{portal} {address}", now):
            raise Held("often", wait)
        rising = await self.take("calm", portal, now)
        async with self._database.acquire() as db:
            if rising:
                await mark(db, _FLOOD, portal, now + timedelta(minutes=1))
            flooded = rising or await self.flooded(db, portal, now)
        if flooded:
            await self._through_the_flood(portal, ticket, work, now)

    async def _through_the_flood(
        self, portal: str, ticket: Ticket, work: str, now: datetime
    ) -> None:
        lane = "most" if worked(ticket, work, BITS) else "slow"
        if lane == "slow" and (age := ticket.age(now)) < WITHOUT_SCRIPT:
            raise Held("flood", (WITHOUT_SCRIPT - age).total_seconds())
        if wait := await self.take(lane, portal, now):
            raise Held("flood", max(wait, 5.0))
