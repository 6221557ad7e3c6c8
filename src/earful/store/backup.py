"""Makes a backup: database and media in one encrypted file, whole or not there at all."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from earful.settings import Settings
from earful.store.archive import Progress
from earful.store.backup_file import SCHEDULED, SUFFIX, prune, silent, sweep, write_backup
from earful.store.binaries import find_binaries
from earful.store.contents import media_store
from earful.store.erasure_copies import lay_beside
from earful.store.opening import serving
from earful.store.passphrases import read_passphrase
from earful.store.records import backup_due, read_record, write_record
from earful.store.secret_key import secret_key

LOCK = "backups.lock"


class Backup(msgspec.Struct, frozen=True):
    """A finished backup; sizes in bytes. `words` tells the operator what else to keep.

    `in_bucket` is what `earful restore` calls the copy, if there is one.
    """

    path: str
    file_bytes: int
    database_bytes: int
    media_files: int
    media_bytes: int
    with_key: bool
    words: str
    in_bucket: str = ""


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

        def work() -> Backup:
            end = write_backup(
                target,
                passphrase,
                bin_dir=bin_dir,
                owner_uri=owner,
                media=media_store(settings),
                key=secret_key(settings) if with_key else None,
                now=now,
                progress=progress,
            )
            return Backup(
                path=str(target),
                file_bytes=target.stat().st_size,
                database_bytes=end.database_bytes,
                media_files=end.media_files,
                media_bytes=end.media_bytes,
                with_key=with_key,
                words=f"{_words(with_key)}{_lay_beside(settings, target.parent, now)}",
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
    with _alone(settings.data_dir / LOCK) as alone:
        if not alone or not backup_due(settings.data_dir, now, every_for=every_for):
            return None
        passphrase = await asyncio.to_thread(read_passphrase, passphrase_file)
        await asyncio.to_thread(sweep, folder, SCHEDULED)
        target = folder / f"earful-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
        done = await backup(settings, target, passphrase, now=now)
        await asyncio.to_thread(prune, folder, SCHEDULED, keep=settings.backup_keep)
    return done


@contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    """Whether no other worker makes the scheduled backup right now."""
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _lay_beside(settings: Settings, folder: Path, now: datetime) -> str:
    """Whoever restores it later must know whom the desk erased; what went wrong, in words."""
    try:
        lay_beside(settings, folder, now)
    except OSError as error:
        return f" The list of erasures could not be put beside it: {error}."
    return ""


def _words(with_key: bool) -> str:
    if with_key:
        return "The secret key is inside: whoever has this file and the passphrase has everything."
    return (
        "The secret key is NOT inside. Keep it in another place: without it the credentials of "
        "channels and the second factors in this backup can't be read."
    )


def _remember(settings: Settings, done: Backup, now: datetime) -> None:
    fresh = msgspec.structs.replace(
        read_record(settings.data_dir),
        last_backup_at=now,
        last_backup=done.path,
        last_backup_bytes=done.file_bytes,
        held_key=done.with_key,
    )
    write_record(settings.data_dir, fresh)
