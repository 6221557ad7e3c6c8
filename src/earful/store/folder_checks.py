"""The doctor's look at the data folder: room, key, backups."""

from __future__ import annotations

import shutil
import stat
from datetime import datetime, timedelta

from earful.settings import Settings
from earful.store.findings import Check, fail, ok, warn
from earful.store.records import BackupRecord, read_record
from earful.store.secret_key import key_path

LITTLE_ROOM = 5 << 30  # bytes
NO_ROOM = 500 << 20
OLD_BACKUP = timedelta(days=2)
OLD_PROOF = timedelta(days=90)


def check_folder(settings: Settings, now: datetime) -> list[Check]:
    """All findings about the data folder."""
    record = read_record(settings.data_dir)
    return [
        _room(settings),
        _key(settings),
        _backup(record, now),
        _proof(record, now),
    ]


def _room(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.data_dir).free
    words = f"{free / (1 << 30):.1f} GB free where {settings.data_dir} lies"
    if free < NO_ROOM:
        return fail("disk", f"{words}: the database stops when the disk is full.")
    if free < LITTLE_ROOM:
        return warn("disk", f"{words}: make room soon.")
    return ok("disk", f"{words}.")


def _key(settings: Settings) -> Check:
    if settings.secret_key:
        return ok("secret key", "From EARFUL_SECRET_KEY.")
    path = key_path(settings)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return warn("secret key", f"There is none yet; the first start makes {path}.")
    if mode & 0o077:
        return fail("secret key", f"Others can read {path}. Close it: chmod 600 {path}")
    return ok("secret key", f"In {path}. Keep a copy of it in another place.")


def _backup(record: BackupRecord, now: datetime) -> Check:
    last = record.last_backup_at
    if last is None:
        return warn("backup", "There has never been a backup: earful backup FILE.")
    words = f"The last one is {_age(now - last)} old ({record.last_backup})"
    if now - last > OLD_BACKUP:
        return warn("backup", f"{words}: make a newer one.")
    return ok("backup", f"{words}.")


def _proof(record: BackupRecord, now: datetime) -> Check:
    last = record.last_restore_test_at
    if last is None:
        return warn(
            "restore test",
            "No backup has ever been restored as a test, so nobody knows whether it would work: "
            "earful restore --test FILE.",
        )
    words = f"A backup was last restored as a test {_age(now - last)} ago"
    if now - last > OLD_PROOF:
        return warn("restore test", f"{words}: do it again.")
    return ok("restore test", f"{words}.")


def _age(length: timedelta) -> str:
    hours = max(0, int(length.total_seconds() // 3600))
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
