"""What a bench needs and an install lacks: brought once, from where packages come from."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from earful.bench.peers.peer import Absent
from earful.bench.say import say


def python_with(**packages: str) -> str:
    """A Python that has these packages: module name to requirement. Raises Absent.

    Ours if it has them, as in a checkout; else one in a folder of its own, kept for the next run.
    """
    if all(importlib.util.find_spec(module) for module in packages):
        return sys.executable
    folder = _cache() / "-".join(sorted(packages))
    python, done = folder / "bin" / "python", folder / "installed"
    wanted = "\n".join(packages.values())
    if not done.is_file() or done.read_text() != wanted:
        say(f"installing {', '.join(packages.values())}")
        run(sys.executable, "-m", "venv", "--clear", str(folder))
        run(str(python), "-m", "pip", "install", "-q", *packages.values())
        done.write_text(wanted)
    return str(python)


def run(*command: str, cwd: Path | None = None) -> None:
    """Run a command that brings something. Raises Absent with the end of what it said."""
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as error:
        raise Absent(f"{command[0]}: {error}") from error
    if done.returncode:
        raise Absent(f"{command[0]} failed: {done.stderr.strip()[-500:]}")


def _cache() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "earful" / "bench"
