"""What a family of processes uses, read from /proc (Linux): CPU time and memory."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PARENT, _TIMES = 1, slice(11, 15)  # fields after the name: ppid; utime, stime, cutime, cstime


def _stat(pid: int) -> list[str] | None:
    try:
        said = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return said.rpartition(")")[2].split()


def family(root: int | None = None) -> list[int]:
    """`root` (this process without one) and all processes below it."""
    below: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            below.setdefault(int(fields[_PARENT]), []).append(int(folder.name))
    found = [root or os.getpid()]
    for pid in found:
        found.extend(below.get(pid, []))
    return found


def cpu_seconds(leave_out: int | None = None) -> float:
    """CPU time of this process and all below it, the ended ones included.

    `leave_out` is a process whose own family does not count, such as the network.
    """
    out = set(family(leave_out)) if leave_out else set()
    ticks = 0
    for pid in family():
        if pid not in out and (fields := _stat(pid)):
            ticks += sum(map(int, fields[_TIMES]))
    return ticks / _TICK


def pss_mb(pids: list[int]) -> dict[int, float]:
    """Proportional memory in MB by process. Processes that ended meanwhile are left out."""
    found = {}
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found[pid] = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return found
