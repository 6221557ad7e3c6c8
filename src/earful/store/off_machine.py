"""Copies of the backups in a bucket, so that losing this machine does not lose them too.

The bucket mirrors what is kept in EARFUL_BACKUP_DIR: whatever is missing there is put there, at the
next hour if it failed at this one, and the oldest go. Files of other names are left alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path

import msgspec

from earful.kit.bucket import Bucket, place_of
from earful.settings import Settings
from earful.store.backup_file import SCHEDULED, SUFFIX
from earful.store.erasure_copies import renew_in_bucket
from earful.store.errors import StoreError
from earful.store.folder import make_data_dir
from earful.store.records import read_record, write_record
from earful.store.upgrade import KEPT, PATTERN

IN_BUCKET = "bucket:"
"""What stands before the name of a backup that is to be fetched from the bucket."""


def bucket_of(settings: Settings) -> Bucket:
    """The bucket for copies. Raises StoreError if none is set, or its secret can't be read."""
    if not settings.backup_bucket:
        raise StoreError("EARFUL_BACKUP_BUCKET is not set.")
    try:
        place = place_of(
            settings.backup_bucket,
            region=settings.backup_bucket_region,
            key_id=settings.backup_bucket_key_id,
            secret=settings.backup_bucket_secret,
            secret_file=settings.backup_bucket_secret_file,
        )
    except OSError as error:
        raise StoreError(f"The bucket's secret can't be read: {error}") from error
    return Bucket(place)


def copy_away(settings: Settings, *, now: datetime) -> list[str]:
    """Bring the bucket in line with the folder; returns the names of new copies. Blocks.

    Raises StoreError, which is remembered for the doctor; what is missing is tried again next time.
    """
    if not settings.backup_bucket or settings.backup_dir is None:
        return []
    try:
        copied = _mirror(bucket_of(settings), settings.backup_dir, settings.backup_keep)
    except OSError as error:
        _remember(settings, copy_error=f"{now:%Y-%m-%d %H:%M} UTC: {error}")
        raise StoreError(f"The backups could not be copied to the bucket: {error}") from error
    _remember(settings, last_copy_at=now, copy_error="")
    return copied


def refuse_taken(settings: Settings, name: str) -> None:
    """Raise StoreError if no backup of that name can go to the bucket. Blocks."""
    try:
        taken = bucket_of(settings).has(name)
    except OSError as error:
        raise StoreError(f"The bucket can't be asked: {error}") from error
    if taken:
        raise StoreError(f"The bucket has a {name} already: choose another name.")


def copy_one(settings: Settings, path: Path, *, now: datetime) -> str:
    """Put a backup made by hand there, with the list of erasures; returns what `at_hand` knows it
    by. Raises StoreError."""
    bucket = bucket_of(settings)
    try:
        with path.open("rb") as file:
            bucket.put(path.name, file)
        renew_in_bucket(settings, now)
    except OSError as error:
        raise StoreError(
            f"The backup is in {path}, but could not be copied to the bucket: {error}"
        ) from error
    return IN_BUCKET + path.name


def _mirror(bucket: Bucket, folder: Path, keep: int) -> list[str]:
    there = dict(bucket.names())
    copied = []
    for pattern, number in ((SCHEDULED, keep), (PATTERN, KEPT)):
        for path in sorted(folder.glob(pattern))[-number:]:
            if there.get(path.name) != path.stat().st_size:
                with path.open("rb") as file:
                    bucket.put(path.name, file)
                copied.append(path.name)
        known = sorted({name for name in (*there, *copied) if fnmatch(name, pattern)})
        for name in known[: max(0, len(known) - number)]:
            bucket.delete(name)
    return copied


def _remember(settings: Settings, **known: object) -> None:
    record = msgspec.structs.replace(read_record(settings.data_dir), **known)
    write_record(settings.data_dir, record)


@contextmanager
def at_hand(settings: Settings, source: str) -> Iterator[Path]:
    """The backup `source` as a file: itself, or fetched from the bucket for as long as needed.

    Blocks. Raises StoreError.
    """
    if not source.startswith(IN_BUCKET):
        yield Path(source)
        return
    bucket, name = bucket_of(settings), source.removeprefix(IN_BUCKET)
    if not name:
        raise StoreError(f"Say which backup: the bucket has {_listed(bucket)}.")
    make_data_dir(settings.data_dir)
    with tempfile.TemporaryDirectory(prefix=".fetched-", dir=settings.data_dir) as folder:
        target = Path(folder) / f"fetched{SUFFIX}"
        try:
            with target.open("wb") as file:
                for piece in bucket.pieces(name):
                    file.write(piece)
        except FileNotFoundError:
            raise StoreError(f"The bucket has no backup {name!r}, but {_listed(bucket)}.") from None
        except OSError as error:
            raise StoreError(f"The backup could not be fetched: {error}") from error
        yield target


def _listed(bucket: Bucket) -> str:
    try:
        names = sorted(name for name, _ in bucket.names() if name.endswith(SUFFIX))
    except OSError as error:
        raise StoreError(f"The bucket can't be listed: {error}") from error
    return ", ".join(names) or "nothing"
