"""The secret table: one encrypted text per id, for whoever needs to keep one."""

from __future__ import annotations

from datetime import datetime

from earful.accounts.secrets import context_of
from earful.store.pool import Connection
from earful.stream.work import Vault

PLACE = "secret.ciphertext"


async def put_secret(
    db: Connection,
    keyring: Vault,
    workspace_id: str,
    secret_id: str,
    plain: bytes,
    *,
    now: datetime,
) -> None:
    """Keep `plain` under `secret_id`, in place of what was there."""
    sealed = keyring.seal(plain, context=context_of(workspace_id, PLACE, secret_id))
    await db.execute(_PUT, workspace_id, secret_id, keyring.current_id, sealed, now)


async def get_secret(
    db: Connection, keyring: Vault, workspace_id: str, secret_id: str
) -> bytes | None:
    """What was put under `secret_id`. Raises SecretError when no key opens it."""
    sealed = await db.fetchval(
        "SELECT ciphertext FROM secret WHERE workspace_id = $1 AND id = $2", workspace_id, secret_id
    )
    if sealed is None:
        return None
    return keyring.open(sealed, context=context_of(workspace_id, PLACE, secret_id))


async def delete_secret(db: Connection, workspace_id: str, secret_id: str) -> None:
    """Forget it."""
    await db.execute(
        "DELETE FROM secret WHERE workspace_id = $1 AND id = $2", workspace_id, secret_id
    )


_PUT = """
INSERT INTO secret (workspace_id, id, key_id, ciphertext, updated_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, id) DO UPDATE SET key_id = $3, ciphertext = $4, updated_at = $5
"""
