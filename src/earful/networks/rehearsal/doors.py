"""The two ways into a rehearsal town: in this process, or over loopback."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from earful.networks.contract import Person, Rejected, RetryLater, Uncertain
from earful.networks.rehearsal.ledger import Entry, NotALedger
from earful.networks.rehearsal.town import Offer, Page, Plan, Refused, Town

LOOKS_EVERY = 2.0
"""Seconds after which a waiting reader looks again, for other processes' posts."""


class Door(Protocol):
    """What the connector needs of a town. Raises the contract's errors only."""

    async def account(self, handle: str) -> Person:
        """The brand account `handle`."""

    async def changes(self, handle: str, after: int, ledger: str) -> Page:
        """The next changes, waited for; may be empty after a while."""

    async def publish(self, offer: Offer) -> Entry:
        """Publish once per call."""

    async def by_key(self, key: str) -> Entry | None:
        """The post published under a delivery key."""

    async def post(self, id_: str) -> Entry | None:
        """A post that still stands."""

    async def heard(self, after: int) -> tuple[Entry, ...]:
        """What is said of the brand, but not to it, since the post called `after`."""

    async def takes_private(self, person: str) -> bool:
        """Whether a person takes private messages from a brand."""

    async def remove(self, id_: str) -> None:
        """Take a brand's own post away."""

    async def close(self) -> None:
        """Let go."""


class LocalDoor:
    """A town inside this process; the ledger's file, if any, is shared with other processes."""

    def __init__(
        self, plan: Plan, now: Callable[[], datetime], wait: Callable[[float], Awaitable[None]]
    ) -> None:
        self._plan = plan
        self._now = now
        self._wait = wait

    @functools.cached_property
    def town(self) -> Town:
        """The town, laid out at first use, so that opening a channel touches nothing."""
        return Town(self._plan, self._now())

    async def account(self, handle: str) -> Person:
        """See Door. Raises Rejected when the account is unknown here."""
        with self._troubles(RetryLater):
            return self.town.account(handle)

    async def changes(self, handle: str, after: int, ledger: str) -> Page:
        """See Door."""
        now = self._now()
        with self._troubles(RetryLater):
            self.town.advance(now)
            page = self.town.changes(handle, after, ledger)
            due = self.town.next_at(now)
        if not page.entries:
            pause = LOOKS_EVERY if due is None else (due - now).total_seconds()
            await self._wait(min(max(pause, 0.01), LOOKS_EVERY))
        return page

    async def publish(self, offer: Offer) -> Entry:
        """See Door. A disk that refuses leaves it open whether the post stands."""
        with self._troubles(Uncertain):
            return self.town.publish(offer, self._now())

    async def by_key(self, key: str) -> Entry | None:
        """See Door."""
        with self._troubles(RetryLater):
            return self.town.by_key(key)

    async def post(self, id_: str) -> Entry | None:
        """See Door."""
        with self._troubles(RetryLater):
            return self.town.post(id_)

    async def heard(self, after: int) -> tuple[Entry, ...]:
        """See Door."""
        with self._troubles(RetryLater):
            return self.town.heard(after, self._now())

    async def takes_private(self, person: str) -> bool:
        """See Door."""
        with self._troubles(RetryLater):
            return self.town.takes_private(person)

    async def remove(self, id_: str) -> None:
        """See Door."""
        with self._troubles(Uncertain):
            self.town.remove(id_, self._now())

    async def close(self) -> None:
        """See Door."""
        self._leave()

    @contextmanager
    def _troubles(self, disk: type[RetryLater] | type[Uncertain]) -> Iterator[None]:
        """Say what goes wrong in the contract's words; `disk` is what a failing disk means."""
        try:
            yield
        except Refused as refusal:
            raise Rejected(str(refusal)) from refusal
        except NotALedger as error:
            raise Rejected(f"{self._plan.ledger}: {error}") from error
        except OSError as error:
            self._leave()
            raise disk(f"the rehearsal ledger cannot be kept: {error}") from error

    def _leave(self) -> None:
        """Close the town; it is laid out again from the ledger when it is needed."""
        if "town" in self.__dict__:
            self.town.close()
            del self.town
