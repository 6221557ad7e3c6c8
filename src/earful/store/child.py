"""Starting database programs as the right user."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from earful.store.errors import Unusable

SHIM = Path(__file__).with_name("_shim.py")


@dataclass(frozen=True, slots=True)
class User:
    """Who runs the database: `drop` tells that we are root and must become that user."""

    name: str
    uid: int
    gid: int
    drop: bool

    def own(self, path: Path, mode: int = 0o700) -> None:
        """Make the folder `path` (its parent exists), owned by this user with `mode`."""
        path.mkdir(exist_ok=True)
        if self.drop:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)


def command(user: User, program: Path, *args: str, die_with_us: bool) -> list[str]:
    """The command line that runs `program` as `user`."""
    parent = str(os.getpid()) if die_with_us else "-"
    who = [str(user.uid), str(user.gid)] if user.drop else ["-", "-"]
    return [sys.executable, "-I", "-S", str(SHIM), parent, *who, str(program), *args]


def environment() -> dict[str, str]:
    """A small environment: no PG* variable of the caller reaches the server."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def run(user: User, program: Path, *args: str, cwd: Path, stdin: str = "") -> str:
    """Run a short program to its end. Returns what it said; raises Unusable if it failed."""
    done = subprocess.run(  # noqa: S603 - our own programs and arguments, no shell
        command(user, program, *args, die_with_us=False),
        input=stdin,
        capture_output=True,
        text=True,
        env=environment(),
        cwd=cwd,
        check=False,
    )
    said = (done.stdout + done.stderr).strip()
    if done.returncode != 0:
        raise Unusable(f"{program.name} failed: {said[-2000:]}")
    return said
