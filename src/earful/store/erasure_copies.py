"""Copies of the list of erasures, beside the backups: the data folder's is lost with the desk.

A backup knows who was erased before it was made, and nobody else. So the list lies in
EARFUL_BACKUP_DIR and in the bucket as well. What stands in it are keyed hashes (decision 9); the
last line of a copy says until when it is known to be complete.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from earful.settings import Settings
from earful.store.errors import StoreError

FILE = "erasures.jsonl"
MISSING = "erasures.missing"
"""In the data folder: this desk was restored without any list."""
RENEW_AFTER = timedelta(hours=1)


class Known(msgspec.Struct, frozen=True):
    """The last line of a copy: until `known_until` it has every erasure."""

    known_until: datetime


def lines_of(data: bytes) -> list[bytes]:
    """The erasures of a list, as they stand there; a line that was cut off is passed over."""
    found = []
    for line in data.splitlines():
        try:
            kept = msgspec.json.decode(line, type=dict[str, object])
        except msgspec.DecodeError:
            continue
        if "known_until" not in kept and line not in found:
            found.append(line)
    return found


def known_until(data: bytes) -> datetime | None:
    """Until when a list is known to be complete; None where it does not say."""
    found = None
    for line in data.splitlines():
        try:
            said = msgspec.json.decode(line, type=Known).known_until
        except msgspec.DecodeError:
            continue
        found = said if found is None else max(found, said)
    return found


def united(lists: Iterable[bytes], until: datetime | None) -> bytes:
    """All erasures of the lists, once each, and until when they are complete."""
    lines = list(dict.fromkeys(line for data in lists for line in lines_of(data)))
    if until is not None:
        lines.append(msgspec.json.encode(Known(until)))
    return b"".join(line + b"\n" for line in lines)


class Copies:
    """Keeps the copies in line, as long as one process runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._said: bytes | None = None
        self._at: datetime | None = None

    def bring_in_line(self, now: datetime) -> bool:
        """Renew the copies if the list grew, or an hour has passed. True if it did. Blocks.

        Raises StoreError; then it is tried again the next time.
        """
        settings = self._settings
        if settings.backup_dir is None and not settings.backup_bucket:
            return False
        ours = _read(settings.data_dir / FILE)
        fresh = self._at is not None and now - self._at < RENEW_AFTER
        if fresh and ours == self._said:
            return False
        try:
            if settings.backup_dir is not None:
                path = settings.backup_dir / FILE
                _replace(path, united([_read(path), ours], now))
            if settings.backup_bucket:
                _renew_in_bucket(settings, ours, now)
        except OSError as error:
            raise StoreError(f"The list of erasures could not be copied: {error}") from error
        self._said, self._at = ours, now
        return True


def add_beside(settings: Settings, line: bytes) -> None:
    """Put an erasure into the copy beside the backups at once. A folder that is away is no error:
    the worker brings its copy in line later."""
    if settings.backup_dir is None:
        return
    try:
        append_line(settings.backup_dir / FILE, line)
    except OSError:
        return


def append_line(path: Path, line: bytes) -> None:
    """Add a line, durably."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def gather(settings: Settings, source: Path | None, more: Path | None) -> bytes | None:
    """All lists that a restore can find, as one; None where there is none at all. Blocks.

    Looked at are the data folder, EARFUL_BACKUP_DIR, the bucket, the folder of the backup, and
    `more`. Raises StoreError if the bucket does not answer: who was erased might stand there alone.
    """
    places = [settings.data_dir / FILE, more, source.parent / FILE if source else None]
    places.append(settings.backup_dir / FILE if settings.backup_dir else None)
    lists = [place.read_bytes() for place in dict.fromkeys(places) if place and place.is_file()]
    if settings.backup_bucket:
        lists += _in_bucket(settings)
    if not lists:
        return None
    said = [until for until in map(known_until, lists) if until is not None]
    return united(lists, max(said, default=None))


def _in_bucket(settings: Settings) -> list[bytes]:
    from earful.store.off_machine import bucket_of  # noqa: PLC0415 - its library is large

    try:
        return [bucket_of(settings).get(FILE)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(
            f"The list of erasures in the bucket can't be read: {error}. Without it people who "
            "were erased may come back; unset EARFUL_BACKUP_BUCKET to restore all the same."
        ) from error


def _renew_in_bucket(settings: Settings, ours: bytes, now: datetime) -> None:
    from earful.store.off_machine import bucket_of  # noqa: PLC0415 - as above

    bucket = bucket_of(settings)
    try:
        there = bucket.get(FILE)
    except FileNotFoundError:
        there = b""
    bucket.put(FILE, united([there, ours], now))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _replace(path: Path, data: bytes) -> None:
    fresh = path.with_suffix(".tmp")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
