"""Copies of the list of erasures, beside the backups: the data folder's is lost with the desk.

A backup knows who was erased before it was made, and nobody else. So the list lies in
EARFUL_BACKUP_DIR, in the bucket, and beside each backup as well. What stands in it are keyed hashes
(decision 9); the last line of a copy says until when it is known to be complete.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from earful.settings import Settings
from earful.store.backup_file import SUFFIX
from earful.store.errors import StoreError

FILE = "erasures.jsonl"
MISSING = "erasures.missing"
"""In the data folder: this desk was restored without a list, or with one that is too old."""
NAMED = re.compile(r"(?:earful|upgrade)-(\d{8}T\d{6}Z)")
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
                lay_beside(settings, settings.backup_dir, now)
            if settings.backup_bucket:
                renew_in_bucket(settings, now)
        except OSError as error:
            raise StoreError(f"The list of erasures could not be copied: {error}") from error
        self._said, self._at = ours, now
        return True

    def soon(self) -> None:
        """Renew the copies the next time in any case: there is a new backup."""
        self._at = None


def lay_beside(settings: Settings, folder: Path, now: datetime) -> None:
    """Bring the copy in a folder of backups in line with this desk's list. Raises OSError."""
    path = folder / FILE
    _replace(path, united([_read(path), _read(settings.data_dir / FILE)], now))


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


class Found(msgspec.Struct, frozen=True):
    """What a restore can know of erasures: all lists as one, None where there is none at all.

    `own` tells that a data folder's own list is among them, which knows of all; `newest` is when
    the newest backup that can be seen was made.
    """

    lists: bytes | None
    own: bool
    newest: datetime | None


def gather(settings: Settings, source: Path | None, more: Path | None) -> Found:
    """All lists that a restore can find. Blocks.

    Looked at are the data folder, EARFUL_BACKUP_DIR, the bucket, the folder of the backup, and
    `more`. Raises StoreError if the bucket does not answer: who was erased might stand there alone.
    """
    folders = [one for one in (settings.backup_dir, source.parent if source else None) if one]
    mine = settings.data_dir / FILE
    places = dict.fromkeys([mine, more, *(folder / FILE for folder in folders)])
    lists = [place.read_bytes() for place in places if place and place.is_file()]
    names = [path.name for folder in folders for path in folder.glob(f"*{SUFFIX}")]
    if settings.backup_bucket:
        there, more_names = _in_bucket(settings)
        lists += there
        names += more_names
    return Found(
        lists=united(lists, max(filter(None, map(known_until, lists)), default=None))
        if lists
        else None,
        own=more is not None or mine.is_file(),
        newest=max(filter(None, map(_made_at, names)), default=None),
    )


def _made_at(name: str) -> datetime | None:
    """When a backup that Earful named was made."""
    found = NAMED.match(name)
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S%z") if found else None


def _in_bucket(settings: Settings) -> tuple[list[bytes], list[str]]:
    """The bucket's list, and the names of what lies there."""
    from earful.store.off_machine import bucket_of  # noqa: PLC0415 - its library is large

    bucket = bucket_of(settings)
    try:
        names = [name for name, _ in bucket.names()]
        return ([bucket.get(FILE)] if FILE in names else []), names
    except OSError as error:
        raise StoreError(
            f"The list of erasures in the bucket can't be read: {error}. Without it people who "
            "were erased may come back; unset EARFUL_BACKUP_BUCKET to restore all the same."
        ) from error


def renew_in_bucket(settings: Settings, now: datetime) -> None:
    """Bring the bucket's copy in line with this desk's list. Blocks. Raises OSError."""
    from earful.store.off_machine import bucket_of  # noqa: PLC0415 - as above

    bucket = bucket_of(settings)
    try:
        there = bucket.get(FILE)
    except FileNotFoundError:
        there = b""
    bucket.put(FILE, united([there, _read(settings.data_dir / FILE)], now))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _replace(path: Path, data: bytes) -> None:
    fresh = path.with_suffix(".tmp")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        fresh.unlink()
        raise
    fresh.replace(path)
