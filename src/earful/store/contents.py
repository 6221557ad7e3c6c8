"""Content by its SHA-256, in two levels of folders: files, or objects of a bucket.

Written whole or not at all. Media lie here; backups carry them.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from earful.settings import Settings

if TYPE_CHECKING:
    from earful.kit.bucket import Bucket

_NAME = re.compile(r"[0-9a-f]{64}")


class MediaStore(Protocol):
    """Where content is kept by its SHA-256. All calls block; they raise OSError."""

    def write(self, data: bytes) -> bytes:
        """Keep `data` durably; returns its SHA-256. Writing the same again changes nothing."""

    def read(self, digest: bytes) -> bytes:
        """The bytes of `digest`. Raises FileNotFoundError."""

    def has(self, digest: bytes) -> bool:
        """Whether `digest` is kept."""

    def delete(self, digest: bytes) -> None:
        """Forget `digest`; forgetting what is not there changes nothing."""

    def digests(self) -> Iterator[bytes]:
        """All that is kept, in order."""

    def older(self, before: datetime) -> Iterator[bytes]:
        """What was written before, in no order. Half-written files of that age are removed."""


def path_of(digest: bytes) -> str:
    """Where `digest` lies below the root."""
    name = digest.hex()
    return f"{name[:2]}/{name[2:4]}/{name}"


def _digest_at(path: str) -> bytes | None:
    """The digest that lies at `path`; None for what is being written, or is none of ours."""
    name = path.rpartition("/")[2]
    return bytes.fromhex(name) if _NAME.fullmatch(name) else None


class MediaFiles:
    """A folder of content-addressed files."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, digest: bytes) -> Path:
        return self._root / path_of(digest)

    def write(self, data: bytes) -> bytes:
        """Keep `data` durably; returns its SHA-256. Writing the same again changes nothing."""
        digest = hashlib.sha256(data).digest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return digest

    def read(self, digest: bytes) -> bytes:
        """The bytes of `digest`. Raises FileNotFoundError."""
        return self._path(digest).read_bytes()

    def has(self, digest: bytes) -> bool:
        """Whether `digest` is kept."""
        return self._path(digest).exists()

    def delete(self, digest: bytes) -> None:
        """Forget `digest`; forgetting what is not there changes nothing."""
        self._path(digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[bytes]:
        """All that is kept, in order."""
        for path in sorted(self._root.glob("??/??/*")):
            if digest := _digest_at(path.name):
                yield digest

    def older(self, before: datetime) -> Iterator[bytes]:
        """What was written before, in no order. Half-written files of that age are removed."""
        for path in self._root.glob("??/??/*"):
            try:
                if path.stat().st_mtime >= before.timestamp():
                    continue
            except FileNotFoundError:
                continue  # deleted meanwhile
            if digest := _digest_at(path.name):
                yield digest
            elif path.name.startswith(tempfile.gettempprefix()):
                path.unlink(missing_ok=True)


class MediaBucket:
    """Content-addressed objects of a bucket."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def write(self, data: bytes) -> bytes:
        """Keep `data`; returns its SHA-256."""
        digest = hashlib.sha256(data).digest()
        if not self.has(digest):
            self._bucket.put(path_of(digest), data)
        return digest

    def read(self, digest: bytes) -> bytes:
        """The bytes of `digest`. Raises FileNotFoundError."""
        return self._bucket.get(path_of(digest))

    def has(self, digest: bytes) -> bool:
        """Whether `digest` is kept."""
        return self._bucket.has(path_of(digest))

    def delete(self, digest: bytes) -> None:
        """Forget `digest`; forgetting what is not there changes nothing."""
        self._bucket.delete(path_of(digest))

    def digests(self) -> Iterator[bytes]:
        """All that is kept, in order."""
        found = (_digest_at(name) for name, _ in self._bucket.names())
        yield from sorted(digest for digest in found if digest)

    def older(self, before: datetime) -> Iterator[bytes]:
        """What was written before. A bucket keeps nothing half-written."""
        for name, changed_at in self._bucket.changed():
            if changed_at < before and (digest := _digest_at(name)):
                yield digest


def media_store(settings: Settings) -> MediaStore:
    """Where the settings say that media are kept. Raises OSError for a secret that can't be read.

    The client of buckets is only loaded where there is one: it takes memory.
    """
    if not settings.media_bucket:
        return MediaFiles(settings.media_dir)
    from earful.kit.bucket import Bucket, place_of  # noqa: PLC0415

    place = place_of(
        settings.media_bucket,
        region=settings.media_bucket_region,
        key_id=settings.media_bucket_key_id,
        secret=settings.media_bucket_secret,
        secret_file=settings.media_bucket_secret_file,
    )
    return MediaBucket(Bucket(place))
