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

from earful.networks.contract import Batch, Change, Ports, Post, RetryLater
from earful.networks.mastodon.events import TOLD_OF, from_event, from_notification, from_status
from earful.networks.mastodon.history import History, List
from earful.networks.mastodon.lines import Line, NotSpoken, follow
from earful.networks.mastodon.recheck import Recheck
from earful.networks.mastodon.session import Session
from earful.networks.mastodon.statuses import Statuses
from earful.networks.mastodon.translate import Where, instant

POLL_BESIDE = 15.0  # seconds between rounds while a stream stands
POLL_ALONE = 10.0
DEEP_EVERY = 40  # rounds, after which the conversations are read again
FIRST_LOOK_BACK = timedelta(minutes=15)
SLOWEST = 60.0
DEAF_AFTER = 2  # posts that a stream should have told and did not
DEAF_FOR = timedelta(minutes=10)
_GRACE = timedelta(seconds=5)
_REMEMBER = 20_000
_AT_ONCE = 200
_NOTIFICATIONS = List(
    "/api/v1/notifications",
    # Mastodon files what strangers write directly under "filtered": a help desk must see it.
    [*(("types[]", kind) for kind in TOLD_OF), ("include_filtered", "true")],
)


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
        self._session, self._ports, self._where, self._lines = session, ports, where, lines
        self._history = History(session)
        self._cursor: dict[str, Any] = dict(since or {})
        self._recheck = Recheck(statuses, where, self._cursor.get("recent") or ())
        self._told: asyncio.Queue[tuple[tuple[Change, ...], dict[str, Any]]] = asyncio.Queue(500)
        self._seen: dict[tuple[str, str], None] = {}
        self._stands_since: datetime | None = None
        self._missed = 0
        self._deaf = asyncio.Event()

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Batches for as long as it goes well. Raises what a person must know (Reauthorize)."""
        ears = [asyncio.create_task(self._poll())]
        if self._lines:
            ears.append(asyncio.create_task(self._follow()))
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
        self._cursor.setdefault("since", (self._ports.now() - FIRST_LOOK_BACK).isoformat())
        while True:
            try:
                await self._round(first=rounds == 0, deep=rounds % DEEP_EVERY == 0)
            except RetryLater as error:
                tries += 1
                await self._ports.wait(min(SLOWEST, max(error.after, 0.5 * 2**tries)))
                continue
            rounds, tries = rounds + 1, 0
            await self._ports.wait(POLL_BESIDE if self._stands_since else POLL_ALONE)

    async def _round(self, *, first: bool, deep: bool) -> None:
        """Ask all lists once, and tell what is new with the place from which to read on."""
        since = self._cursor["since"]
        own = List(f"/api/v1/accounts/{self._where.account_id}/statuses",
                   [("exclude_reblogs", "true")])  # fmt: skip
        for name, what in (("notifications", _NOTIFICATIONS), ("own", own)):
            now, floor = self._ports.now(), str(self._cursor.get(name) or "")
            pages = self._history.since(what, floor, instant(since, now), now)
            async with aclosing(pages) as found:
                async for page in found:
                    fresh = self._fresh(name, page.items, now)
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
                    self._suspect(item, now)
        return fresh

    def _suspect(self, item: Mapping[str, Any], now: datetime) -> None:
        """Count what the stream should have told: made while it stood, and some seconds ago."""
        at, since = instant(item.get("created_at"), now), self._stands_since
        if since and not item.get("filtered") and since + _GRACE < at < now - _GRACE:
            self._missed += 1
            if self._missed >= DEAF_AFTER:
                self._deaf.set()

    async def _conversations(self) -> list[Change]:
        """The last word of each of the newest direct conversations."""
        call = List("/api/v1/conversations")
        now = self._ports.now()
        after = instant(self._cursor["since"], now)
        found: list[Change] = []
        try:
            page = await self._history.newest(call)
        except RetryLater:
            return []
        for conversation in page:
            status = conversation.get("last_status") or {}
            if instant(status.get("created_at"), now) >= after:
                found += from_status(status, self._where, now)
        return [change for change in found if self._is_new(change)]

    async def _follow(self) -> None:
        """Stream by the first way that is spoken; the next one when it is not, or stays silent."""
        deaf: dict[Line, datetime] = {}
        number = failed = 0
        while True:
            line = self._lines[number % len(self._lines)]
            if deaf.get(line, self._ports.now()) > self._ports.now():
                outcome = "not spoken"
            else:
                outcome = await self._hear(line)
            if outcome == "deaf":
                deaf[line] = self._ports.now() + DEAF_FOR
            if outcome == "broken":
                failed = min(failed + 1, 8)
                await self._ports.wait(min(SLOWEST, 0.25 * 2**failed))
                continue
            number += 1
            if number % len(self._lines) == 0:
                await self._ports.wait(SLOWEST)

    async def _hear(self, line: Line) -> str:
        """Stream by one way until it ends: `not spoken`, `broken`, or `deaf`."""
        self._deaf.clear()
        self._missed = 0
        reading = asyncio.create_task(self._read(line))
        silence = asyncio.create_task(self._deaf.wait())
        try:
            await asyncio.wait([reading, silence], return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                return "deaf"
            reading.result()
        except NotSpoken:
            return "not spoken"
        except RetryLater:
            return "broken"
        finally:
            self._stands_since = None
            for task in (reading, silence):
                task.cancel()
            await asyncio.gather(reading, silence, return_exceptions=True)
        return "broken"

    async def _read(self, line: Line) -> None:
        async with aclosing(follow(line, await self._session.token())) as events:
            async for event in events:
                now = self._ports.now()
                if event is None:
                    self._stands_since = now
                    continue
                self._missed = 0
                changes = from_event(event, self._where, now)
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
