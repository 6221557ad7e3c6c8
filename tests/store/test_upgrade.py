"""An upgrade: a backup, then the migrations; a failed one leaves the version before at work."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import pytest

from earful.intake.receive import PASSING
from earful.settings import Settings
from earful.store.address import Addresses
from earful.store.erasure_copies import FILE
from earful.store.errors import MigrationError, StoreError
from earful.store.migrations import FOLDER, read_migrations, runner
from earful.store.opening import open_store
from earful.store.passphrases import passphrases_of_keys
from earful.store.pool import Database
from earful.store.restore import passphrase_of, restore
from earful.store.upgrade import upgrades_dir

KEY = "k" * 32
NEXT = len(read_migrations()) + 1
ADD = "CREATE TABLE added (id int); GRANT SELECT ON added TO earful_app;"
DESK = "INSERT INTO workspace (id, name, created_at) VALUES (gen_random_uuid(), 'Northwind', now())"


class Old:
    """The version before, at work: it reads and writes all the time, and says what went wrong."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.worked = 0
        self._stopping = asyncio.Event()
        self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while not self._stopping.is_set():
            async with self.database.transaction() as db:
                await db.execute("UPDATE workspace SET name = name")
                await db.fetch("SELECT * FROM workspace")
            self.worked += 1
            await asyncio.sleep(0)

    async def stop(self) -> int:
        """How often it worked. Raises what stopped it."""
        self._stopping.set()
        await self._task
        return self.worked


