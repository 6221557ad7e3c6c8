"""A process that pages and does nothing else, to be killed: its database, the instant, a folder."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from earful.accounts.secrets import Keyring
from earful.kit.addresses import LOOPBACK, Guard
from earful.media.files import MediaFiles
from earful.store.address import Addresses
from earful.store.pool import Database
from earful.worker.desk import Shared
from earful.worker.paging import keep_paging

KEY = "a key for the tests of paging, long enough to do"


async def page(dsn: str, now: datetime, folder: Path) -> None:
    """Page for ever, always at the same instant."""
    database = await Database.connect(Addresses(dsn, dsn, None), size=4)
    guard = Guard(LOOPBACK)
    shared = Shared(database, lambda: now, Keyring([KEY]), MediaFiles(folder), guard=guard)
    await keep_paging(shared, "https://care.example")


if __name__ == "__main__":
    asyncio.run(page(sys.argv[1], datetime.fromisoformat(sys.argv[2]), Path(sys.argv[3])))
