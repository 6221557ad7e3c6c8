"""Waits for what a loop does in its own time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from earful.intake.receive import PASSING


async def eventually(holds: Callable[[], Awaitable[bool]], within: float = 60.0) -> None:
    """Wait until it holds, at most `within` seconds; a database that is away is no answer."""
    async with asyncio.timeout(within):
        while True:
            try:
                if await holds():
                    return
            except PASSING:
                pass
            await asyncio.sleep(0.02)
