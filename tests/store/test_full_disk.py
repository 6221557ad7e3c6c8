"""A disk that is really full: said in words, nothing lost, and work goes on when there is room."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from earful.intake.receive import PASSING
from earful.media.files import MediaFiles
from earful.settings import Settings
from earful.store.backup import backup, scheduled_backup
from earful.store.erasure_copies import FILE, lay_beside
from earful.store.errors import StoreError
from earful.store.opening import open_store
from earful.store.pool import Database
from earful.store.records import read_record
from earful.store.restore import read_through, restore
from tests.store.machine import full, names_in, needs_small_disk, passable_folder, small_disk

pytestmark = needs_small_disk

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSPHRASE = "correct horse battery"
DESK = "INSERT INTO workspace (id, name, created_at) VALUES (gen_random_uuid(), $1, now())"
LONG = os.urandom(20_000).hex()  # can't be made smaller by the database


@pytest.fixture
def disk() -> Iterator[Path]:
    folder = passable_folder()
    with small_disk(folder / "disk", 200) as disk:
        yield disk
    shutil.rmtree(folder)


@pytest.fixture
def settings(disk: Path) -> Settings:
    return Settings.from_env({"EARFUL_DATA_DIR": str(disk)})


async def fill(database: Database) -> tuple[int, Exception]:
    """Write until it fails. Returns how often it was acknowledged, and the error."""
    for written in range(10_000):
        try:
            async with database.transaction() as db:
                await db.execute(DESK, LONG)
        except (StoreError, *PASSING) as error:
            return written, error
    raise AssertionError("the disk was never full")


async def test_the_database_keeps_what_it_acknowledged_and_goes_on(
    disk: Path, settings: Settings
) -> None:
    async with open_store(settings, size=2) as store:
        with full(disk):
            written, _ = await fill(store.database)
        async with store.database.transaction() as db:
            await db.execute(DESK, "after")
            assert await db.fetchval("SELECT count(*) FROM workspace") == written + 1
    async with open_store(settings, size=2) as store, store.database.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM workspace") == written + 1


def test_a_file_that_does_not_fit_leaves_nothing(disk: Path) -> None:
    media = MediaFiles(disk / "media")
    kept = media.write(b"small")
    with full(disk), pytest.raises(OSError, match="No space left on device"):
        media.write(os.urandom(1 << 20))
    assert [path.name for path in disk.rglob("*") if path.is_file()] == [kept.hex()]
    assert media.read(media.write(b"x" * (1 << 20))) == b"x" * (1 << 20)


@pytest.fixture
async def desk(tmp_path: Path) -> Settings:
    """A desk on a disk that has room."""
    folder = passable_folder()
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(folder)})
    async with open_store(settings) as store, store.database.transaction() as db:
        for _ in range(50):
            await db.execute(DESK, LONG)
    return settings


async def test_backup_and_restore_say_what_they_lack_and_leave_nothing(
    desk: Settings, disk: Path, settings: Settings, tmp_path: Path
) -> None:
    try:
        target = disk / "one.earful"
        with full(disk), pytest.raises(StoreError, match=r"can't be written.*No space left"):
            await backup(desk, target, PASSPHRASE, now=NOW)
        assert names_in(disk) == []
        assert read_record(desk.data_dir).last_backup_at is None

        shelved = replace(
            desk, backup_dir=disk, backup_passphrase_file=tmp_path / "secret", backup_keep=1
        )
        (tmp_path / "secret").write_text(PASSPHRASE)
        first = await scheduled_backup(shelved, now=NOW)
        assert first is not None
        with full(disk), pytest.raises(StoreError, match="No space left"):
            await scheduled_backup(shelved, now=NOW + timedelta(days=1))
        assert names_in(disk) == [Path(first.path).name, FILE], "the old one stays"
        known = (disk / FILE).read_bytes()
        with full(disk), pytest.raises(OSError, match="No space left"):
            lay_beside(desk, disk, NOW + timedelta(days=1))
        assert (disk / FILE).read_bytes() == known
        assert names_in(disk) == [Path(first.path).name, FILE], "no half of a list"
        assert read_through(Path(first.path), PASSPHRASE)
        assert await scheduled_backup(shelved, now=NOW + timedelta(days=1)) is not None

        await backup(desk, tmp_path / "one.earful", PASSPHRASE, now=NOW)
        with full(disk), pytest.raises(StoreError, match="No space left"):
            await restore(settings, tmp_path / "one.earful", PASSPHRASE)
    finally:
        shutil.rmtree(desk.data_dir)
