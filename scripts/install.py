"""From a bare checkout to .venv/bin/earful; each step is done again only when its cause changed.

Uses the standard library only: it runs before anything is installed. The first part runs
in the machine's Python and makes the environment; the second runs inside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import node
import screen
from steps import ROOT, StepFailed, digest, fail, is_done, mark_done, run, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
NO_VENV = (
    "this Python can make no virtual environment with pip in it: {python}\n"
    "        Debian and Ubuntu: apt install python3-venv; or name another: "
    "make PYTHON=/path/to/python3"
)


def main(arguments: list[str]) -> int:
    """Install all, and with --dev and --browser what checks and tests need."""
    if os.geteuid() == 0:
        os.environ["PIP_ROOT_USER_ACTION"] = "ignore"
    if Path(sys.prefix).resolve() != VENV.resolve():
        _make_environment()
        os.execv(PYTHON, [str(PYTHON), __file__, *arguments])
    _install_lock("requirements.lock", "the libraries")
    _install_package()
    if arguments or not screen.is_built():
        _bring_node()
    if not screen.is_built():
        screen.build(node.find_or_fail())
    if "--dev" in arguments:
        _install_lock("requirements-dev.lock", "the tools for checks and tests")
    if "--browser" in arguments:
        _run_installers()
    return 0


def _make_environment() -> None:
    """Make .venv, or make it anew when its Python no longer runs."""
    if _works([str(PYTHON), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]):
        return
    say(f"making .venv with {sys.executable}")
    if not _works([sys.executable, "-c", "import ensurepip, venv"]):
        raise StepFailed(NO_VENV.format(python=sys.executable))
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def _works(command: list[str]) -> bool:
    """Say whether a command can be started and ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _install_lock(name: str, what: str) -> None:
    """Install exactly what a lock file names, every file checked by its hash."""
    value = digest([ROOT / name], salt=sys.version)
    stamp = VENV / ".earful" / name
    if is_done(stamp, value):
        return
    say(f"installing {what}")
    run([*PIP, "--require-hashes", "--only-binary", ":all:", "-r", name])
    mark_done(stamp, value)


def _install_package() -> None:
    """Install Earful itself, editable, with the build tools that the lock brought."""
    value = digest([ROOT / "pyproject.toml", ROOT / "hatch_build.py"], salt=f"{ROOT}{sys.version}")
    stamp = VENV / ".earful" / "package"
    if is_done(stamp, value) and (VENV / "bin" / "earful").is_file():
        return
    say("installing earful")
    run([*PIP, "--no-deps", "--no-build-isolation", "-e", "."])
    mark_done(stamp, value)


def _bring_node() -> None:
    """Install Node into .venv when the machine has none that is new enough."""
    if node.find() is None:
        _install_lock("requirements-node.lock", "Node, which this machine lacks")


def _run_installers() -> None:
    """Install the browser and the test network; each script knows when it has nothing to do."""
    for script in sorted((ROOT / "tests").glob("*/install.sh")):
        run(["bash", str(script)])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except StepFailed as reason:
        sys.exit(fail(reason))
