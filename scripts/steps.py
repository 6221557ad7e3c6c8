"""What the install steps share: running a command, and knowing whether a step is done."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class StepFailed(Exception):
    """A step could not be done; the text says what a person can do about it."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"earful: {text}", flush=True)


def run(
    command: list[str],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> None:
    """Run a command, its output shown (quiet: only if it fails); raise StepFailed if it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout or "", file=sys.stderr, flush=True)
        raise StepFailed(f"this failed with exit code {done.returncode}: {' '.join(command)}")


def digest(paths: Iterable[Path], *, base: Path = ROOT, salt: str = "") -> str:
    """Hash the names and contents of files, in a stable order."""
    total = hashlib.sha256(salt.encode())
    for path in sorted(paths):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"\n{path.relative_to(base).as_posix()} {content}".encode())
    return total.hexdigest()


def is_done(stamp: Path, value: str) -> bool:
    """Say whether the step was last done for this very value."""
    return stamp.is_file() and stamp.read_text() == value


def mark_done(stamp: Path, value: str) -> None:
    """Remember that the step was done for this value."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)


def fail(reason: StepFailed) -> int:
    """Print why it went no further, and give the exit code."""
    print(f"earful: {reason}", file=sys.stderr, flush=True)
    return 1
