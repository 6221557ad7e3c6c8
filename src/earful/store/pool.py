"""Connections to the database for the role that owns no tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Self

import asyncpg

from earful.store.address import Addresses
from earful.store.codecs import set_codecs
from earful.store.errors import Unreachable, Unusable

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.Connection

OLDEST_SERVER = 17
UP_WITHIN = 2.0  # seconds `is_up` waits

_TROUBLE = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError)
_REFUSED = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)


class Database:
    """A pool of connections. One request or job is one `transaction()`; rooms never commit."""

    def __init__(
        self, pool: asyncpg.Pool[asyncpg.Record], addresses: Addresses, statement_for: float
    ) -> None:
        self._pool = pool
        self._addresses = addresses
        self._statement_for = statement_for

    @classmethod
    async def connect(
        cls, addresses: Addresses, *, size: int = 10, statement_for: float = 15.0
    ) -> Self:
        """Open up to `size` connections; a statement is cancelled after `statement_for` seconds.

        Raises Unreachable, or Unusable for a server older than PostgreSQL 17.
        """
        try:
            pool = await asyncpg.create_pool(
                addresses.app,
                min_size=1,
                max_size=size,
                init=set_codecs,
                server_settings=_server_settings(statement_for),
            )
        except _REFUSED as error:
            raise Unusable(f"The database refused the connection: {error}.") from error
        except _TROUBLE as error:
            raise Unreachable(f"The database can't be reached: {error}.") from error
        database = cls(pool, addresses, statement_for)
        try:
            async with database.acquire() as connection:
                refuse_old_server(connection)
        except BaseException:
            await database.close()
            raise
        return database

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        """A connection outside any transaction: for reading one statement at a time."""
        async with self._pool.acquire() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back on an exception."""
        async with self._pool.acquire() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """A read-only REPEATABLE READ transaction: everything read is of one moment."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    async def listen_connection(self) -> asyncpg.Connection[asyncpg.Record]:
        """A direct connection of its own, for LISTEN. The caller closes it and opens a new one
        when it breaks, and then reads from its cursor: notifications in between are lost."""
        try:
            connection = await asyncpg.connect(
                self._addresses.listen, server_settings={"application_name": "earful listen"}
            )
        except _TROUBLE as error:
            raise Unreachable(f"The database can't be reached: {error}.") from error
        await set_codecs(connection)
        return connection

    async def is_up(self) -> bool:
        """Whether the database answers within two seconds."""
        try:
            async with self._pool.acquire(timeout=UP_WITHIN) as connection:
                return bool(await connection.fetchval("SELECT true", timeout=UP_WITHIN))
        except (TimeoutError, asyncpg.PostgresError, *_TROUBLE):
            return False

    async def close(self) -> None:
        """Close all connections, waiting for those in use."""
        await self._pool.close()


def refuse_old_server(connection: Connection) -> None:
    """Raise Unusable for a server older than PostgreSQL 17."""
    version = connection.get_server_version()
    if version.major < OLDEST_SERVER:
        raise Unusable(
            f"Earful needs PostgreSQL {OLDEST_SERVER} or newer; this server is "
            f"{version.major}.{version.minor}."
        )


def _server_settings(statement_for: float) -> dict[str, str]:
    return {
        "application_name": "earful",
        "statement_timeout": str(round(statement_for * 1000)),
        "idle_in_transaction_session_timeout": "60000",
        "timezone": "UTC",
        "jit": "off",
    }
