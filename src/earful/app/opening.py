"""What a web and a worker process begin with: the store, the keys, the signals to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from earful.accounts.keys import check_keys, keyring_of
from earful.accounts.secrets import Keyring
from earful.kit.clock import system_clock
from earful.settings import Settings
from earful.store.opening import Store, open_store


@asynccontextmanager
async def opened(
    settings: Settings, size: int | None = None
) -> AsyncIterator[tuple[Store, Keyring]]:
    """The store and the keys, checked against each other."""
    keyring = keyring_of(settings)
    async with open_store(settings, size=size) as store:
        async with store.database.transaction() as db:
            await check_keys(db, keyring, now=system_clock())
        yield store, keyring


def on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, event.set)
    return event
