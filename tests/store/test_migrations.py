"""The migration runner: in order, once, never half, never behind one's back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from earful.store.address import Addresses
from earful.store.errors import MigrationError
from earful.store.migrations import migrate, read_migrations, runner


@pytest.fixture
async def empty(make_addresses: Callable[[str], Awaitable[Addresses]]) -> Addresses:
    return await make_addresses("template0")


@pytest.fixture
async def bare(empty: Addresses) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    connection = await asyncpg.connect(empty.owner_or_refuse())
    yield connection
    await connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE a (id int); INSERT INTO a VALUES (1);")
    (tmp_path / "0002_second.sql").write_text("ALTER TABLE a ADD COLUMN name text;")
    return tmp_path


async def test_files_are_applied_once_and_in_order(
    bare: asyncpg.Connection[asyncpg.Record], folder: Path
) -> None:
    assert [m.version for m in await migrate(bare, folder)] == [1, 2]
    assert await migrate(bare, folder) == []
    (folder / "0003_third.sql").write_text("INSERT INTO a VALUES (2, 'Bob');")
    assert [m.name for m in await migrate(bare, folder)] == ["third"]
    assert await bare.fetchval("SELECT array_agg(id ORDER BY id) FROM a") == [1, 2]


async def test_a_failing_file_leaves_nothing_behind(
    bare: asyncpg.Connection[asyncpg.Record], folder: Path
) -> None:
    (folder / "0003_bad.sql").write_text("CREATE TABLE b (id int); SELECT 1/0;")
    with pytest.raises(MigrationError, match="0003_bad failed: division by zero"):
        await migrate(bare, folder)
    assert await bare.fetchval("SELECT to_regclass('b')") is None
    assert await bare.fetchval("SELECT max(version) FROM schema_version") == 2


async def test_a_file_changed_afterwards_is_refused(
    bare: asyncpg.Connection[asyncpg.Record], folder: Path
) -> None:
    await migrate(bare, folder)
    (folder / "0001_first.sql").write_text("CREATE TABLE a (id bigint);")
    with pytest.raises(MigrationError, match="0001_first was changed"):
        await migrate(bare, folder)


async def test_a_newer_database_is_used_until_a_contract(
    bare: asyncpg.Connection[asyncpg.Record], folder: Path
) -> None:
    await migrate(bare, folder)
    await bare.execute("INSERT INTO schema_version VALUES (3, 'adds', 'x', false)")
    assert await migrate(bare, folder) == []
    await bare.execute("INSERT INTO schema_version VALUES (4, 'drops', 'x', true)")
    with pytest.raises(MigrationError, match="newer than this Earful"):
        await migrate(bare, folder)


async def test_a_contract_is_marked_by_a_line_of_its_own(folder: Path) -> None:
    (folder / "0003_drop.sql").write_text("-- contract\nALTER TABLE a DROP COLUMN name;")
    assert [m.contract for m in read_migrations(folder)] == [False, False, True]


async def test_two_migrators_do_not_race(
    empty: Addresses, bare: asyncpg.Connection[asyncpg.Record], folder: Path
) -> None:
    other = await asyncpg.connect(empty.owner_or_refuse())
    try:
        done = await asyncio.gather(migrate(bare, folder), migrate(other, folder))
    finally:
        await other.close()
    assert sorted(len(applied) for applied in done) == [0, 2]


async def test_a_locked_table_is_waited_for(
    empty: Addresses,
    bare: asyncpg.Connection[asyncpg.Record],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "LOCK_FOR", "20ms")
    await bare.execute("CREATE TABLE busy (id int)")
    (folder / "0003_busy.sql").write_text("ALTER TABLE busy ADD COLUMN name text;")
    other = await asyncpg.connect(empty.owner_or_refuse())
    try:
        holding = other.transaction()
        await holding.start()
        await other.execute("LOCK TABLE busy")
        monkeypatch.setattr(runner, "PAUSES", (0.01,))
        with pytest.raises(MigrationError, match="could not get its locks"):
            await migrate(bare, folder)
        await holding.rollback()
        assert [m.name for m in await migrate(bare, folder)] == ["busy"]
    finally:
        await other.close()


@pytest.mark.parametrize("name", ["0003_Third.sql", "3_third.sql", "0004_gap.sql"])
def test_strange_names_and_gaps_are_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("SELECT 1;")
    with pytest.raises(MigrationError):
        read_migrations(folder)
