"""What a backup holds: a tar stream of manifest, database in pieces, media, perhaps the key.

The database is cut into members, since tar wants each size beforehand and a dump's is not known;
so nothing waits unencrypted on a disk. The last member tells what must have come before it.
"""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO, cast

import msgspec

from earful.store.contents import MediaStore, path_of
from earful.store.sealed import SealedReader, SealedWriter, Unreadable

FORMAT = 1
MANIFEST, END, KEY = "manifest.json", "end.json", "secret.key"
DATABASE, MEDIA = "database/", "media/"
MEDIA_NAME = re.compile(r"media/([0-9a-f]{2})/([0-9a-f]{2})/([0-9a-f]{64})")


class Manifest(msgspec.Struct, frozen=True):
    """The first thing in a backup. Without media, those of the data folder belong to it."""

    format: int
    earful: str
    created_at: datetime
    with_key: bool
    with_media: bool = True


class End(msgspec.Struct, frozen=True):
    """The last thing in a backup; sizes in bytes."""

    database_bytes: int
    database_sha256: str
    media_files: int
    media_bytes: int


Progress = Callable[[str, int], None]
"""Called with what is worked on (`database` or `media`) and how many bytes of it are done."""


def write_archive(
    file: IO[bytes],
    passphrase: str,
    manifest: Manifest,
    *,
    database: Iterable[bytes],
    media: MediaStore | None,
    key: str | None,
    progress: Progress,
) -> End:
    """Write a whole backup to `file`; without `media`, one without media."""
    sealed = SealedWriter(file, passphrase)
    with tarfile.open(mode="w|", fileobj=cast("IO[bytes]", sealed), bufsize=1 << 16) as tar:
        _add(tar, MANIFEST, msgspec.json.encode(manifest))
        digest, size = hashlib.sha256(), 0
        for number, piece in enumerate(database):
            _add(tar, f"{DATABASE}{number:08}", piece)
            digest.update(piece)
            size += len(piece)
            progress("database", size)
        files, media_size = _add_media(tar, media, progress) if media else (0, 0)
        if key is not None:
            _add(tar, KEY, key.encode())
        end = End(size, digest.hexdigest(), files, media_size)
        _add(tar, END, msgspec.json.encode(end))
    sealed.finish()
    return end


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    member.mode = 0o600
    tar.addfile(member, io.BytesIO(data))


def _add_media(tar: tarfile.TarFile, media: MediaStore, progress: Progress) -> tuple[int, int]:
    files = size = 0
    for digest in media.digests():
        try:
            data = media.read(digest)
        except FileNotFoundError:
            continue  # erased meanwhile: rightly not in the backup
        _add(tar, MEDIA + path_of(digest), data)
        files, size = files + 1, size + len(data)
        progress("media", size)
    return files, size


class Archive:
    """Reads a backup from front to back, once. Raises Unreadable."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        self._sealed = SealedReader(file, passphrase)
        self._tar = tarfile.TarFile.open(mode="r|", fileobj=cast("IO[bytes]", self._sealed))
        self._member = self._step()
        self.manifest = msgspec.json.decode(self._read(MANIFEST), type=Manifest)
        if self.manifest.format != FORMAT:
            raise Unreadable("This backup was made by a newer Earful. Update, then restore it.")
        self.key: str | None = None
        self.media_files = self.media_bytes = self.database_bytes = 0
        self._digest = hashlib.sha256()

    def database(self) -> Iterator[bytes]:
        """The pieces of the database dump."""
        while self._member and self._member.name.startswith(DATABASE):
            piece = self._content()
            self._digest.update(piece)
            self.database_bytes += len(piece)
            yield piece

    def media(self) -> Iterator[bytes]:
        """The content of each media file, which is what its name says."""
        while self._member and self._member.name.startswith(MEDIA):
            match = MEDIA_NAME.fullmatch(self._member.name)
            data = self._content()
            if not match or hashlib.sha256(data).hexdigest() != match[3]:
                raise Unreadable("A media file in the backup is not what its name says.")
            self.media_files += 1
            self.media_bytes += len(data)
            yield data

    def end(self) -> End:
        """The last member, after checking that everything it tells of was there."""
        if self._member and self._member.name == KEY:
            self.key = self._content().decode()
        end = msgspec.json.decode(self._read(END), type=End)
        seen = End(
            self.database_bytes, self._digest.hexdigest(), self.media_files, self.media_bytes
        )
        if seen != end:
            raise Unreadable("The backup does not hold all that its last page tells of.")
        while self._sealed.read(1 << 16):  # the tar's padding; proves that nothing was cut off
            pass
        return end

    def _step(self) -> tarfile.TarInfo | None:
        try:
            return self._tar.next()
        except tarfile.TarError as error:
            raise Unreadable(f"The backup's contents are damaged: {error}.") from None

    def _content(self) -> bytes:
        assert self._member is not None  # noqa: S101 - callers looked at its name
        file = self._tar.extractfile(self._member)
        data = file.read() if file else b""
        self._member = self._step()
        return data

    def _read(self, name: str) -> bytes:
        if self._member is None or self._member.name != name:
            raise Unreadable(f"The backup lacks {name}.")
        return self._content()
