"""What is well and what is not, in words: the checks behind `earful doctor`."""

from __future__ import annotations

import asyncio
from datetime import datetime

from earful.settings import Settings
from earful.store.backup_checks import check_backups
from earful.store.database_checks import check_database
from earful.store.errors import StoreError
from earful.store.findings import Check, State, fail
from earful.store.folder_checks import check_folder
from earful.store.opening import refuse_half_restored, serving
from earful.store.pool import Database
from earful.store.upgrade_checks import check_upgrades

__all__ = ["Check", "State", "examine"]


async def examine(settings: Settings, *, now: datetime) -> list[Check]:
    """Look at everything, changing nothing. Joins a running desk, or starts the database for it."""
    found: list[Check] = []
    try:
        refuse_half_restored(settings)
        async with serving(settings) as (addresses, _):
            database = await Database.connect(addresses, size=1)
            try:
                async with database.acquire() as connection:
                    found += await check_database(connection, now)
            finally:
                await database.close()
    except StoreError as error:
        found.append(fail("database", str(error)))
    if settings.data_dir.is_dir():
        found += check_folder(settings)
        found += await asyncio.to_thread(check_backups, settings, now)
        found += await asyncio.to_thread(check_upgrades, settings)
    return found
