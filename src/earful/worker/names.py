"""What a worker is called, and whether the one of a given name is dead."""

from __future__ import annotations

import contextlib
import os
import socket
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_GONE = frozenset("ZXx")
"""States of a process that runs no more, though its number is still taken."""


@cache
def _here() -> str:
    """This machine since it was started, or this container of it: where process ids mean something.

    Two machines may bear one name; that of the boot is nobody else's.
    """
    space = boot = ""
    with contextlib.suppress(OSError):
        space = os.readlink(_PROC / "self/ns/pid")
    with contextlib.suppress(OSError):
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{socket.gethostname()}/{boot}/{space}"


def own_name(number: int) -> str:
    """The name of the worker `number` of this process."""
    pid = os.getpid()
    return f"{_here()}|{pid}|{_born(pid) or ''}|{number}"


def is_dead(name: str) -> bool:
    """Whether the worker surely runs no more. One of another machine may be alive."""
    here, _, rest = name.partition("|")
    pid, _, rest = rest.partition("|")
    born = rest.partition("|")[0]
    if here != _here() or not pid.isdigit():
        return False
    if not (_PROC / "self/stat").exists():
        return not _runs(int(pid))
    # A number is given again to another process; nobody else was born in the same instant.
    return _born(int(pid)) != born


def _born(pid: int) -> str | None:
    """When the process began, in ticks since the boot; None if it runs no more."""
    try:
        said = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    state, *more = said.rpartition(")")[2].split()
    return None if state in _GONE else more[18]


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
