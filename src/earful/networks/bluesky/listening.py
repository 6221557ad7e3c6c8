"""All ears together: firehose, notifications and chat, merged into batches with one cursor.

The firehose is fast and tells of deletions, edits and back-dated posts; the notifications miss
nothing that was addressed to us while we were away. Either may fail without the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, timedelta
from typing import Any

from earful.networks.bluesky.blobs import CDN, Pictures
from earful.networks.bluesky.chat import Chat
from earful.networks.bluesky.firehose import FutureCursor, follow
from earful.networks.bluesky.frames import Frame, Operation
from earful.networks.bluesky.notifications import Notifications
from earful.networks.bluesky.people import People
from earful.networks.bluesky.translate import Found, instant, to_change
from earful.networks.contract import (
    Batch,
    Change,
    Deletion,
    Person,
    Ports,
    Post,
    Rejected,
    RetryLater,
    Unreadable,
)

POLL_EVERY = 10.0  # seconds
TALK_EVERY = 5.0  # seconds
DEEP_EVERY = 60  # polls, after which one goes back by the deep margin again
MARGIN = timedelta(minutes=2)
DEEP_MARGIN = timedelta(hours=1)
FIRST_LOOK_BACK = timedelta(minutes=15)
SLOWEST = 60.0
_REMEMBER = 20_000
_AT_ONCE = 200


class Listening:
    """One run of listening. `firehose` is the URL, empty for none."""

    def __init__(
        self,
        *,
        firehose: str,
        our_did: str,
        people: People,
        notifications: Notifications,
        ports: Ports,
        since: Mapping[str, Any] | None,
        pictures: Pictures = CDN,
        chat: Chat | None = None,
    ) -> None:
        self._url, self._our_did, self._pictures = firehose, our_did, pictures
        self._chat = chat
        self._people, self._notifications, self._ports = people, notifications, ports
        self._cursor: dict[str, Any] = dict(since or {})
        self._told: asyncio.Queue[tuple[tuple[Change, ...], dict[str, Any]]] = asyncio.Queue(500)
        self._seen: dict[tuple[str, str], None] = {}
        self._fill_gap = asyncio.Event()

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Batches for as long as it goes well. Raises what a person must know (Reauthorize)."""
        ears = [asyncio.create_task(self._poll())]
        if self._url:
            ears.append(asyncio.create_task(self._follow()))
        if self._chat:
            ears.append(asyncio.create_task(self._talk(self._chat)))
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
        return [change for changes, _ in told for change in changes]

    async def _poll(self) -> None:
        seen_at = instant(self._cursor.get("seen_at"), self._ports.now() - FIRST_LOOK_BACK)
        polls, tries = 0, 0
        while True:
            deep = polls % DEEP_EVERY == 0 or self._fill_gap.is_set()
            try:
                margin = DEEP_MARGIN if deep and "seen_at" in self._cursor else MARGIN
                changes, newest = await self._notifications.since(seen_at - margin)
            except RetryLater as error:
                tries += 1
                await self._ports.wait(min(SLOWEST, max(error.after, 0.5 * 2**tries)))
                continue
            if deep:
                self._fill_gap.clear()
            polls, tries, seen_at = polls + 1, 0, max(seen_at, newest)
            fresh = tuple(change for change in changes if self._is_new(change))
            if fresh or polls == 1:
                await self._told.put((fresh, {"seen_at": seen_at.isoformat()}))
            await self._ports.wait(POLL_EVERY)

    async def _follow(self) -> None:
        mine = self._cursor.get("firehose_url") == self._url
        seq: int | None = self._cursor.get("firehose") if mine else None
        tries = 0
        while True:
            try:
                async with aclosing(follow(self._url, self._our_did, seq)) as frames:
                    async for frame in frames:
                        await self._tell(frame)
                        seq, tries = frame.seq, 0
            except FutureCursor:
                seq = None
                self._fill_gap.set()
                continue
            except RetryLater as error:
                after = error.after
            else:
                after = 1.0
            tries += 1
            await self._ports.wait(min(SLOWEST, max(after, 0.25 * 2**tries)))

    async def _talk(self, chat: Chat) -> None:
        """Private messages: the chat service keeps a log, and its own place in it."""
        at: str | None = self._cursor.get("chat")
        tries = 0
        while True:
            try:
                batch = await chat.since(at)
            except (RetryLater, Rejected) as error:
                tries += 1
                after = error.after if isinstance(error, RetryLater) else SLOWEST
                await self._ports.wait(min(SLOWEST, max(after, 0.5 * 2**tries)))
                continue
            moved = dict(batch.cursor or {})
            if batch.changes or moved.get("chat") != at:
                await self._told.put((batch.changes, moved))
            at, tries = moved.get("chat"), 0
            await self._ports.wait(TALK_EVERY)

    async def _tell(self, frame: Frame) -> None:
        changes = tuple(await self._changes(frame.operations))
        if frame.unread:
            name = f"{self._url}#{frame.seq}"
            changes += (Unreadable(external_id=name, reason=frame.unread, payload=""),)
        await self._told.put((changes, {"firehose": frame.seq, "firehose_url": self._url}))

    async def _changes(self, operations: tuple[Operation, ...]) -> list[Change]:
        people = await self._people.meet(each.did for each in operations if each.record is not None)
        changes = [self._change(each, people) for each in operations]
        return [change for change in changes if self._is_new(change)]

    def _change(self, operation: Operation, people: Mapping[str, Person]) -> Change:
        seen_at = instant(operation.time, self._ports.now()).astimezone(UTC)
        if operation.record is None:
            return Deletion(external_id=operation.uri, at=seen_at)
        found = Found(
            uri=operation.uri,
            cid=operation.cid,
            record=operation.record,
            author=people[operation.did],
            seen_at=seen_at,
            edited=operation.edited,
        )
        return to_change(
            found, self._our_did, addressed=operation.names_us, pictures=self._pictures
        )

    def _is_new(self, change: Change) -> bool:
        """Whether this run has not told it yet. Saves work only: repeats are allowed."""
        kind = str(change.ref["cid"]) if isinstance(change, Post) else type(change).__name__
        if isinstance(change, Post) and change.edited_at:
            kind += "edited"
        if (change.external_id, kind) in self._seen:
            return False
        while len(self._seen) >= _REMEMBER:
            self._seen.pop(next(iter(self._seen)))
        self._seen[(change.external_id, kind)] = None
        return True
