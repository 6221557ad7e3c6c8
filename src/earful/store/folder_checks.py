"""The doctor's look at the data folder: room and key."""

from __future__ import annotations

import shutil
import stat

from earful.settings import Settings
from earful.store.findings import Check, fail, ok, warn
from earful.store.secret_key import key_path

LITTLE_ROOM = 5 << 30  # bytes
NO_ROOM = 500 << 20


def check_folder(settings: Settings) -> list[Check]:
    """All findings about the data folder."""
    return [_room(settings), _key(settings)]


def _room(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.data_dir).free
    words = f"{free / (1 << 30):.1f} GB free where {settings.data_dir} lies"
    if free < NO_ROOM:
        return fail("disk", f"{words}: the database stops when the disk is full.")
    if free < LITTLE_ROOM:
        return warn("disk", f"{words}: make room soon.")
    return ok("disk", f"{words}.")


def _key(settings: Settings) -> Check:
    if settings.secret_key:
        return ok("secret key", "From EARFUL_SECRET_KEY.")
    path = key_path(settings)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return warn("secret key", f"There is none yet; the first start makes {path}.")
    if mode & 0o077:
        return fail("secret key", f"Others can read {path}. Close it: chmod 600 {path}")
    return ok("secret key", f"In {path}. Keep a copy of it in another place.")
