"""Keeps an answer for a moment, so that many who ask at once cause one question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Any

from earful.kit.clock import Clock

MOST_KEPT = 1000


class Fresh:
    """Answers by key, each good for `good_for` seconds of the injected clock."""

    def __init__(self, clock: Clock, good_for: float) -> None:
        self._clock = clock
        self._good_for = timedelta(seconds=good_for)
        self._kept: dict[Hashable, tuple[datetime, asyncio.Task[Any]]] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[Any]]) -> Any:
        """The kept answer, or a new one; those who ask while it is made share it."""
        now = self._clock()
        kept = self._kept.get(key)
        if kept is None or now - kept[0] >= self._good_for or _broke(kept[1]):
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = (now, asyncio.ensure_future(_as_task(make)))
            self._kept[key] = kept
        return await asyncio.shield(kept[1])


def _broke(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


async def _as_task(make: Callable[[], Awaitable[Any]]) -> Any:
    return await make()
