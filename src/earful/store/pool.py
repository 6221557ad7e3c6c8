"""Connections to the database for the role that owns no tables."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Literal, Self, TypeVar

import asyncpg
from asyncpg.transaction import Transaction

from earful.store.address import Addresses
from earful.store.codecs import set_codecs
from earful.store.errors import Unreachable, Unusable
from earful.store.older import connection_name

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.Connection

# Whoever uses the pool says that the database is away; asyncpg would add a page for each try.
logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)

Taken = TypeVar("Taken")
Isolation = Literal["repeatable_read"]

OLDEST_SERVER = 17
UP_WITHIN = 2.0  # seconds `is_up` waits
IDLE_FOR = 40.0  # seconds after which a connection nobody used is closed: each holds 5 to 8 MB
RESTART_WITHIN = 5.0  # seconds a request waits for a server that is away

_AWAY = (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError)
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
                max_inactive_connection_lifetime=IDLE_FOR,
                init=set_codecs,
                reset=_leave_as_is,
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
        connection = await self._patiently(self._pool.acquire)
        try:
            yield connection
        finally:
            await self._pool.release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back on an exception."""
        connection, transaction = await self._patiently(self._begin)
        try:
            async with _ending(transaction):
                yield connection
        finally:
            await self._pool.release(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """A read-only REPEATABLE READ transaction: everything read is of one moment."""
        begin = partial(self._begin, isolation="repeatable_read", readonly=True)
        connection, transaction = await self._patiently(begin)
        try:
            async with _ending(transaction):
                yield connection
        finally:
            await self._pool.release(connection)

    async def _begin(
        self, *, isolation: Isolation | None = None, readonly: bool = False
    ) -> tuple[PoolConnectionProxy[asyncpg.Record], Transaction]:
        connection = await self._pool.acquire()
        try:
            transaction = connection.transaction(isolation=isolation, readonly=readonly)
            await transaction.start()
        except BaseException:
            await self._pool.release(connection)
            raise
        return connection, transaction

    async def _patiently(self, take: Callable[[], Awaitable[Taken]]) -> Taken:
        """What `take` gives; a server that is being restarted is waited for. Raises Unreachable."""
        loop = asyncio.get_running_loop()
        until = loop.time() + RESTART_WITHIN
        while True:
            try:
                return await take()
            except _AWAY as error:
                if loop.time() > until:
                    raise Unreachable(f"The database can't be reached: {error}.") from error
            await asyncio.sleep(0.05)

    async def listen_connection(self) -> asyncpg.Connection[asyncpg.Record]:
        """A direct connection of its own, for LISTEN. The caller closes it and opens a new one
        when it breaks, and then reads from its cursor: notifications in between are lost."""
        try:
            connection = await asyncpg.connect(
                self._addresses.listen,
                server_settings={"application_name": connection_name("listen")},
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


async def _leave_as_is(_: object) -> None:
    """A transaction leaves no settings, locks or cursors behind: nothing to ask the server for.

    What lives longer than a transaction (LISTEN, session locks, SET) has `listen_connection`.
    """


@asynccontextmanager
async def _ending(transaction: Transaction) -> AsyncIterator[None]:
    """Commit the started transaction at the end, or roll it back on an exception."""
    try:
        yield
    except BaseException:
        with suppress(*_TROUBLE):  # a connection that broke has rolled back already
            await transaction.rollback()
        raise
    await transaction.commit()


def refuse_old_server(connection: Connection) -> None:
    """Raise Unusable for a server older than PostgreSQL 17."""
    if connection.get_server_version().major < OLDEST_SERVER:
        raise Unusable(
            f"Earful needs PostgreSQL {OLDEST_SERVER} or newer; this server is "
            f"{connection.get_settings().server_version}."
        )


def _server_settings(statement_for: float) -> dict[str, str]:
    return {
        "application_name": connection_name(),
        "statement_timeout": str(round(statement_for * 1000)),
        "idle_in_transaction_session_timeout": "60000",
        "timezone": "UTC",
        "jit": "off",
    }
