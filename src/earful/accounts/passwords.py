"""Passwords: argon2id, rehashed when the parameters change, the same work for nobody."""

from __future__ import annotations

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from earful.accounts.errors import Invalid
from earful.store.pool import Connection

SHORTEST = 10
LONGEST = 512
"""Characters. A longer one is refused before it is hashed, as hashing it is work for us."""

HASHER = PasswordHasher()
"""RFC 9106, second recommended option: 64 MiB, 3 passes, 4 lanes."""

# Each hash takes 64 MiB; two at a time bound what strangers at the sign-in page can make us use.
_WORKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


def check_new(password: str, *, email: str = "") -> None:
    """Raises Invalid, in words, when `password` can't be taken as a new one."""
    if len(password) > LONGEST:
        raise Invalid("password", f"Use at most {LONGEST} characters.")
    if len(password) < SHORTEST:
        raise Invalid("password", f"Use at least {SHORTEST} characters; a sentence is good.")
    if len(set(password)) < 5 or (email and password.casefold() == email.casefold()):
        raise Invalid("password", "This one is easy to guess. A short sentence is good.")
    if _bytes(password) is None:
        raise Invalid("password", "This has characters that can't be written down again.")


async def set_password(
    db: Connection, workspace_id: str, agent_id: str, password: str, *, now: datetime
) -> None:
    """Keep a new password. The caller has called `check_new` and revokes the sessions."""
    await db.execute(_SET, workspace_id, agent_id, await _hash(password), now)


async def matches(password: str, hashed: str | None) -> bool:
    """Whether `password` belongs to `hashed`. None, for nobody: the same work, then False."""
    raw = _bytes(password) if len(password) <= LONGEST else None
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(_WORKERS, _verify, raw or b"", hashed)
    return right and hashed is not None and raw is not None


async def rehash_if_old(
    db: Connection, workspace_id: str, agent_id: str, password: str, hashed: str
) -> bool:
    """Hash a password that was just proven right again if the parameters have changed since."""
    if not HASHER.check_needs_rehash(hashed):
        return False
    fresh = await _hash(password)
    await db.execute(_REHASH, workspace_id, agent_id, hashed, fresh)
    return True


async def hash_of(db: Connection, workspace_id: str, agent_id: str) -> str | None:
    """What is stored for an agent, for `matches`."""
    stored: str | None = await db.fetchval(_GET, workspace_id, agent_id)
    return stored


def _bytes(password: str) -> bytes | None:
    """One form of Unicode, so that the same password typed on another keyboard is the same."""
    try:
        return unicodedata.normalize("NFC", password).encode()
    except UnicodeEncodeError:
        return None


async def _hash(password: str) -> str:
    raw = _bytes(password)
    if raw is None or len(password) > LONGEST:
        raise Invalid("password", "This password can't be used.")
    return await asyncio.get_running_loop().run_in_executor(_WORKERS, HASHER.hash, raw)


def _verify(password: bytes, hashed: str | None) -> bool:
    try:
        return HASHER.verify(hashed or _nobody(HASHER), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody(hasher: PasswordHasher) -> str:
    return hasher.hash(b"nobody has this password")


_GET = "SELECT hash FROM credential WHERE workspace_id = $1 AND agent_id = $2"

_SET = """
INSERT INTO credential (workspace_id, agent_id, hash, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, agent_id) DO UPDATE SET hash = $3, changed_at = $4
"""

# Only over the hash that was proven: a password changed meanwhile stays changed.
_REHASH = """
UPDATE credential SET hash = $4 WHERE workspace_id = $1 AND agent_id = $2 AND hash = $3
"""
