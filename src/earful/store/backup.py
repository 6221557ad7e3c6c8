"""Makes a backup: database and media in one encrypted file, whole or not there at all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import IO

import msgspec

from earful.settings import Settings
from earful.store.archive import FORMAT, Manifest, Progress, write_archive
from earful.store.binaries import find_binaries
from earful.store.dump import dump
from earful.store.errors import StoreError
from earful.store.opening import serving
from earful.store.records import BackupRecord, backup_due, read_record, write_record
from earful.store.secret_key import secret_key

SUFFIX = ".earful"


class Backup(msgspec.Struct, frozen=True):
    """A finished backup; sizes in bytes. `words` tells the operator what else to keep."""

    path: str
    file_bytes: int
    database_bytes: int
    media_files: int
    media_bytes: int
    with_key: bool
    words: str


def silent(_part: str, _done: int) -> None:
    """Progress that nobody looks at."""


async def backup(
    settings: Settings,
    target: Path,
    passphrase: str,
    *,
    now: datetime,
    with_key: bool = False,
    progress: Progress = silent,
) -> Backup:
    """Write a backup to `target`, which must not exist. Runs beside a working desk.

    `progress` is called from another thread. Raises StoreError; then nothing is left at `target`.
    """
    async with serving(settings) as (addresses, running):
        owner = addresses.owner_or_refuse()
        bin_dir = running.bin_dir if running else find_binaries(settings.pg_bin)
        manifest = Manifest(FORMAT, version("earful"), now, with_key)

        def work() -> Backup:
            with _whole_file(target) as file:
                end = write_archive(
                    file,
                    passphrase,
                    manifest,
                    database=dump(bin_dir, owner),
                    media_dir=settings.media_dir,
                    key=secret_key(settings) if with_key else None,
                    progress=progress,
                )
            return Backup(
                path=str(target),
                file_bytes=target.stat().st_size,
                database_bytes=end.database_bytes,
                media_files=end.media_files,
                media_bytes=end.media_bytes,
                with_key=with_key,
                words=_words(with_key),
            )

        done = await asyncio.to_thread(work)
    _remember(settings, done, now)
    return done


async def scheduled_backup(settings: Settings, *, now: datetime) -> Backup | None:
    """Make a backup in EARFUL_BACKUP_DIR, named by the time, if one is due; otherwise None.

    Then the oldest ones are deleted. The secret key is not in it: what runs unattended should not
    put lock and key side by side. Raises StoreError.
    """
    folder, passphrase_file = settings.backup_dir, settings.backup_passphrase_file
    if folder is None or passphrase_file is None:
        return None
    every_for = timedelta(hours=settings.backup_every_hours)
    if not backup_due(settings.data_dir, now, every_for=every_for):
        return None
    passphrase = await asyncio.to_thread(read_passphrase, passphrase_file)
    target = folder / f"earful-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    done = await backup(settings, target, passphrase, now=now)
    await asyncio.to_thread(prune, folder, keep=settings.backup_keep)
    return done


def read_passphrase(path: Path) -> str:
    """The first line of the file. Raises StoreError."""
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"The passphrase can't be read: {error}.") from None


def prune(folder: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest `keep` scheduled backups in `folder`; returns the deleted."""
    found = sorted(folder.glob(f"earful-*{SUFFIX}"))
    old = found[: max(0, len(found) - keep)]
    for path in old:
        path.unlink()
    return old


@contextmanager
def _whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name only when everything is on the disk."""
    if target.exists():
        raise StoreError(f"{target} is already there; a backup is never written over another.")
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, target)
        _sync_folder(target.parent)
    except FileExistsError:
        raise StoreError(f"{target} appeared meanwhile and was left alone.") from None
    except OSError as error:
        raise StoreError(f"The backup can't be written: {error}.") from error
    finally:
        partial.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _words(with_key: bool) -> str:
    if with_key:
        return "The secret key is inside: whoever has this file and the passphrase has everything."
    return (
        "The secret key is NOT inside. Keep it in another place: without it the credentials of "
        "channels and the second factors in this backup can't be read."
    )


def _remember(settings: Settings, done: Backup, now: datetime) -> None:
    last = read_record(settings.data_dir)
    write_record(
        settings.data_dir,
        BackupRecord(
            last_backup_at=now,
            last_backup=done.path,
            last_backup_bytes=done.file_bytes,
            held_key=done.with_key,
            last_restore_test_at=last.last_restore_test_at,
        ),
    )
