"""Builds the agents' screen from web/ into src/earful/static, when web/ has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from node import Node
from steps import ROOT, StepFailed, digest, is_done, mark_done, say

WEB = ROOT / "web"
STATIC = ROOT / "src" / "earful" / "static"
STAMP = ROOT / ".make" / "screen"
NOT_SOURCE = {"node_modules", "dist", "coverage", "test-results"}


def is_built() -> bool:
    """Say whether the built screen stands, untouched, and was made from this very source."""
    return (STATIC / "index.html").is_file() and is_done(STAMP, _value())


def build(node: Node) -> None:
    """Build the screen unless it stands."""
    if is_built():
        return
    say("building the screen")
    node.install(WEB)
    node.run_npm("run", "build", "--silent", cwd=WEB, quiet=True)
    if not (STATIC / "index.html").is_file():
        raise StepFailed("the screen's build left no src/earful/static/index.html")
    mark_done(STAMP, _value())


def _value() -> str:
    """Hash the source and the result together, so that a change of either is seen."""
    return digest([*_files(WEB), *_files(STATIC)])


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder, but for what is installed or made there."""
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in NOT_SOURCE and not path.name.startswith("."):
                yield from _files(path)
        elif path.suffix != ".tsbuildinfo":
            yield path
