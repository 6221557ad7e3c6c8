"""The town of rehearsing customers as a pure state machine: entries in, due happenings out."""

from __future__ import annotations

import heapq
from datetime import datetime, timedelta

from earful.networks.rehearsal.dice import dice
from earful.networks.rehearsal.episodes import Due, Scripts
from earful.networks.rehearsal.ledger import Entry

BACKLOG_FOR = timedelta(minutes=20)
"""The posts that already stand there at the start are spread over so long a time before it."""


class World:
    """Knows what has happened (`apply`) and says what happens next (`due`).

    Everything follows from the seed, the start and the entries applied, so that a world fed from
    a ledger after a restart goes on as the one before it would have. `rate` is in posts per
    minute. After a break the town has slept: no more than `catch_up_for` of it is made up.
    """

    def __init__(
        self,
        scripts: Scripts,
        *,
        rate: float,
        started_at: datetime,
        backlog: int,
        catch_up_for: timedelta = timedelta(days=3650),
    ) -> None:
        self.posts: dict[str, Entry] = {}
        self.gone: set[str] = set()
        self.by_key: dict[str, list[Entry]] = {}
        self._scripts = scripts
        self._rate = rate
        self._started_at = started_at
        self._backlog = backlog
        self._catch_up_for = catch_up_for
        self._played: set[str] = set()
        self._turns: dict[str, int] = {}
        self._heap: list[tuple[datetime, str, Entry]] = []
        self._episode = 0
        self._last_at = started_at

    def apply(self, entry: Entry) -> None:
        """Take note of an entry of the ledger."""
        self._played.add(entry.mark)
        if entry.kind == "deletion":
            self.gone.add(entry.id)
            return
        if entry.kind == "again":
            return
        self.posts[entry.id] = entry
        if entry.kind == "edit":
            return
        if entry.own:
            self._answered(entry)
        elif entry.episode is not None:
            self._episode = entry.episode + 1
            self._last_at = max(self._last_at, entry.at)
            self._expect(*self._scripts.aftermath(entry))

    def due(self, now: datetime) -> list[Entry]:
        """What happens up to `now`, applied already, in the order in which it is delivered."""
        found: list[Entry] = []
        while (at := self.next_at(now)) is not None and at <= now:
            if self._heap and self._heap[0][0] <= at:
                entry = heapq.heappop(self._heap)[2]
                if entry.mark in self._played or entry.id in self.gone:
                    continue
            else:
                entry = self._scripts.opening(self._episode, at)
            self.apply(entry)
            found.append(entry)
        return found

    def next_at(self, now: datetime) -> datetime | None:
        """When something happens next; None if never, as long as nobody does anything."""
        opening = self._opening_at(now)
        scripted = self._heap[0][0] if self._heap else None
        instants = [at for at in (opening, scripted) if at is not None]
        return min(instants) if instants else None

    def _opening_at(self, now: datetime) -> datetime | None:
        die = dice(self._scripts.seed, "gap", self._episode)
        if self._episode < self._backlog:
            share = (self._episode + die.random()) / self._backlog
            return self._started_at - BACKLOG_FOR * (1 - share)
        if self._rate <= 0:
            return None
        gap = min(max(die.expovariate(1.0), 0.1), 4.0) * 60.0 / self._rate
        at = self._last_at + timedelta(seconds=round(gap, 3))
        return max(at, now - self._catch_up_for)

    def _answered(self, reply: Entry) -> None:
        if reply.key:
            self.by_key.setdefault(reply.key, []).append(reply)
        asked = self.posts.get(reply.parent or "")
        opening = self.posts.get(reply.root or "")
        if asked is None or opening is None or opening.episode is None:
            return
        if asked.own:  # we followed up on ourselves: the customer of the story reads it
            asked = opening
        turn = self._turns.get(opening.id, 0)
        self._turns[opening.id] = turn + 1
        self._expect(*self._scripts.reaction(opening, asked, reply, turn))

    def _expect(self, *happenings: Due) -> None:
        for at, entry in happenings:
            heapq.heappush(self._heap, (at, entry.mark, entry))
