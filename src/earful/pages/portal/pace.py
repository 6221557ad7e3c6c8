"""How fast strangers may write: by address, by talk and by portal. Counted by each web process.

In calm a form that was open for some seconds is taken. In a flood (more new talks than `calm`
takes) whoever has script does a small sum first; whoever has none waits longer and shares a slow
lane. Beyond `most` nothing new is taken for the moment, and the page says so. Who has a talk
already goes on writing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from earful.kit.pace import Pace
from earful.pages.portal.ticket import Ticket, worked

QUICKEST = timedelta(seconds=2)
"""Nobody reads the form and fills it in faster."""
WITHOUT_SCRIPT = timedelta(seconds=20)
BITS = 14
"""Of the sum: some 16,000 digests, less than a second in a browser."""
STREAMS = 2000
STREAMS_EACH = 20


class Held(Exception):
    """A message that is not taken now. `word` names the text, `wait` is in seconds."""

    def __init__(self, word: str, wait: float, status: int = 429) -> None:
        super().__init__(word)
        self.word, self.wait, self.status = word, wait, status


class PortalPace:
    """The buckets of one web process."""

    def __init__(self) -> None:
        self.requests = Pace(per_second=5, burst=120)
        self.addresses = Pace(per_second=1 / 60, burst=8)
        self.texts = Pace(per_second=1 / 600, burst=1)
        self.talks = Pace(per_second=1 / 10, burst=10)
        self.letters = Pace(per_second=1 / 600, burst=4)
        self.calm = Pace(per_second=1, burst=40)
        self.slow = Pace(per_second=1 / 10, burst=5)
        self.most = Pace(per_second=10, burst=100)
        self.streams: dict[str, int] = {}
        self._flood_until: dict[str, datetime] = {}

    def flooded(self, portal: str, now: datetime) -> bool:
        """Whether a flood is on, or was within the last minute."""
        until = self._flood_until.get(portal)
        return until is not None and now < until

    def admit(self, portal: str, address: str, ticket: Ticket, work: str, now: datetime) -> None:
        """Let a new talk in, or raise Held."""
        if (age := ticket.age(now)) < QUICKEST:
            raise Held("quick", (QUICKEST - age).total_seconds())
        if wait := self.addresses.take((portal, address), now):
            raise Held("often", wait)
        if self.calm.take(portal, now):
            self._flood_until[portal] = now + timedelta(minutes=1)
        if self.flooded(portal, now):
            self._through_the_flood(portal, ticket, work, now)

    def _through_the_flood(self, portal: str, ticket: Ticket, work: str, now: datetime) -> None:
        lane = self.most if worked(ticket, work, BITS) else self.slow
        if lane is self.slow and (age := ticket.age(now)) < WITHOUT_SCRIPT:
            raise Held("flood", (WITHOUT_SCRIPT - age).total_seconds())
        if wait := lane.take(portal, now):
            raise Held("flood", max(wait, 5.0))
