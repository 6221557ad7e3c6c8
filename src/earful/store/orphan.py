"""Reads postmaster.pid: is a server ready, and did an earlier one outlive its supervisor?"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from earful.store.errors import Unreachable

PID_LINE = 0
STATUS_LINE = 7


def _lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def is_ready(cluster: Path, pid: int) -> bool:
    """Whether the server with process id `pid` says that it takes connections."""
    lines = _lines(cluster)
    return (
        len(lines) > STATUS_LINE
        and lines[PID_LINE].strip() == str(pid)
        and lines[STATUS_LINE].strip() == "ready"
    )


def end_orphan(cluster: Path, *, within: float) -> None:
    """End a server that outlived its supervisor, waiting `within` seconds for each way.

    The caller holds the supervisor's lock, so whoever still serves this cluster is nobody's. A
    stale file whose process is gone or is another program is left to the server, which removes it.
    """
    lines = _lines(cluster)
    if not lines or not lines[PID_LINE].strip().isdigit():
        return
    pid = int(lines[PID_LINE])
    for how in (signal.SIGINT, signal.SIGQUIT):
        if not _serves(pid, cluster):
            return
        os.kill(pid, how)
        until = time.monotonic() + within
        while _serves(pid, cluster) and time.monotonic() < until:
            time.sleep(0.02)
    if _serves(pid, cluster):
        raise Unreachable(f"An earlier PostgreSQL (process {pid}) still runs on {cluster}.")


def _serves(pid: int, cluster: Path) -> bool:
    """Whether process `pid` is a server of `cluster`: a reused process id must not be hit."""
    try:
        os.kill(pid, 0)
        said = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (ProcessLookupError, FileNotFoundError):
        return _serves_without_proc(pid) if not Path("/proc/self").exists() else False
    except PermissionError:
        return False
    return os.fsencode(cluster) in said.split(b"\0")


def _serves_without_proc(pid: int) -> bool:
    """Where there is no /proc (macOS): trust postmaster.pid if the process lives."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
