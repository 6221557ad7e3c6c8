"""Writes one backup file: whole, durable and readable by us alone, or not there at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from earful.store.archive import FORMAT, End, Manifest, Progress, write_archive
from earful.store.contents import MediaStore
from earful.store.dump import dump
from earful.store.errors import StoreError
from earful.store.folder import sync_folder

SUFFIX = ".earful"
SCHEDULED = f"earful-*{SUFFIX}"
"""What scheduled backups are called; the names hold the time."""


PARTIAL = ".partial"


def silent(_part: str, _done: int) -> None:
    """Progress that nobody looks at."""


def write_backup(
    target: Path,
    passphrase: str,
    *,
    bin_dir: Path,
    owner_uri: str,
    media: MediaStore | None,
    key: str | None,
    now: datetime,
    progress: Progress = silent,
) -> End:
    """Write the database, and media and key where given, to `target`, which must not exist.

    Blocks. Raises StoreError; then nothing is left at `target`.
    """
    manifest = Manifest(
        FORMAT, version("earful"), now, with_key=key is not None, with_media=media is not None
    )
    with _whole_file(target) as file:
        return write_archive(
            file,
            passphrase,
            manifest,
            database=dump(bin_dir, owner_uri),
            media=media,
            key=key,
            progress=progress,
        )


def sweep(folder: Path, pattern: str) -> None:
    """Delete what killed processes left of files called like `pattern`.

    Only where no other process can be writing one of them.
    """
    for path in folder.glob(f".{pattern}.*{PARTIAL}"):
        path.unlink(missing_ok=True)


def prune(folder: Path, pattern: str, *, keep: int) -> list[Path]:
    """Delete all but the newest `keep` files called like `pattern`; returns the deleted.

    The names hold the time, so their order is that of the times.
    """
    found = sorted(folder.glob(pattern))
    old = found[: max(0, len(found) - keep)]
    for path in old:
        path.unlink()
    return old


@contextmanager
def _whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name only when everything is on the disk."""
    if target.exists():
        raise StoreError(f"{target} is already there; a backup is never written over another.")
    partial = target.with_name(f".{target.name}.{os.getpid()}{PARTIAL}")
    partial.unlink(missing_ok=True)  # of a process that had our number and was killed
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, target)
        sync_folder(target.parent)
    except FileExistsError:
        raise StoreError(f"{target} appeared meanwhile and was left alone.") from None
    except OSError as error:
        raise StoreError(f"The backup can't be written: {error}.") from error
    finally:
        partial.unlink(missing_ok=True)