@pytest.fixture
async def settings(
    make_addresses: Callable[[str], Awaitable[Addresses]], template: str, tmp_path: Path
) -> Settings:
    addresses = await make_addresses(template)
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=addresses.app,
        database_owner_url=addresses.owner,
        secret_key=KEY,
    )
    settings.data_dir.mkdir()
    async with open_store(settings) as store, store.database.transaction() as db:
        await db.execute(DESK)
    return settings


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The migrations of a version to come."""
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / f"{NEXT:04}_adds.sql").write_text(ADD)
    return folder


@pytest.fixture
async def old(settings: Settings) -> AsyncIterator[Old]:
    async with open_store(settings) as store:
        at_work = Old(store.database)
        yield at_work
        await at_work.stop()


def kept(settings: Settings) -> list[Path]:
    """What upgrades left, but for the list of erasures that lies beside every backup."""
    return sorted(one for one in upgrades_dir(settings).glob("*") if one.name != FILE)


async def ask(settings: Settings, question: str) -> object:
    owner = await asyncpg.connect(settings.database_owner_url)
    try:
        return await owner.fetchval(question)
    finally:
        await owner.close()


async def test_a_backup_comes_before_the_upgrade_and_can_be_restored(
    settings: Settings,
    newer: Path,
    tmp_path: Path,
    make_addresses: Callable[[str], Awaitable[Addresses]],
) -> None:
    heard: list[str] = []
    media = settings.media_dir / "ab"
    media.mkdir(parents=True)
    async with open_store(settings, migrations=newer, say=heard.append):
        pass
    [made] = kept(settings)
    assert made.name.endswith(f"-before-{NEXT:04}.earful")
    assert made.stat().st_mode & 0o777 == 0o600
    assert heard[1] == f"The backup from before the upgrade: {made}"
    assert await ask(settings, "SELECT to_regclass('added') IS NOT NULL")

    empty = await make_addresses("template0")
    there = Settings(
        data_dir=settings.data_dir,  # the database alone is gone: media and key are where they were
        database_url=empty.app,
        database_owner_url=empty.owner,
        secret_key=f"{'n' * 32},{KEY}",
    )
    passphrase = passphrase_of(made, passphrases_of_keys(there))
    restored = await restore(there, made, passphrase)
    assert "earful doctor tells" in restored.words
    assert await ask(there, "SELECT name FROM workspace") == "Northwind"
    assert await ask(there, "SELECT max(version) FROM schema_version") == NEXT - 1
    assert media.is_dir()


async def test_without_a_desk_or_when_told_not_to_there_is_no_backup(
    settings: Settings, newer: Path
) -> None:
    async with open_store(settings, migrations=newer, backup_first=False):
        pass
    assert await ask(settings, "SELECT to_regclass('added') IS NOT NULL")
    (newer / f"{NEXT + 1:04}_more.sql").write_text("CREATE TABLE more (id int);")
    await ask(settings, "DELETE FROM workspace")
    async with open_store(settings, migrations=newer):
        pass
    assert kept(settings) == []


async def test_a_failed_upgrade_leaves_the_version_before_at_work(
    settings: Settings, newer: Path, old: Old
) -> None:
    last = NEXT + 1
    (newer / f"{last:04}_broken.sql").write_text("CREATE TABLE half (id int); SELECT 1/0;")
    with pytest.raises(MigrationError) as told:
        async with open_store(settings, migrations=newer):
            pass
    assert f"{last:04}_broken failed: division by zero." in str(told.value)
    assert "start that one again" in str(told.value)
    assert str(kept(settings)[0]) in str(told.value)
    assert await ask(settings, "SELECT to_regclass('half') IS NULL")
    assert await ask(settings, "SELECT max(version) FROM schema_version") == NEXT
    during = old.worked
    async with open_store(settings) as again, again.database.acquire() as db:
        assert await db.fetchval("SELECT name FROM workspace") == "Northwind"
    assert await old.stop() > during > 0


async def test_a_locked_table_leaves_the_version_before_at_work(
    settings: Settings, newer: Path, old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "LOCK_FOR", "50ms")
    monkeypatch.setattr(runner, "PAUSES", (0.01, 0.01))
    (newer / f"{NEXT + 1:04}_waits.sql").write_text("ALTER TABLE inbox ADD COLUMN note text;")
    busy = await asyncpg.connect(settings.database_owner_url)
    try:
        async with busy.transaction():
            await busy.execute("LOCK TABLE inbox IN ROW EXCLUSIVE MODE")
            with pytest.raises(MigrationError, match="could not get its locks"):
                async with open_store(settings, migrations=newer):
                    pass
            assert old.worked > 0
    finally:
        await busy.close()
    async with open_store(settings, migrations=newer):
        pass
    assert await ask(settings, "SELECT max(version) FROM schema_version") == NEXT + 1
    await old.stop()


async def test_a_table_that_grew_is_a_passing_trouble_of_the_version_before(
    settings: Settings, newer: Path
) -> None:
    (newer / f"{NEXT + 1:04}_grows.sql").write_text("ALTER TABLE workspace ADD COLUMN x int;")
    async with open_store(settings, size=2) as store:

        async def look() -> None:
            async with store.database.transaction() as db:
                await db.fetch("SELECT * FROM workspace")

        async def look_at_once() -> None:
            await asyncio.gather(look(), look())

        await look_at_once()
        async with open_store(settings, migrations=newer):
            pass
        with pytest.raises(PASSING):
            await look_at_once()
        for _ in range(5):
            await look_at_once()


async def test_without_room_for_the_backup_nothing_is_changed(
    settings: Settings, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=20 << 20))
    with pytest.raises(StoreError, match="20 MB are free") as told:
        async with open_store(settings, migrations=newer):
            pass
    assert "migrate --no-backup" in str(told.value)
    assert kept(settings) == []
    assert await ask(settings, "SELECT to_regclass('added') IS NULL")


async def test_the_newest_backups_are_kept_where_backups_go(
    settings: Settings, newer: Path, tmp_path: Path
) -> None:
    shelf, secret = tmp_path / "shelf", tmp_path / "passphrase"
    shelf.mkdir()
    secret.write_text("correct horse battery\n")
    shelved = Settings(
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        database_owner_url=settings.database_owner_url,
        secret_key=KEY,
        backup_dir=shelf,
        backup_passphrase_file=secret,
    )
    for day in range(1, 4):
        (shelf / f"upgrade-2025010{day}T000000Z-before-0002.earful").write_text("older")
    (shelf / "earful-20250101T000000Z.earful").write_text("a scheduled one is another matter")
    async with open_store(shelved, migrations=newer):
        pass
    names = [path.name for path in kept(shelved)]
    assert (shelf / FILE).is_file()
    assert len(names) == 4
    assert names[0] == "earful-20250101T000000Z.earful"
    assert names[1].startswith("upgrade-20250102")
    assert passphrase_of(shelf / names[-1], ["wrong battery staple", "correct horse battery"])


async def test_a_contract_leaves_with_what_follows_it_if_that_fails(
    settings: Settings, newer: Path
) -> None:
    contract = "-- contract\nALTER TABLE workspace DROP COLUMN name;"
    (newer / f"{NEXT + 1:04}_contract.sql").write_text(contract)
    (newer / f"{NEXT + 2:04}_broken.sql").write_text("SELECT 1/0;")
    with pytest.raises(MigrationError, match="start that one again"):
        async with open_store(settings, migrations=newer):
            pass
    assert await ask(settings, "SELECT max(version) FROM schema_version") == NEXT
    async with open_store(settings) as again, again.database.acquire() as db:
        assert await db.fetchval("SELECT name FROM workspace") == "Northwind"


async def test_older_software_says_that_the_database_is_newer(
    settings: Settings, newer: Path
) -> None:
    (newer / f"{NEXT + 1:04}_contract.sql").write_text("-- contract\nDROP TABLE added;")
    async with open_store(settings, migrations=newer):
        pass
    with pytest.raises(MigrationError, match="newer than this Earful") as told:
        async with open_store(settings):
            pass
    assert "Start the newer Earful, or restore" in str(told.value)
