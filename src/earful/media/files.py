"""Files by the SHA-256 of their content, in two levels of folders. Written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol


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


class MediaFiles:
    """A folder of content-addressed files."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, digest: bytes) -> Path:
        name = digest.hex()
        return self._root / name[:2] / name[2:4] / name

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
