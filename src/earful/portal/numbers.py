"""The numbers of a portal's messages: in the order of commits, so that no reader skips one."""

from __future__ import annotations

from typing import Any


async def next_seq(db: Any, workspace_id: str, channel_id: str) -> int:
    """The next number. The portal's row stays locked until the caller commits.

    A number that is not used after all (the message was there already) leaves a gap, which skips
    nothing.
    """
    seq: int = await db.fetchval(_NEXT, workspace_id, channel_id)
    return seq


_NEXT = """
INSERT INTO portal AS p (workspace_id, channel_id, seq) VALUES ($1, $2, 1)
ON CONFLICT (workspace_id, channel_id) DO UPDATE SET seq = p.seq + 1 RETURNING seq
"""
