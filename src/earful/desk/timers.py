"""What time does to conversations: a clock that ran out is an event, once."""

from __future__ import annotations

from earful.conversations.rows import tell
from earful.stream.work import Work


async def breach_due(work: Work, most: int = 200) -> int:
    """Mark the clocks of the workspace that ran out by now. Returns how many were news."""
    rows = await work.db.fetch(
        """UPDATE clock k SET breached_at = k.due_at FROM (
             SELECT id FROM clock WHERE workspace_id = $1 AND due_at <= $2
               AND stopped_at IS NULL AND breached_at IS NULL
             ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) due
           WHERE k.workspace_id = $1 AND k.id = due.id RETURNING k.conversation_id""",
        work.workspace_id,
        work.now,
        most,
    )
    for row in rows:
        await tell(work, row["conversation_id"], "clock.breached")
    return len(rows)
