"""Listens in the background, as the worker does, and keeps what it heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from earful.networks.conformance.harness import Broken, Channel
from earful.networks.contract import Batch, Change, Post, RetryLater

HEAR_WITHIN = 25.0  # seconds in which a real peer must have told us


class Ear:
    """Listens in the background and keeps what it heard."""

    def __init__(self, channel: Channel, since: Any = None) -> None:
        self.changes: list[Change] = []
        self.cursor: Any = since
        self._channel = channel
        self._news = asyncio.Condition()
        self._task = asyncio.create_task(self._listen())

    async def __aenter__(self) -> Ear:
        """Wait until the network was heard at all, so that what follows happens while listening."""
        await self.until(lambda: self.cursor is not None, "a first batch")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def post(self, external_id: str | None) -> Post:
        """The post, as soon as it was told."""
        await self.until(lambda: bool(self._posts(external_id)), f"the post {external_id}")
        return self._posts(external_id)[0]

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something. Raises Broken when it takes too long or listening ended."""
        try:
            async with asyncio.timeout(HEAR_WITHIN), self._news:
                await self._news.wait_for(lambda: holds() or self._task.done())
        except TimeoutError:
            raise Broken(f"{what} was not told within {HEAR_WITHIN:.0f} s") from None
        if not holds():
            raise Broken(f"listening ended before {what}: {self._task}")

    def _posts(self, external_id: str | None) -> list[Post]:
        return [
            each
            for each in self.changes
            if isinstance(each, Post) and each.external_id == external_id
        ]

    async def _listen(self) -> None:
        try:
            while True:  # the caller reconnects, as the worker does
                try:
                    async with aclosing(_stream(self._channel, self.cursor)) as batches:
                        async for batch in batches:
                            await self._keep(batch)
                except RetryLater:
                    await asyncio.sleep(0.1)
        finally:
            async with self._news:
                self._news.notify_all()

    async def _keep(self, batch: Batch) -> None:
        async with self._news:
            self.changes += batch.changes
            self.cursor = batch.cursor
            self._news.notify_all()


def _stream(channel: Channel, cursor: Any) -> Any:
    return channel.stream(cursor)
