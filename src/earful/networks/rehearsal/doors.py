"""The two ways into a rehearsal town: in this process, or over loopback."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from earful.networks.contract import Person, Rejected, RetryLater, Uncertain
from earful.networks.rehearsal.ledger import Entry
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
        try:
            return self.town.account(handle)
        except Refused as refusal:
            raise Rejected(str(refusal)) from refusal

    async def changes(self, handle: str, after: int, ledger: str) -> Page:
        """See Door."""
        now = self._now()
        try:
            self.town.advance(now)
            page = self.town.changes(handle, after, ledger)
            due = self.town.next_at(now)
        except OSError as error:
            self._leave()
            raise RetryLater(f"the rehearsal ledger cannot be kept: {error}") from error
        if not page.entries:
            pause = LOOKS_EVERY if due is None else (due - now).total_seconds()
            await self._wait(min(max(pause, 0.01), LOOKS_EVERY))
        return page

    async def publish(self, offer: Offer) -> Entry:
        """See Door. A disk that refuses leaves it open whether the post stands."""
        try:
            return self.town.publish(offer, self._now())
        except Refused as refusal:
            raise Rejected(str(refusal)) from refusal
        except OSError as error:
            self._leave()
            raise Uncertain(f"the rehearsal ledger could not be written: {error}") from error

    async def by_key(self, key: str) -> Entry | None:
        """See Door."""
        return self.town.by_key(key)

    async def post(self, id_: str) -> Entry | None:
        """See Door."""
        return self.town.post(id_)

    async def close(self) -> None:
        """See Door."""
        self._leave()

    def _leave(self) -> None:
        """Close the town; it is laid out again from the ledger when it is needed."""
        if "town" in self.__dict__:
            self.town.close()
            del self.town
