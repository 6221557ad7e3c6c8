"""An encrypted stream: AES-256-GCM in chunks, the key made from a passphrase by scrypt.

A file is magic, length and text of a JSON head, then chunks. Each chunk's nonce holds its number
and whether it is the last, and the head is authenticated with each, so a chunk that was changed,
moved or cut off is noticed. The salt is new for each file, therefore so is the key.
"""

from __future__ import annotations

import os
from typing import IO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from earful.store.errors import StoreError

MAGIC = b"EARFUL-BACKUP-1\n"
CHUNK = 1 << 20
TAG = 16
SHORTEST_PASSPHRASE = 12
COST = 1 << 15  # 32 MB and about 0.3 s for each try at the passphrase


class Unreadable(StoreError):
    """Not a backup, a wrong passphrase, or a damaged file."""


class Head(msgspec.Struct, frozen=True):
    """How the key is made: scrypt's numbers."""

    salt: bytes
    n: int
    r: int = 8
    p: int = 3


class SealedWriter:
    """Encrypts what is written to `file`. Only `finish` makes the result whole."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise StoreError(f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters.")
        head = Head(salt=os.urandom(16), n=COST)
        self._head = msgspec.json.encode(head)
        self._cipher = _cipher(head, passphrase)
        self._file = file
        self._waiting = bytearray()
        self._number = 0
        file.write(MAGIC + len(self._head).to_bytes(2, "big") + self._head)

    def write(self, data: bytes) -> int:
        """Take `data`; whole chunks are encrypted and written at once."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, plain, self._head))
        self._number += 1


class SealedReader:
    """Decrypts a stream. Raises Unreadable as soon as something is not as it was written."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        if file.read(len(MAGIC)) != MAGIC:
            raise Unreadable("This file is not an Earful backup.")
        self._head = file.read(int.from_bytes(file.read(2), "big"))
        self._file = file
        self._cipher = _cipher(_read_head(self._head), passphrase)
        self._next = file.read(CHUNK + TAG)
        self._ready = bytearray()
        self._number = 0
        self._ended = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end."""
        while len(self._ready) < size and not self._ended:
            self._take()
        data = bytes(self._ready[:size])
        del self._ready[:size]
        return data

    def _take(self) -> None:
        sealed, self._next = self._next, self._file.read(CHUNK + TAG)
        self._ended = not self._next
        try:
            nonce = _nonce(self._number, last=self._ended)
            self._ready += self._cipher.decrypt(nonce, sealed, self._head)
        except InvalidTag:
            raise Unreadable(
                "The passphrase is wrong."
                if self._number == 0
                else f"The backup is damaged or cut off after {self._number} MB."
            ) from None
        self._number += 1


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cipher(head: Head, passphrase: str) -> AESGCM:
    scrypt = Scrypt(salt=head.salt, length=32, n=head.n, r=head.r, p=head.p)
    return AESGCM(scrypt.derive(passphrase.encode()))


def _read_head(text: bytes) -> Head:
    try:
        head = msgspec.json.decode(text, type=Head)
    except msgspec.DecodeError:
        raise Unreadable("The backup's head is damaged.") from None
    if head.n < 2 or head.n & (head.n - 1) or head.r < 1 or head.p < 1:
        raise Unreadable("The backup's head is damaged.")
    if head.n * head.r > 1 << 21 or head.p > 16:  # 256 MB
        raise Unreadable("The backup asks for more work than Earful gives to a passphrase.")
    return head
