"""The data folder."""

from __future__ import annotations

import os
from pathlib import Path


def make_data_dir(data_dir: Path) -> None:
    """Make the folder if there is none; who made one already chose its mode.

    Nobody else may look into it. Under root others may pass through, because the database below
    belongs to another user; what is secret has its own mode.
    """
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
