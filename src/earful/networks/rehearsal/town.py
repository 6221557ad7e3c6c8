"""The rehearsal network itself: a world, kept in a ledger. All instants are handed in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from earful.kit.text import graphemes
from earful.networks.contract import Person
from earful.networks.rehearsal import gossip
from earful.networks.rehearsal.dice import dice
from earful.networks.rehearsal.episodes import Scripts
from earful.networks.rehearsal.ledger import Entry, Ledger
from earful.networks.rehearsal.world import World

LENGTH = 280
PRIVATE_LENGTH = 1000
IMAGES = 4
SLEEPS_AFTER = timedelta(minutes=10)


class Refused(Exception):
    """The network does not take the post; the message says why."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a town is laid out. `rate` in posts per minute; `backlog` posts stand there at first."""

    seed: int = 1
    rate: float = 6.0
    handles: tuple[str, ...] = ("Northwind",)
    backlog: int = 25
    started_at: datetime | None = None
    ledger: Path | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A post that a brand account wants to publish; `alts` are its pictures' alt texts.

    `private` ones are read by `reader`, the person who wrote `parent`, alone.
    """

    handle: str
    text: str
    parent: str | None = None
    key: str = ""
    alts: tuple[str, ...] = ()
    language: str = ""
    private: bool = False
    reader: str = ""


class Page(msgspec.Struct, frozen=True):
    """Entries of the ledger named `ledger` up to `position` (a count of entries)."""

    entries: tuple[Entry, ...]
    position: int
    ledger: str


class Town:
    """Publishes, remembers and tells. Not idempotent by key unless `idempotent` is set."""

    def __init__(self, plan: Plan, now: datetime) -> None:
        self.handles = plan.handles
        self.idempotent = False
        start = plan.started_at or now
        self.ledger = Ledger(plan.ledger, seed=plan.seed, started_at=start)
        pace = min(max(6.0 / plan.rate, 0.05), 2.0) if plan.rate > 0 else 1.0
        world = {} if not self.ledger.durable else {"catch_up_for": SLEEPS_AFTER}
        self.world = World(
            Scripts(self.ledger.header, plan.handles, pace),
            rate=plan.rate,
            started_at=self.ledger.header.started_at,
            backlog=plan.backlog,
            **world,
        )
        self._applied = 0
        self._follow()

    def advance(self, now: datetime) -> None:
        """Let everything happen that is due by `now`."""
        self.ledger.sync()
        self._follow()
        if not self._is_due(now):
            return
        with self.ledger.locked():
            self._follow()
            happened = self.world.due(now)
            self.ledger.append(happened)
            self._applied += len(happened)

    def next_at(self, now: datetime) -> datetime | None:
        """When the town does something next of its own accord."""
        return self.world.next_at(now)

    def changes(self, handle: str, after: int, ledger: str, limit: int = 100) -> Page:
        """What `handle` has not been told yet. A position in another ledger counts as none.

        Posts of ours that carry a delivery key are left out: whoever sent them has the receipt.
        """
        known = ledger == self.ledger.header.ledger and 0 <= after <= len(self.ledger.entries)
        start = after if known else 0
        told: list[Entry] = []
        position = start
        for entry in self.ledger.entries[start:]:
            if len(told) >= limit:
                break
            position += 1
            if entry.to in ("", handle) and not (entry.own and entry.key):
                told.append(entry)
        return Page(tuple(told), position, self.ledger.header.ledger)

    def publish(self, offer: Offer, now: datetime) -> Entry:
        """Publish for a brand account. Raises Refused; OSError when the ledger cannot be kept."""
        self.advance(now)
        with self.ledger.locked():
            self._follow()
            if self.idempotent and (known := self.by_key(offer.key)):
                return known
            entry = self._own(offer, now)
            self.record([entry])
            return entry

    def by_key(self, key: str) -> Entry | None:
        """The first post that was published under `key`, unless it is gone."""
        self.ledger.sync()
        self._follow()
        found = self.world.by_key.get(key, []) if key else []
        return next((entry for entry in found if entry.id not in self.world.gone), None)

    def takes_private(self, person: str) -> bool:
        """Whether a person takes private messages from a brand: five in six do."""
        return dice(self.ledger.header.seed, "reach", person).random() < 5 / 6

    def remove(self, id_: str, now: datetime) -> None:
        """Take a brand's own post away; one that is gone is fine. Raises Refused for others'."""
        with self.ledger.locked():
            self._follow()
            found = self.post(id_)
            if found is None:
                return
            if not found.own:
                raise Refused("this is somebody else's post")
            self.record([Entry(kind="deletion", id=id_, at=now, to=found.to)])

    def post(self, id_: str) -> Entry | None:
        """The post as it stands now, or None when there is none or it is gone."""
        self.ledger.sync()
        self._follow()
        if id_ in self.world.gone:
            return None
        return self.world.posts.get(id_) or gossip.find(self.ledger.header, self.handles[0], id_)

    def heard(self, after: int, now: datetime) -> tuple[Entry, ...]:
        """What is said of the brand, but not to it, since the post called `after`."""
        return gossip.heard(self.ledger.header, self.handles[0], now, after)

    def account(self, handle: str) -> Person:
        """The brand account `handle`. Raises Refused when the town has none of that name."""
        if handle not in self.handles:
            raise Refused(f"there is no account @{handle} here; there are: {self.handles}")
        return Person(external_id=f"brand-{handle.casefold()}", handle=handle, name=handle)

    def record(self, entries: Iterable[Entry]) -> None:
        """Append `entries` and let the world know. Call it inside `ledger.locked()`."""
        self.ledger.append(list(entries))
        self._follow()

    def new_id(self, kind: str) -> str:
        """An id for a post that no script plays. Call it inside `ledger.locked()`."""
        return f"{self.ledger.header.town}-{kind}-{len(self.ledger.entries):06d}"

    def close(self) -> None:
        """Let go of the ledger."""
        self.ledger.close()

    def _own(self, offer: Offer, now: datetime) -> Entry:
        author = self.account(offer.handle)
        if not offer.text.strip() and not offer.alts:
            raise Refused("the post is empty")
        limit = PRIVATE_LENGTH if offer.private else LENGTH
        if (length := graphemes(offer.text)) > limit:
            raise Refused(f"the post is {length} long; {limit} is the limit")
        if offer.private and not self.takes_private(offer.reader):
            raise Refused("this person takes private messages only from those they follow")
        if len(offer.alts) > IMAGES:
            raise Refused(f"{len(offer.alts)} pictures; {IMAGES} are allowed")
        if not all(alt.strip() for alt in offer.alts):
            raise Refused("a picture has no alt text")
        parent = self.post(offer.parent) if offer.parent else None
        if offer.parent and parent is None:
            raise Refused("the post you answer is gone")
        return Entry(
            kind="post",
            id=self.new_id("own"),
            at=now,
            person=author.external_id,
            handle=author.handle,
            name=author.name,
            text=offer.text,
            to=offer.handle,
            parent=offer.parent,
            root=(parent.root or parent.id) if parent else None,
            own=True,
            key=offer.key,
            language=offer.language,
            alts=offer.alts,
            private=offer.private,
            reader=offer.reader,
        )

    def _is_due(self, now: datetime) -> bool:
        at = self.world.next_at(now)
        return at is not None and at <= now

    def _follow(self) -> None:
        """Tell the world what was appended, by us or by another process."""
        entries = self.ledger.entries
        while self._applied < len(entries):
            self.world.apply(entries[self._applied])
            self._applied += 1
