"""The doctor's look at what upgrades need and leave: programs, room, old data, backups."""

from __future__ import annotations

import shutil
from pathlib import Path

from earful.settings import Settings
from earful.store.binaries import kept_programs
from earful.store.findings import Check, ok, warn
from earful.store.place import MAJOR, clusters
from earful.store.upgrade import PATTERN, SPARE, upgrades_dir


def check_upgrades(settings: Settings) -> list[Check]:
    """All findings about upgrades."""
    found = [_last_backup(settings)]
    home = (settings.data_dir / "pg").resolve()
    if settings.embedded and home.is_dir():
        found += [_programs(home), *_left(home)]
    return found


def _last_backup(settings: Settings) -> Check:
    folder = upgrades_dir(settings)
    made = sorted(folder.glob(PATTERN))
    words = f"The last one left {made[-1]}." if made else "No upgrade has needed a backup yet."
    free = shutil.disk_usage(folder if folder.is_dir() else settings.data_dir).free
    if free < SPARE:
        return warn("upgrade", f"{words} The next one's backup has no room in {folder}.")
    return ok("upgrade", words)


def _programs(home: Path) -> Check:
    """The programs without which a newer PostgreSQL could not read these data."""
    if MAJOR in clusters(home) and kept_programs(home, str(MAJOR)) is None:
        return warn(
            "kept programs",
            f"PostgreSQL {MAJOR}'s programs are not beside its data: start the desk once with this "
            "Earful before you install one with a newer PostgreSQL.",
        )
    return ok("kept programs", f"PostgreSQL {MAJOR}'s programs are kept for a later upgrade.")


def _left(home: Path) -> list[Check]:
    """Data of older majors that were carried over and are still there."""
    return [
        warn(
            f"old data {major}",
            f"The data that were carried over from PostgreSQL {major} still take "
            f"{_size(path) / (1 << 20):,.0f} MB. When all is well: rm -r {path} "
            f"{home / 'programs' / str(major)}",
        )
        for major, path in sorted(clusters(home).items())
        if major < MAJOR and MAJOR in clusters(home)
    ]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
