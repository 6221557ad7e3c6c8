"""What is published works: source archive, wheel from it, and the command it installs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

import earful

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command and give its output; a failure shows all it said."""
    env = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def copy_checkout(target: Path) -> None:
    """Copy the sources, but nothing that was installed or built."""

    def leave_out(folder: str, names: list[str]) -> set[str]:
        built = {"node_modules", "__pycache__", "static", "dist", "build"}
        hidden = {name for name in names if name.startswith(".") and (Path(folder) / name).is_dir()}
        return hidden | (built & set(names))

    shutil.copytree(ROOT, target, ignore=leave_out, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, made from a bare copy of the checkout."""
    copy = tmp_path_factory.mktemp("checkout")
    copy_checkout(copy)
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", cwd=copy)
    return next((copy / "dist").glob("earful-*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made from nothing but the source archive."""
    folder = tmp_path_factory.mktemp("archive")
    run("tar", "-xzf", archive, "-C", folder, cwd=folder)
    source = next(folder.iterdir())
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    run(*pip, "-w", folder, source, cwd=folder)
    return next(folder.glob("earful-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it, and the libraries lent by this one."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    run(*pip, wheel, cwd=folder)
    site = run(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=folder)
    (Path(site.strip()) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_the_archive_holds_the_sources_of_the_screen(archive: Path) -> None:
    with tarfile.open(archive) as packed:
        names = {name.split("/", 1)[1] for name in packed.getnames() if "/" in name}
    assert {"web/package.json", "web/package-lock.json", "scripts/screen.py", "LICENSE"} <= names
    assert not [name for name in names if "node_modules" in name or "/static/" in name]


def test_the_wheel_carries_the_built_screen(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        page = packed.read("earful/static/index.html").decode()
    assets = [name for name in names if name.startswith("earful/static/assets/")]
    linked = [name for name in assets if Path(name).name in page]
    assert {Path(name).suffix for name in linked} >= {".js", ".css"}
    assert any(name.startswith("earful/store/migrations/") for name in names)
    assert not [name for name in names if "node_modules" in name]


def test_the_wheel_says_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        assert "License-Expression: AGPL-3.0-or-later" in packed.read(metadata).decode()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_installed_command_runs(installed: Path) -> None:
    python, command = installed / "bin" / "python", installed / "bin" / "earful"
    where = run(python, "-c", "import earful; print(earful.__file__)", cwd=installed)
    assert Path(where.strip()).is_relative_to(installed)
    assert earful.__version__ in run(command, "--version", cwd=installed)
    assert "--help" in run(command, "demo", "--help", cwd=installed)
