"""`<data_dir>/backups.json`: when the last backup was made, and when one was last proved."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec


class BackupRecord(msgspec.Struct, frozen=True):
    """What is known about backups. `held_key` tells whether the last one holds the secret key.

    `last_copy_at` is when the bucket last had every backup that is kept, `copy_error` what
    went wrong since, in words.
    """

    last_backup_at: datetime | None = None
    last_backup: str = ""
    last_backup_bytes: int = 0
    held_key: bool = False
    last_restore_test_at: datetime | None = None
    last_copy_at: datetime | None = None
    copy_error: str = ""


def read_record(data_dir: Path) -> BackupRecord:
    """The record; an empty one if there is none or it can't be read."""
    try:
        return msgspec.json.decode((data_dir / "backups.json").read_bytes(), type=BackupRecord)
    except (FileNotFoundError, msgspec.DecodeError):
        return BackupRecord()


def write_record(data_dir: Path, record: BackupRecord) -> None:
    """Replace the record."""
    fresh = data_dir / "backups.json.tmp"
    fresh.write_bytes(msgspec.json.encode(record))
    fresh.replace(data_dir / "backups.json")


def backup_due(data_dir: Path, now: datetime, *, every_for: timedelta) -> bool:
    """Whether the last backup is older than `every_for`, or there is none."""
    last = read_record(data_dir).last_backup_at
    return last is None or now - last >= every_for
