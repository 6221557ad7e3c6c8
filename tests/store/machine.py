"""What tests do to the machine below the store: copies, kills, and a disk that is small."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DETACH = 2  # MNT_DETACH of <sys/mount.h>
APART = "EARFUL_TEST_APART"
"""Set in the environment of tests that run with mounts of their own, as an ordinary user."""

needs_small_disk = pytest.mark.skipif(
    sys.platform != "linux" or (os.geteuid() != 0 and APART not in os.environ),
    reason="only root mounts a small disk; test_small_disks_apart.py tries full ones for others",
)


def passable_folder() -> Path:
    """A short-named folder that the user who runs the database can pass through."""
    made = Path(tempfile.mkdtemp(prefix="ef-", dir="/tmp"))
    made.chmod(0o711)
    return made


def copy(source: Path, target: Path) -> None:
    """Copy a folder with owners and modes, to a name that is not there."""
    subprocess.run(["/bin/cp", "-a", str(source), str(target)], check=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of that size at `folder`, for as long as the block runs."""
    folder.mkdir()
    # The kernel is asked itself: the mount program serves nobody but root, whatever she may do.
    kernel, where = ctypes.CDLL(None, use_errno=True), os.fsencode(folder)
    options = f"size={megabytes}m,mode=711".encode()
    if kernel.mount(b"none", where, b"tmpfs", ctypes.c_ulong(0), options):
        raise OSError(ctypes.get_errno(), "no small disk can be mounted", str(folder))
    try:
        yield folder
    finally:
        # Out of sight at once; it is gone when the last process of the database has ended.
        if kernel.umount2(where, DETACH):
            raise OSError(ctypes.get_errno(), "the small disk can't be unmounted", str(folder))


def kill_when(moment: Callable[[], bool], script: str, *args: str) -> None:
    """Run the Python `script`, and kill it -9 at `moment`, which must come before its end."""
    with subprocess.Popen([sys.executable, "-c", script, *args]) as running:
        while not moment():
            assert running.poll() is None
            time.sleep(0.001)
        running.send_signal(signal.SIGKILL)


def _fill_up(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Nothing more goes onto the disk while the block runs."""
    ballast = disk / "ballast"
    with pytest.raises(OSError, match="No space left on device"):
        _fill_up(ballast)
    try:
        yield
    finally:
        ballast.unlink()


def names_in(folder: Path) -> list[str]:
    """What a folder holds, by name."""
    return sorted(path.name for path in folder.iterdir())
