"""Promises of messages that never went out: nobody read them, so nobody waits for them."""

from __future__ import annotations

from collections.abc import Collection

from earful.promises.register import Promise, end, promise_of
from earful.stream.work import Work

WHY = "Its message was taken back, or was never sent."


async def taken_back(work: Work, message_ids: Collection[str]) -> list[Promise]:
    """Withdraw what is open of these messages, of which no delivery is left. Returns it."""
    rows = await work.db.fetch(_UNSAID, work.workspace_id, list(message_ids))
    return [await end(work, promise_of(row), "withdrawn", evidence=WHY) for row in rows]


_UNSAID = """
SELECT p.* FROM promise p
WHERE p.workspace_id = $1 AND p.message_id = ANY($2::uuid[]) AND p.state = 'open'
  AND NOT EXISTS (SELECT 1 FROM delivery d
    WHERE d.workspace_id = $1 AND d.message_id = p.message_id AND d.state <> 'undone')
FOR UPDATE OF p
"""
