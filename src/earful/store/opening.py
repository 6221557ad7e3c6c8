"""Opens the store: finds or starts the server, brings the schema up to date, connects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from earful.settings import Settings
from earful.store.address import Addresses, own_addresses
from earful.store.errors import MigrationError, Unreachable, Unusable
from earful.store.migrations import FOLDER, pending, read_migrations
from earful.store.pool import Connection, Database
from earful.store.running import Running, attach_or_start
from earful.store.upgrade import Say, Upgraded, upgrade


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. `running` is the embedded server, None with the operator's own; `upgraded`
    what was done to the schema, None where somebody else does that."""

    database: Database
    addresses: Addresses
    running: Running | None
    upgraded: Upgraded | None


STARTS_WITHIN = 10.0
"""Seconds for a database that is just being restarted, longer than the supervisor's pauses."""

RESTORING = "restoring"
"""A file in the data folder while a restore is under way."""


def refuse_half_restored(settings: Settings) -> None:
    """Raise Unusable if a restore into this data folder was cut off."""
    if (settings.data_dir / RESTORING).exists():
        raise Unusable(
            "A restore into this data folder is under way or was cut off. If it was cut off, empty "
            f"the database and {settings.data_dir}, and restore again."
        )


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[Addresses, Running | None]]:
    """The server's addresses while the block runs; the embedded server is stopped after it."""
    if not settings.embedded:
        yield own_addresses(settings), None
        return
    running = await asyncio.to_thread(attach_or_start, settings)
    try:
        yield running.addresses, running
    finally:
        await asyncio.to_thread(running.stop)


@asynccontextmanager
async def owner_connection(addresses: Addresses) -> AsyncIterator[Connection]:
    """A connection as the owner of the tables; a server that is being restarted is waited for."""
    connection = await _as_owner(addresses.owner_or_refuse())
    try:
        yield connection
    finally:
        await connection.close()


async def _as_owner(url: str) -> asyncpg.Connection[asyncpg.Record]:
    loop = asyncio.get_running_loop()
    until = loop.time() + STARTS_WITHIN
    while True:
        try:
            return await asyncpg.connect(url, server_settings={"application_name": "earful owner"})
        except (OSError, asyncpg.PostgresError) as error:
            passing = isinstance(error, ConnectionError | asyncpg.CannotConnectNowError)
            if not passing or loop.time() > until:
                words = f"The database can't be reached as its owner: {error}."
                raise Unreachable(words) from error
        await asyncio.sleep(0.1)


@asynccontextmanager
async def open_store(
    settings: Settings,
    *,
    size: int | None = None,
    migrations: Path = FOLDER,
    backup_first: bool = True,
    say: Say = lambda _: None,
) -> AsyncIterator[Store]:
    """The store, up to date and connected. Raises StoreError in words for the operator.

    A desk that needs migrations is backed up before, unless told not to; `say` hears of it. With
    one's own server and no EARFUL_DATABASE_OWNER_URL the schema must be up to date already.
    """
    refuse_half_restored(settings)
    async with serving(settings) as (addresses, running):
        upgraded = None
        if addresses.owner:
            async with owner_connection(addresses) as owner:
                upgraded = await upgrade(
                    owner,
                    settings,
                    addresses,
                    running.bin_dir if running else None,
                    folder=migrations,
                    backup_first=backup_first,
                    say=say,
                )
        database = await Database.connect(addresses, size=size or settings.database_pool)
        try:
            if not addresses.owner:
                await _refuse_old_schema(database)
            yield Store(database, addresses, running, upgraded)
        finally:
            await database.close()


async def _refuse_old_schema(database: Database) -> None:
    async with database.acquire() as connection:
        try:
            todo = await pending(connection, read_migrations())
        except asyncpg.UndefinedTableError:
            todo = read_migrations()
        except asyncpg.InsufficientPrivilegeError as error:
            raise MigrationError(f"The app role can't read schema_version: {error}.") from error
    if any(not each.can_wait for each in todo):
        raise MigrationError(
            f"The database lacks {len(todo)} migrations. Run `earful migrate` with "
            "EARFUL_DATABASE_OWNER_URL set."
        )
