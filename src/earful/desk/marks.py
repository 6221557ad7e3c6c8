"""By what an erased person and their posts are known again: hashes under a key of the workspace.

Whoever steals the database can list every handle of a network, and every post that names a brand,
and could hash them all; without the key that tells nothing. Why the key is one of its own stands in
docs/decisions/0009.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from earful.accounts.stored_secrets import get_secret, put_secret
from earful.store.pool import Connection
from earful.stream.work import Work

KEY = "00000000-0000-7000-8000-6d61726b7321"
"""The id of the key among the workspace's secrets."""
_BYTES = 32


async def key_of(work: Work, *, make: bool = False) -> bytes | None:
    """The workspace's key; None if nobody was erased under one yet. Raises SecretError.

    With `make` there is one afterwards, unless the work has no vault to keep it in.
    """
    if work.vault is None:
        return None
    if make:  # two that are the first must not each make one
        await work.db.execute(_ALONE, work.workspace_id)
    key = await get_secret(work.db, work.vault, work.workspace_id, KEY)
    if key is None and make:
        key = os.urandom(_BYTES)
        await put_secret(work.db, work.vault, work.workspace_id, KEY, key, now=work.now)
    return key


async def sealed_key(db: Connection, workspace_id: str) -> bytes | None:
    """The key as it is stored."""
    found: bytes | None = await db.fetchval(
        "SELECT ciphertext FROM secret WHERE workspace_id = $1 AND id = $2", workspace_id, KEY
    )
    return found


def mark(key: bytes, network: str, external_id: str) -> bytes:
    """The hash of a person's or a post's id."""
    return hmac.digest(key, _said(network, external_id), "sha256")


def mark_of_before(workspace_id: str, network: str, external_id: str, between: str) -> bytes:
    """As it was made before there were keys; `between` differed for people and posts."""
    said = between.join((workspace_id, network, external_id))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()


def _said(network: str, external_id: str) -> bytes:
    return f"{network}\n{external_id}".encode("utf-8", "surrogatepass")


_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('key of marks ' || $1::text, 0))"
