"""Runs the embedded database, or joins the one another process runs on the same data folder.

Whoever holds the lock on `<data_dir>/supervisor.lock` supervises; `<data_dir>/postgres.json` tells
the others where the socket is.
"""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from earful.settings import Settings
from earful.store.address import Addresses, embedded_addresses
from earful.store.errors import AlreadyRunning, StoreError, Unreachable, Unusable
from earful.store.place import find_place
from earful.store.supervisor import Supervisor

LOCK = "supervisor.lock"
NOTE = "postgres.json"
JOIN_WITHIN = 30.0  # seconds to wait for the other process's database


class Note(msgspec.Struct, frozen=True):
    """What `postgres.json` says: the socket's folder, the programs, and who supervises."""

    socket_dir: str
    bin_dir: str
    supervisor_pid: int
    postmaster_pid: int


@dataclass(slots=True)
class Running:
    """A running embedded database. `supervisor` is None when another process runs it."""

    socket_dir: Path
    bin_dir: Path
    supervisor: Supervisor | None
    _lock: IO[str] | None
    _note: Path

    @property
    def addresses(self) -> Addresses:
        """How to connect."""
        return embedded_addresses(self.socket_dir)

    def stop(self) -> None:
        """Stop the server if this process runs it; otherwise nothing."""
        if self.supervisor:
            self._note.unlink(missing_ok=True)
            self.supervisor.stop()
        if self._lock:
            self._lock.close()


def start(settings: Settings, *, announce: bool = True) -> Running:
    """Run the embedded database. Raises AlreadyRunning if another process does; blocks.

    Without `announce` no other process can join.
    """
    place = find_place(settings)
    lock = _lock(settings.data_dir / LOCK)
    supervisor = Supervisor(place)
    try:
        supervisor.start()
        note = settings.data_dir / NOTE
        running = Running(supervisor.socket_dir, place.bin_dir, supervisor, lock, note)
        if announce:
            _write_note(running)
    except BaseException as error:
        supervisor.stop()
        lock.close()
        if isinstance(error, OSError):
            raise Unusable(f"The database can't be started: {error}.") from error
        raise
    return running


def join(settings: Settings) -> Running | None:
    """The database another process runs on this data folder, or None if none does."""
    note = settings.data_dir / NOTE
    if not _held(settings.data_dir / LOCK):
        return None
    try:
        said = msgspec.json.decode(note.read_bytes(), type=Note)
    except FileNotFoundError:
        return None
    return Running(Path(said.socket_dir), Path(said.bin_dir), None, None, note)


def attach_or_start(settings: Settings) -> Running:
    """Join the running database of this data folder, or run it. Blocks until it is ready."""
    until = time.monotonic() + JOIN_WITHIN
    while True:
        if joined := join(settings):
            return joined
        try:
            return start(settings)
        except AlreadyRunning as error:  # it is about to start or to stop: look again
            if time.monotonic() > until:
                raise Unreachable(f"{error} It is not ready.") from None
            time.sleep(0.05)


def _lock(path: Path) -> IO[str]:
    """Take the lock for as long as the returned file is open."""
    try:
        file = path.open("a+")
    except PermissionError as error:
        raise StoreError(f"The data folder belongs to another user: {error}.") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise AlreadyRunning(
            f"Earful already runs on the data folder {path.parent} (process {holder}). Stop that "
            "one first, or choose another folder with EARFUL_DATA_DIR."
        ) from None
    try:
        file.truncate(0)
        os.write(file.fileno(), f"{os.getpid()}\n".encode())
    except OSError as error:
        file.close()
        raise Unusable(f"The data folder can't be written: {error}.") from None
    return file


def _held(path: Path) -> bool:
    """Whether a process holds the lock. Looks with a shared lock, so lookers don't collide."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _write_note(running: Running) -> None:
    supervisor = running.supervisor
    note = Note(
        socket_dir=str(running.socket_dir),
        bin_dir=str(running.bin_dir),
        supervisor_pid=os.getpid(),
        postmaster_pid=(supervisor.pid if supervisor else None) or 0,
    )
    fresh = running._note.with_suffix(".tmp")
    fresh.write_bytes(msgspec.json.encode(note))
    fresh.replace(running._note)
