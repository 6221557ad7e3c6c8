"""A worker process: its loops on the store, until told to stop."""

from __future__ import annotations

from earful.app.opening import on_signals, opened
from earful.kit.addresses import Guard
from earful.kit.clock import system_clock
from earful.kit.garbage import kept_small
from earful.kit.ranges import networks_of
from earful.media.files import media_store
from earful.settings import Settings
from earful.worker.desk import Shared
from earful.worker.run import run_worker


def pool_of(settings: Settings) -> int:
    """Connections a worker opens at most: its loops wait for one another, no person waits for them.

    A loop holds one at a time, so that even a single one is enough; each that is open costs 8 MB.
    """
    return max(1, settings.database_pool // 3)


async def run_work(settings: Settings) -> None:
    """Work until told to stop."""
    async with opened(settings, pool_of(settings)) as (store, keyring):
        guard = Guard(networks_of(settings.outgoing_allow))
        media = media_store(settings)
        shared = Shared(
            store.database,
            system_clock,
            keyring,
            media,
            guard=guard,
            data_dir=settings.data_dir,
            public_url=settings.public_url or "",
        )
        shared.stopping = on_signals()
        async with kept_small():
            await run_worker(shared, settings)
