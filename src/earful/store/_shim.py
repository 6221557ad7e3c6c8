"""Becomes a database program: drops privileges, asks to die with its parent, then execs.

Run as `python -I -S _shim.py PARENT UID GID PROGRAM ARGS...`; UID `-` keeps the user. A separate
small process, so that nothing of ours runs between a fork and an exec of a threaded program. The
order matters: changing the user clears the death signal, an exec keeps it.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def _die_with(parent: int, libc: ctypes.CDLL) -> None:
    if sys.platform == "linux":
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:
        sys.exit("the process that asked for the database has ended")


def main(parent: str, uid: str, gid: str, program: str, *args: str) -> None:
    """Never returns: this process becomes `program`."""
    libc = ctypes.CDLL(None)  # before the user changes: Python may lie where only root may read
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    os.umask(0o077)
    if parent != "-":
        _die_with(int(parent), libc)
    os.execv(program, [program, *args])  # noqa: S606 - the program is ours, and there is no shell


if __name__ == "__main__":
    main(*sys.argv[1:])
