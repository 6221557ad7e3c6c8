"""Both ears together: the stream, which is fast, and the lists, which miss nothing.

The stream is whichever way in is spoken here; the lists are asked beside it for as long as we
listen. They find what came in an outage, what the server holds back as "filtered", what was edited
and deleted without a word, and that a stream stands and tells nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any

from earful.networks.contract import Batch, Change, Ports, Post, Rejected, RetryLater
from earful.networks.mastodon.errors import NotUnderstood
from earful.networks.mastodon.events import (
    TOLD_OF,
    Event,
    from_event,
    from_notification,
    from_status,
)
from earful.networks.mastodon.following import Following
from earful.networks.mastodon.history import History, List
from earful.networks.mastodon.lines import Line
from earful.networks.mastodon.recheck import Recheck
from earful.networks.mastodon.session import Session
from earful.networks.mastodon.statuses import Statuses
from earful.networks.mastodon.translate import Where, instant

POLL_BESIDE = 15.0  # seconds between rounds while a stream stands
POLL_ALONE = 10.0
DEEP_EVERY = 40  # rounds, after which the conversations are read again
FIRST_LOOK_BACK = timedelta(minutes=15)
SLOWEST = 60.0
_REMEMBER = 20_000
_AT_ONCE = 200
_NOTIFICATIONS = List(
    "/api/v1/notifications",
    # Mastodon files what strangers write directly under "filtered": a help desk must see it.
    [*(("types[]", kind) for kind in TOLD_OF), ("include_filtered", "true")],
)
_ALL_NOTIFICATIONS = List("/api/v1/notifications")
"""For servers that take no such words: all kinds, of which we read those we know."""


class Listening:
    """One run of listening. `lines` are the ways to stream, in order; none to ask only."""

    def __init__(
        self,
        *,
        session: Session,
        statuses: Statuses,
        ports: Ports,
        where: Where,
        lines: list[Line],
        since: Mapping[str, Any] | None,
    ) -> None:
        self._ports, self._where = ports, where
        self._session, self._history = session, History(session)
        self._notifications = _NOTIFICATIONS
        self._cursor: dict[str, Any] = dict(since or {})
        self._recheck = Recheck(statuses, where, self._cursor.get("recent") or ())
        self._told: asyncio.Queue[tuple[tuple[Change, ...], dict[str, Any]]] = asyncio.Queue(500)
        self._seen: dict[tuple[str, str], None] = {}
        self._following = Following(lines, session, ports, self._hear)

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Batches for as long as it goes well. Raises what a person must know (Reauthorize)."""
        ears = [asyncio.create_task(self._poll())]
        if self._following.lines:
            ears.append(asyncio.create_task(self._following.run()))
        try:
            while True:
                changes = await self._gather(ears)
                yield Batch(tuple(changes), dict(self._cursor))
        finally:
            for ear in ears:
                ear.cancel()
            await asyncio.gather(*ears, return_exceptions=True)

    async def _gather(self, ears: list[asyncio.Task[None]]) -> list[Change]:
        """What was told meanwhile, in order; waits for the first. An ear's error comes through."""
        first = asyncio.ensure_future(self._told.get())
        try:
            await asyncio.wait([first, *ears], return_when=asyncio.FIRST_COMPLETED)
            for ear in ears:
                if ear.done():
                    ear.result()
            told = [await first]
        finally:
            first.cancel()
        while not self._told.empty() and len(told) < _AT_ONCE:
            told.append(self._told.get_nowait())
        for _, moved in told:
            self._cursor.update(moved)
        self._cursor["recent"] = self._recheck.known
        return [change for changes, _ in told for change in changes]

    async def _poll(self) -> None:
        rounds, tries = 0, 0
        while True:
            try:
                await self._round(first=rounds == 0, deep=rounds % DEEP_EVERY == 0)
            except NotUnderstood as error:
                if self._notifications is _ALL_NOTIFICATIONS:
                    await self._ports.tell(f"The server does not let us listen. {error}")
                    await self._ports.wait(SLOWEST)
                self._notifications = _ALL_NOTIFICATIONS
                continue
            except (RetryLater, Rejected) as error:
                tries = min(tries + 1, 8)
                after = SLOWEST
                if isinstance(error, RetryLater):
                    after = min(SLOWEST, max(error.after, 0.5 * 2**tries))
                else:
                    await self._ports.tell(f"The server does not let us listen. {error}")
                await self._ports.wait(after)
                continue
            if tries or not rounds:
                await self._ports.tell("")
            rounds, tries = rounds + 1, 0
            await self._ports.wait(POLL_BESIDE if self._following.stands else POLL_ALONE)

    async def _round(self, *, first: bool, deep: bool) -> None:
        """Ask all lists once, and tell what is new with the place from which to read on."""
        begun = self._session.clock() - FIRST_LOOK_BACK
        since = self._cursor.setdefault("since", begun.isoformat())
        own = List(f"/api/v1/accounts/{self._where.account_id}/statuses",
                   [("exclude_reblogs", "true")])  # fmt: skip
        for name, what in (("notifications", self._notifications), ("own", own)):
            now, floor = self._session.clock(), str(self._cursor.get(name) or "")
            pages = self._history.since(what, floor, instant(since, now), now)
            async with aclosing(pages) as found:
                async for page in found:
                    fresh = self._fresh(name, page.items, self._ports.now())
                    moved = {name: page.floor, "since": since} if page.floor else {"since": since}
                    if fresh or page.floor != self._cursor.get(name, ""):
                        await self._tell(fresh, moved)
        if deep:
            await self._tell(await self._conversations())
        again = [each for each in await self._recheck.look(self._ports.now()) if self._is_new(each)]
        await self._tell(again, always=first)

    def _fresh(self, name: str, items: list[dict[str, Any]], now: datetime) -> list[Change]:
        """What of a page was not told yet in this run."""
        read = from_notification if name == "notifications" else from_status
        fresh = []
        for item in items:
            for change in read(item, self._where, now):
                if self._is_new(change):
                    fresh.append(change)
                    if not item.get("filtered"):
                        self._following.missed(instant(item.get("created_at"), now))
        return fresh

    async def _conversations(self) -> list[Change]:
        """The last word of each of the newest direct conversations."""
        call = List("/api/v1/conversations")
        now = self._ports.now()
        after = instant(self._cursor["since"], now)
        found: list[Change] = []
        try:
            page = await self._history.newest(call)
        except (RetryLater, Rejected):  # not every server has them; the mentions are told anyway
            return []
        for conversation in page:
            status = conversation.get("last_status") or {}
            if instant(status.get("created_at"), now) >= after:
                found += from_status(status, self._where, now)
        return [change for change in found if self._is_new(change)]

    async def _hear(self, event: Event) -> None:
        changes = from_event(event, self._where, self._ports.now())
        await self._tell([change for change in changes if self._is_new(change)])

    async def _tell(
        self, changes: list[Change], moved: dict[str, Any] | None = None, *, always: bool = False
    ) -> None:
        self._recheck.note(changes)
        if changes or moved or always:
            await self._told.put((tuple(changes), moved or {}))

    def _is_new(self, change: Change) -> bool:
        """Whether this run has not told it yet. Saves work only: repeats are allowed."""
        kind = type(change).__name__
        if isinstance(change, Post):
            kind = change.edited_at.isoformat() if change.edited_at else "made"
        if (change.external_id, kind) in self._seen:
            return False
        while len(self._seen) >= _REMEMBER:
            self._seen.pop(next(iter(self._seen)))
        self._seen[(change.external_id, kind)] = None
        return True
