"""Recovery codes: ten words of letters and digits for the day the phone is lost."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

from earful.accounts.tokens import digest
from earful.store.pool import Connection

HOW_MANY = 10


async def make_codes(
    db: Connection, workspace_id: str, agent_id: str, *, now: datetime
) -> list[str]:
    """Fresh codes, shown once; the old ones stop working."""
    codes = [_new_code() for _ in range(HOW_MANY)]
    await drop_codes(db, workspace_id, agent_id)
    await db.execute(_MAKE, workspace_id, agent_id, [digest(_plain(c)) for c in codes], now)
    return codes


async def use_code(
    db: Connection, workspace_id: str, agent_id: str, code: str, *, now: datetime
) -> bool:
    """Whether `code` is one of theirs and unused; it is used up by this."""
    if len(code) > 100:
        return False
    typed = digest(_plain(code.encode("utf-8", "replace").decode()))
    return await db.fetchval(_USE, workspace_id, agent_id, typed, now) is not None


async def codes_left(db: Connection, workspace_id: str, agent_id: str) -> int:
    """How many are unused."""
    left: int = await db.fetchval(_LEFT, workspace_id, agent_id)
    return left


async def drop_codes(db: Connection, workspace_id: str, agent_id: str) -> None:
    """Forget them all."""
    await db.execute(
        "DELETE FROM recovery_code WHERE workspace_id = $1 AND agent_id = $2",
        workspace_id,
        agent_id,
    )


def _new_code() -> str:
    """80 random bits in four groups: too many to guess, so that plain sha256 hides them."""
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def _plain(code: str) -> str:
    return "".join(code.lower().replace("-", "").split())


_MAKE = """
INSERT INTO recovery_code (workspace_id, agent_id, sha256, created_at)
SELECT $1, $2, h, $4 FROM unnest($3::bytea[]) AS h
"""

_USE = """
UPDATE recovery_code SET used_at = $4
WHERE workspace_id = $1 AND agent_id = $2 AND sha256 = $3 AND used_at IS NULL RETURNING sha256
"""

_LEFT = """
SELECT count(*) FROM recovery_code
WHERE workspace_id = $1 AND agent_id = $2 AND used_at IS NULL
"""
