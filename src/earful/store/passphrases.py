"""What encrypts a backup: the operator's passphrase, or one that follows from the secret key.

The second is for backups that Earful makes unasked, before an upgrade: whoever holds such a file
alone can't read it, and who has the desk's key needs nothing more.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

from earful.settings import Settings
from earful.store.errors import StoreError
from earful.store.secret_key import key_path, secret_key

PURPOSE = b"earful: the backup before an upgrade"


def read_passphrase(path: Path) -> str:
    """The first line of the file. Raises StoreError."""
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"The passphrase can't be read: {error}.") from None


def passphrase_of_key(settings: Settings) -> str:
    """The passphrase that follows from the current secret key."""
    return _follow(secret_key(settings).split(",", maxsplit=1)[0])


def passphrases_of_keys(settings: Settings) -> list[str]:
    """The passphrases of all secret keys at hand; makes no key. Raises StoreError without one."""
    if not settings.secret_key and not key_path(settings).exists():
        raise StoreError(
            "There is neither a passphrase nor a secret key here: give --passphrase-file, or, for "
            "a backup from before an upgrade, set EARFUL_SECRET_KEY to the desk's key or put it "
            f"into {key_path(settings)}."
        )
    return [_follow(key) for key in secret_key(settings).split(",")]


def _follow(key: str) -> str:
    digest = hmac.digest(key.strip().encode(), PURPOSE, hashlib.sha256)
    return base64.b64encode(digest).decode()
