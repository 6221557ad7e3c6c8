"""The ledger: an append-only record of every post anybody published on the rehearsal network.

It is the truth a checker compares the desk with. One JSON object per line: a header, then entries
in the order the network delivers them. Several processes may share one file: writers take a lock,
and every append is on the disk (fsync) before it returns. POSIX only.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from earful.kit.ids import new_id

_BEGINNING = b'{"ledger":"'


class NotALedger(ValueError):
    """The file holds something else; it is left as it is."""


class Header(msgspec.Struct, frozen=True):
    """The first line: which ledger this is, and the seed and instant its world grows from."""

    ledger: str
    seed: int
    started_at: datetime

    @property
    def town(self) -> str:
        """Begins every post's id, so that two towns never give out the same one."""
        named = f"{self.seed}/{self.started_at.isoformat()}".encode()
        return hashlib.blake2s(named, digest_size=3).hexdigest()


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One happening. `id` is the post's network id; `key` the delivery key of a post of ours.

    `at` is the instant of publication, or of the deletion; an edit carries it unchanged beside
    `edited_at`. "again" is a post that the network delivers a second time. `to` is the brand
    handle it concerns. `private` is a message that only the brand and one person read; ours is for
    `reader`. `episode` numbers the scripted story that the post opens.
    """

    kind: Literal["post", "edit", "deletion", "again"]
    id: str
    at: datetime
    person: str = ""
    handle: str = ""
    name: str = ""
    text: str = ""
    to: str = ""
    parent: str | None = None
    root: str | None = None
    own: bool = False
    key: str = ""
    language: str = ""
    alts: tuple[str, ...] = ()
    edited_at: datetime | None = None
    private: bool = False
    reader: str = ""
    episode: int | None = None

    @property
    def mark(self) -> str:
        """Names the happening, so that a script plays it only once."""
        return f"{self.kind}:{self.id}"


class Ledger:
    """A ledger in the file at `path`, or in memory only when `path` is None."""

    def __init__(self, path: Path | None, *, seed: int, started_at: datetime) -> None:
        self.entries: list[Entry] = []
        self.header = Header(new_id(), seed, started_at)
        self._fd: int | None = None
        self._offset = 0
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                with self.locked():
                    if self._offset == 0:
                        self._write([self.header])
            except BaseException:
                self.close()
                raise

    @property
    def durable(self) -> bool:
        """Whether the ledger outlives the process."""
        return self._fd is not None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Sole right to append; on entry everything others appended has been read.

        Raises NotALedger, and OSError when the disk refuses.
        """
        if self._fd is None:
            yield
            return
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        try:
            self.sync()
            if os.fstat(self._fd).st_size > self._offset:  # a writer died in the middle of a line
                self._own_file(os.pread(self._fd, len(_BEGINNING), 0))
                os.ftruncate(self._fd, self._offset)
            yield
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def append(self, entries: Sequence[Entry]) -> None:
        """Make `entries` last. Call it inside `locked`. Raises OSError when the disk refuses."""
        if entries and self._fd is not None:
            self._write(entries)
        self.entries.extend(entries)

    def sync(self) -> None:
        """Read what other processes appended since the last look."""
        if self._fd is None:
            return
        size = os.fstat(self._fd).st_size
        if size <= self._offset:
            return
        data = os.pread(self._fd, size - self._offset, self._offset)
        end = data.rfind(b"\n") + 1
        lines = data[:end].splitlines()
        try:
            if lines and self._offset == 0:
                self._own_file(lines[0])
                self.header = msgspec.json.decode(lines.pop(0), type=Header)
            self.entries.extend([msgspec.json.decode(line, type=Entry) for line in lines])
        except msgspec.MsgspecError as error:
            raise NotALedger(f"a line that makes no sense: {error}") from error
        self._offset += end

    def close(self) -> None:
        """Let go of the file."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    @staticmethod
    def _own_file(beginning: bytes) -> None:
        if not beginning.startswith(_BEGINNING[: len(beginning)]):
            raise NotALedger("the file holds something else than a rehearsal ledger")

    def _write(self, records: Sequence[msgspec.Struct]) -> None:
        fd = self._fd
        if fd is None:
            return
        data = b"".join(msgspec.json.encode(record) + b"\n" for record in records)
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]
        os.fsync(fd)
        self._offset += len(data)
