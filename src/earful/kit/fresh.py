"""Keeps an answer for a moment, so that many who ask at once cause one question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from earful.kit.clock import Clock

MOST_KEPT = 1000


class _Kept(NamedTuple):
    at: datetime
    task: asyncio.Task[Any]

    def broke(self) -> bool:
        return self.task.done() and (self.task.cancelled() or self.task.exception() is not None)

    def stands(self) -> bool:
        return self.task.done() and not self.broke()


class Fresh:
    """Answers by key, each good for `good_for` seconds of the injected clock; of `most` keys."""

    def __init__(self, clock: Clock, good_for: float, *, most: int = MOST_KEPT) -> None:
        self._clock = clock
        self._good_for = timedelta(seconds=good_for)
        self._most = most
        self._kept: dict[Hashable, _Kept] = {}
        self._before: dict[Hashable, _Kept] = {}

    async def get(
        self,
        key: Hashable,
        make: Callable[[], Awaitable[Any]],
        *,
        meanwhile: Callable[[Any], float] = lambda _: 0.0,
    ) -> Any:
        """The kept answer, or a new one; those who ask while it is made share it.

        An answer may be given for the seconds that `meanwhile` says beyond its time, while the new
        one is made.
        """
        now = self._clock()
        kept = self._kept.get(key)
        # One that is still being made is shared, however long it takes: two would take longer.
        if kept is None or (kept.task.done() and (now - kept.at >= self._good_for or kept.broke())):
            kept = self._renew(key, kept, now, make)
        if kept.task.done():
            self._before.pop(key, None)
        elif before := self._before.get(key):
            answer = before.task.result()
            if now - before.at < self._good_for + timedelta(seconds=meanwhile(answer)):
                return answer
        return await asyncio.shield(kept.task)

    def _renew(
        self, key: Hashable, old: _Kept | None, now: datetime, make: Callable[[], Awaitable[Any]]
    ) -> _Kept:
        if len(self._kept) >= self._most:
            self._kept.clear()
            self._before.clear()
        if old and old.stands():
            self._before[key] = old
        kept = _Kept(now, asyncio.ensure_future(_as_task(make)))
        kept.task.add_done_callback(_seen)
        self._kept[key] = kept
        return kept


def _seen(task: asyncio.Task[Any]) -> None:
    """Nobody may be left to hear why it broke; who asks next has it made again."""
    if not task.cancelled():
        task.exception()


async def _as_task(make: Callable[[], Awaitable[Any]]) -> Any:
    return await make()
