"""The doctor's look at backups: made, proved, and in another place than the desk."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from earful.settings import Settings
from earful.store.erasure_copies import FILE, MISSING
from earful.store.errors import StoreError
from earful.store.findings import Check, fail, ok, warn
from earful.store.passphrases import read_passphrase
from earful.store.records import BackupRecord, read_record
from earful.store.sealed import SHORTEST_PASSPHRASE

OLD_BACKUP = timedelta(days=2)
OLD_PROOF = timedelta(days=90)


def check_backups(settings: Settings, now: datetime) -> list[Check]:
    """All findings about backups. Blocks: it asks the bucket."""
    record = read_record(settings.data_dir)
    return [_backup(record, now), _schedule(settings), _away(settings, record, now),
            _proof(record, now), _erasures(settings)]  # fmt: skip


def _backup(record: BackupRecord, now: datetime) -> Check:
    last = record.last_backup_at
    if last is None:
        return warn("backup", "There has never been a backup: earful backup FILE.")
    key = "the secret key is inside" if record.held_key else "the secret key is not inside"
    words = f"The last one is {_age(now - last)} old ({record.last_backup}; {key})"
    if now - last > OLD_BACKUP:
        return warn("backup", f"{words}: make a newer one.")
    return ok("backup", f"{words}.")


def _schedule(settings: Settings) -> Check:
    folder, file = settings.backup_dir, settings.backup_passphrase_file
    if folder is None or file is None:
        return warn(
            "backup schedule",
            "None: set EARFUL_BACKUP_DIR and EARFUL_BACKUP_PASSPHRASE_FILE, or call earful backup "
            "from a schedule of your own.",
        )
    if not folder.is_dir():
        return fail("backup schedule", f"EARFUL_BACKUP_DIR ({folder}) is not there.")
    try:
        passphrase = read_passphrase(file)
    except StoreError as error:
        return fail("backup schedule", str(error))
    if len(passphrase) < SHORTEST_PASSPHRASE:
        words = f"The passphrase in {file} needs at least {SHORTEST_PASSPHRASE} characters."
        return fail("backup schedule", words)
    if file.resolve().is_relative_to(folder.resolve()):
        words = f"{file} lies beside what it encrypts: move it, and keep a copy in a third place."
        return warn("backup schedule", words)
    return ok("backup schedule", f"Every {settings.backup_every_hours} hours, to {folder}.")


def _away(settings: Settings, record: BackupRecord, now: datetime) -> Check:
    """Whether the loss of this machine, or this disk, loses the backups too."""
    if settings.backup_bucket:
        return _bucket(settings, record, now)
    folder = settings.backup_dir
    if folder is None or not folder.is_dir() or not settings.data_dir.is_dir():
        return warn("backup away", "Nothing tells that a backup is kept off this machine.")
    if _device(folder) == _device(settings.data_dir):
        return warn(
            "backup away",
            f"{folder} is on the same disk as the desk, and is lost with it: set "
            "EARFUL_BACKUP_BUCKET, or mount another disk there.",
        )
    return ok("backup away", f"{folder} is on another disk than the desk.")


def _bucket(settings: Settings, record: BackupRecord, now: datetime) -> Check:
    from earful.store.off_machine import bucket_of  # noqa: PLC0415 - its library is large

    try:
        number = sum(1 for _ in bucket_of(settings).names())
    except OSError as error:
        return fail("backup away", f"{error}")
    if record.copy_error:
        return fail("backup away", f"The last copy failed. {record.copy_error}")
    if record.last_copy_at is None:
        return warn("backup away", "Nothing was copied to the bucket yet: does a worker run?")
    words = f"The bucket holds {number} files; it was brought in line "
    words += f"{_age(now - record.last_copy_at)} ago"
    if now - record.last_copy_at > OLD_BACKUP:
        return warn("backup away", f"{words}: does a worker run?")
    return ok("backup away", f"{words}.")


def _erasures(settings: Settings) -> Check:
    """Whether those who were erased would stay so after a restore, and did after the last."""
    with suppress(FileNotFoundError):
        noted = (settings.data_dir / MISSING).read_text(encoding="utf-8")
        return warn("erasures", f"After the restore: {noted.strip()}")
    if settings.backup_dir is None and not settings.backup_bucket:
        words = f"{FILE} is in the data folder alone, and lost with it"
        return warn("erasures", f"{words}: set EARFUL_BACKUP_DIR, or keep a copy by hand.")
    return ok("erasures", "The list of those who were erased lies with the backups.")


def _device(folder: Path) -> int:
    return folder.stat().st_dev


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
