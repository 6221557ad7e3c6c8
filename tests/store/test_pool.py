"""Connections: roles, codecs, timeouts."""

from __future__ import annotations

import asyncio
import uuid
from unittest.mock import Mock

import asyncpg
import pytest

from earful.store.address import Addresses
from earful.store.errors import Unreachable, Unusable
from earful.store.pool import Database, refuse_old_server


async def test_ids_are_strings_and_json_is_values(database: Database) -> None:
    made = str(uuid.uuid4())
    async with database.acquire() as connection:
        row = await connection.fetchrow(
            "SELECT $1::uuid AS id, $2::uuid[] AS ids, $3::jsonb AS data, $4::json AS raw",
            made,
            [made, made],
            {"tags": ["späť"]},
            None,
        )
    assert row is not None
    assert dict(row) == {"id": made, "ids": [made, made], "data": {"tags": ["späť"]}, "raw": None}


async def test_work_is_done_as_the_role_that_owns_nothing(database: Database) -> None:
    async with database.acquire() as connection:
        assert await connection.fetchval("SELECT current_user") == "earful_app"
        owned = await connection.fetchval(
            "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
        )
        assert owned == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE mine (id int)")


async def test_a_failed_transaction_leaves_nothing(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    await owner.execute("CREATE TABLE scratch (id int); GRANT ALL ON scratch TO earful_app")

    async def insert_and_fail() -> None:
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO scratch VALUES (1)")
            raise LookupError

    with pytest.raises(LookupError):
        await insert_and_fail()
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO scratch VALUES (2)")
    assert await owner.fetchval("SELECT array_agg(id) FROM scratch") == [2]


async def test_a_snapshot_is_of_one_moment_and_reads_only(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    await owner.execute("CREATE TABLE scratch (id int); GRANT ALL ON scratch TO earful_app")
    async with database.snapshot() as connection:
        assert await connection.fetchval("SELECT count(*) FROM scratch") == 0
        await owner.execute("INSERT INTO scratch VALUES (1)")
        assert await connection.fetchval("SELECT count(*) FROM scratch") == 0
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with database.snapshot() as connection:
            await connection.execute("INSERT INTO scratch VALUES (2)")


async def test_a_slow_statement_is_cancelled(addresses: Addresses) -> None:
    database = await Database.connect(addresses, size=1, statement_for=0.05)
    try:
        async with database.acquire() as connection:
            with pytest.raises(asyncpg.QueryCanceledError):
                await connection.execute("SELECT pg_sleep(20)")
        assert await database.is_up()
    finally:
        await database.close()


async def test_notifications_arrive_on_a_connection_of_their_own(database: Database) -> None:
    listening = await database.listen_connection()
    heard: asyncio.Queue[str] = asyncio.Queue()
    try:
        await listening.add_listener("desk", lambda *said: heard.put_nowait(str(said[3])))
        async with database.transaction() as connection:
            await connection.execute("SELECT pg_notify('desk', '7')")
        assert await asyncio.wait_for(heard.get(), 5) == "7"
    finally:
        await listening.close()


async def test_a_closed_database_is_not_up(addresses: Addresses) -> None:
    database = await Database.connect(addresses)
    assert await database.is_up()
    await database.close()
    assert not await database.is_up()


@pytest.mark.parametrize(("major", "refused"), [(16, True), (17, False), (18, False)])
def test_an_old_server_is_refused_in_words(major: int, refused: bool) -> None:
    said = {"get_server_version.return_value": Mock(major=major)}
    connection = Mock(**said, **{"get_settings.return_value": Mock(server_version=f"{major}.4")})
    if refused:
        with pytest.raises(Unusable, match=r"needs PostgreSQL 17 or newer; this server is 16\.4"):
            refuse_old_server(connection)
    else:
        refuse_old_server(connection)


async def test_an_absent_server_is_unreachable_in_words() -> None:
    nowhere = "postgresql://nobody@/none?host=/nonexistent"
    with pytest.raises(Unreachable, match="can't be reached"):
        await Database.connect(Addresses(app=nowhere, listen=nowhere, owner=None))
