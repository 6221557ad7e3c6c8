"""Encryption of what must be readable again: AES-256-GCM, the key's id in each ciphertext."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FORMAT = b"\x01"
_ID_BYTES = 8
_NONCE_BYTES = 12
_HEAD = len(_FORMAT) + _ID_BYTES


class SecretError(Exception):
    """A secret can't be read. The text is meant for the operator."""


class UnknownKey(SecretError):
    """It was encrypted with a key that is not in EARFUL_SECRET_KEY."""


class Broken(SecretError):
    """It was changed, or belongs to another row."""


class _Key:
    def __init__(self, text: str) -> None:
        self.cipher = AESGCM(_derive(text, b"earful secrets 1"))
        self.fingerprint = _derive(text, b"earful key fingerprint 1")
        self.id = self.fingerprint[:_ID_BYTES].hex()
        self.setup_key = _derive(text, b"earful setup 1")


class Keyring:
    """The keys that open secrets; the first one also seals them.

    `context` says which row a ciphertext belongs to (see `context_of`); it is authenticated, so a
    ciphertext that was copied to another row does not open there.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or any(len(key) < 32 for key in keys):
            raise SecretError("EARFUL_SECRET_KEY: each key must have at least 32 characters.")
        self._keys = {key.id: key for key in map(_Key, reversed(keys))}
        self._first = _Key(keys[0])

    @classmethod
    def from_setting(cls, text: str) -> Keyring:
        """Read EARFUL_SECRET_KEY: one key, or several with commas between, the newest first."""
        return cls([key.strip() for key in text.split(",") if key.strip()])

    @property
    def current_id(self) -> str:
        """The id of the key that seals."""
        return self._first.id

    @property
    def fingerprints(self) -> dict[str, bytes]:
        """Key ids and what proves to be the same key, without telling the key."""
        return {key_id: key.fingerprint for key_id, key in self._keys.items()}

    @property
    def setup_key(self) -> str:
        """What an operator types at /setup to show that the machine is theirs."""
        return base64.b32encode(self._first.setup_key[:10]).decode().lower()

    def is_setup_key(self, text: str) -> bool:
        """Whether `text` is the setup key, compared in constant time."""
        typed = text.strip().lower().encode("utf-8", "replace")
        return hmac.compare_digest(
            hashlib.sha256(typed).digest(), hashlib.sha256(self.setup_key.encode()).digest()
        )

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """`plain` encrypted with the first key."""
        head = _FORMAT + bytes.fromhex(self._first.id)
        nonce = os.urandom(_NONCE_BYTES)
        return head + nonce + self._first.cipher.encrypt(nonce, plain, head + context.encode())

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """What was sealed. Raises UnknownKey or Broken."""
        key = self._keys.get(key_id_of(sealed))
        if key is None:
            raise UnknownKey(
                f"A stored secret was encrypted with key {key_id_of(sealed)}, which "
                "EARFUL_SECRET_KEY does not have. Add the old key after the new one, with a comma."
            )
        head, nonce = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE_BYTES]
        try:
            body = sealed[_HEAD + _NONCE_BYTES :]
            return key.cipher.decrypt(nonce, body, head + context.encode())
        except InvalidTag:
            raise Broken("A stored secret was changed, or belongs to another row.") from None


def key_id_of(sealed: bytes) -> str:
    """The id of the key that `sealed` was encrypted with. Raises Broken."""
    if len(sealed) < _HEAD + _NONCE_BYTES + 16 or not sealed.startswith(_FORMAT):
        raise Broken("A stored secret is not in the form Earful writes.")
    return sealed[len(_FORMAT) : _HEAD].hex()


def context_of(workspace_id: str, place: str, row_id: str) -> str:
    """The context of a ciphertext in a column; `place` is "table.column"."""
    return f"{workspace_id}/{place}/{row_id}"


def _derive(text: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, b"earful", purpose).derive(text.encode("utf-8", "surrogatepass"))
