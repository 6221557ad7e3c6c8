"""All ears together: what they hear is told once, in batches with one cursor.

The quick ears (filtered stream, activity) move no cursor; asking does, when it has proved that
nothing is missing. Any may fail without the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import suppress
from typing import Any

from earful.networks.contract import Batch, Change, NetworkError, Post, Reauthorize
from earful.networks.x.asker import TICK, Asker, Live
from earful.networks.x.ears import Activity, Stream
from earful.networks.x.edits import Edits
from earful.networks.x.gone import Gone
from earful.networks.x.means import Means
from earful.networks.x.prices import Item
from earful.networks.x.translate import Us

_REMEMBER = 20_000
_AT_ONCE = 200


class Listening:
    """One run of listening."""

    def __init__(self, means: Means, gone: Gone, since: Mapping[str, Any] | None) -> None:
        self._means, self._gone, self._ports = means, gone, means.ports
        self._cursor: dict[str, Any] = dict(since or {})
        self._told: asyncio.Queue[tuple[tuple[Change, ...], dict[str, Any]]] = asyncio.Queue(500)
        self._seen: dict[tuple[str, str], None] = {}
        self._edits = Edits(self._cursor.get("open"))
        self._live = Live()

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Batches for as long as it goes well. Raises what a person must know (Reauthorize)."""
        us = await self._who()
        ears = [asyncio.create_task(run) for run in self._ears(us)]
        try:
            while True:
                changes = await self._gather(ears)
                self._cursor["open"] = self._edits.kept()
                yield Batch(tuple(changes), dict(self._cursor))
        finally:
            for ear in ears:
                ear.cancel()
            await asyncio.gather(*ears, return_exceptions=True)

    async def _who(self) -> Us:
        """Our account, asked anew: its handle may have changed, by which the stream is filtered."""
        session = self._means.session
        try:
            who = await session.confirm()
        except Reauthorize:
            raise
        except NetworkError:
            return await session.us()
        await self._means.spending.read(Item.READ_USER, [who.external_id])
        return await session.us()

    def _ears(self, us: Us) -> list[Coroutine[Any, Any, None]]:
        means, place = self._means, self._means.place
        ears = [
            Asker(means, self._live, self._cursor, self._put).run(us),
            self._look_again(),
        ]
        if place.bearer and "stream" in place.ways:
            ears.append(Stream(means, self._live, self._put).run(us))
        if place.bearer and "activity" in place.ways:
            ears.append(Activity(means, self._live, self._put, self._heard_at).run(us))
        return ears

    def _heard_at(self) -> str:
        return str(self._cursor.get("heard_at") or "")

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

    async def _put(self, changes: tuple[Change, ...], moved: dict[str, Any]) -> None:
        """Tell what this run has not told yet. Repeats are allowed; this saves work."""
        fresh = [change for change in changes if _name(change) not in self._seen]
        full = await self._means.people.completed(fresh)
        if full or moved:
            await self._told.put((tuple(full), moved))
        self._edits.note(fresh, self._ports.now())
        for change in fresh:
            while len(self._seen) >= _REMEMBER:
                self._seen.pop(next(iter(self._seen)))
            self._seen[_name(change)] = None

    async def _look_again(self) -> None:
        """Ask now and then which of the posts heard are gone, for X tells only of our own; and what
        those say whose time for edits is over."""
        rounds = max(1, round(self._means.place.look_again * 60 / TICK))
        while True:
            for _ in range(rounds):
                await self._ports.wait(TICK)
            ids = [id_ for id_, kind in self._seen if kind != "Deletion"]
            with suppress(NetworkError):
                await self._put(await self._gone.among(ids), {})
            with suppress(NetworkError):
                await self._look_at_edits()

    async def _look_at_edits(self) -> None:
        due = self._edits.due(self._ports.now())
        found = await self._gone.edited(due)
        if found is None:
            return  # until there is money for it
        self._edits.done(due)
        await self._put(found, {})


def _name(change: Change) -> tuple[str, str]:
    if isinstance(change, Post):
        return change.external_id, str(change.ref.get("id", ""))
    return change.external_id, type(change).__name__
