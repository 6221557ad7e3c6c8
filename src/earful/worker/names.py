"""What a worker is called, and whether the one of a given name is dead."""

from __future__ import annotations

import contextlib
import os
import socket


def _here() -> str:
    """This machine, or this container of it: where process ids mean something."""
    space = ""
    with contextlib.suppress(OSError):
        space = os.readlink("/proc/self/ns/pid")
    return f"{socket.gethostname()}/{space}"


def own_name(number: int) -> str:
    """The name of the worker `number` of this process."""
    return f"{_here()}|{os.getpid()}|{number}"


def is_dead(name: str) -> bool:
    """Whether the worker surely runs no more. One of another machine may be alive."""
    here, _, rest = name.partition("|")
    pid = rest.partition("|")[0]
    if here != _here() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
