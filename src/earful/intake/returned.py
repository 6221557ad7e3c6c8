"""What we sent and was returned: the reply has failed after all, and whom it answered waits."""

from __future__ import annotations

from earful.desk.settle import delivery_troubled
from earful.intake.arrival import Arrival
from earful.outbox.queue import delivery_of
from earful.stream.work import Work


async def take_back(work: Work, network: str, arrivals: list[Arrival]) -> None:
    """Deliveries that a post in their own conversation says have come back count as failed."""
    for arrival in arrivals:
        if not arrival.post.returned:
            continue
        row = await work.db.fetchrow(
            _FAILED,
            work.workspace_id,
            network,
            arrival.post.returned,
            arrival.conversation_id,
            arrival.text[:1000],
        )
        if row is not None:
            await delivery_troubled(work, delivery_of(row), "failed")


_FAILED = """
UPDATE delivery d SET state = 'failed', error = $5
FROM accepted a
WHERE a.workspace_id = $1 AND a.network = $2 AND a.external_id = $3
  AND d.workspace_id = $1 AND d.message_id = a.message_id AND d.conversation_id = $4
  AND d.state = 'sent'
RETURNING d.*
"""
