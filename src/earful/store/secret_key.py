"""The secret key: the operator's, or one made and kept in the data folder."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from earful.settings import Settings
from earful.store.errors import Unusable
from earful.store.folder import make_data_dir

KEY_FILE = "secret.key"
RANDOM_BYTES = 32


def key_path(settings: Settings) -> Path:
    """Where the key lies when Earful made it."""
    return settings.data_dir / KEY_FILE


def has_key(settings: Settings) -> bool:
    """Whether there is one already."""
    return bool(settings.secret_key) or key_path(settings).exists()


def secret_key(settings: Settings) -> str:
    """The secret key. Makes one on the first start of an embedded database, readable by us only."""
    if settings.secret_key:
        return settings.secret_key
    path = key_path(settings)
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return write_key(path, base64.b64encode(os.urandom(RANDOM_BYTES)).decode())
    except OSError as error:
        raise Unusable(f"The secret key can't be read: {error}.") from None


def write_key(path: Path, key: str) -> str:
    """Write `key` durably to a new file. If another process was faster, its key is returned."""
    make_data_dir(path.parent)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # unlike a rename, never replaces a key that is there
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    finally:
        fresh.unlink()
    return key
