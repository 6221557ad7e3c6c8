"""What a delivery's outcome means for its conversation: settled when sent, open when in trouble."""

from __future__ import annotations

from earful.conversations.cards import Card
from earful.conversations.rows import lock, recount, tell
from earful.conversations.states import OPEN, PENDING, RESOLVED, SNOOZED
from earful.desk.common import change
from earful.outbox.queue import Delivery
from earful.sla.clocks import keep_clocks
from earful.stream.work import Work


async def delivery_sent(work: Work, delivery: Delivery) -> Card:
    """The reply stands on the network: the messages it covers are answered."""
    row = await lock(work, delivery.conversation_id)
    await work.db.execute(
        """UPDATE message SET disposition = 'answered', settled_at = $3
           WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND direction = 'incoming'
             AND disposition IS NULL""",
        work.workspace_id,
        delivery.covers,
        work.now,
    )
    await recount(work, [delivery.conversation_id])
    waiting = await work.db.fetchval(
        "SELECT unanswered FROM conversation WHERE workspace_id = $1 AND id = $2",
        work.workspace_id,
        delivery.conversation_id,
    )
    if not waiting and row["status"] == OPEN:
        await _afterwards(work, delivery)
    await keep_clocks(work, [delivery.conversation_id])
    return await _tell(work, delivery, "delivery.sent")


async def _afterwards(work: Work, delivery: Delivery) -> None:
    if delivery.after_sent == "pending":
        await change(work, delivery.conversation_id, status=PENDING)
    elif delivery.after_sent == "resolve":
        await change(work, delivery.conversation_id, status=RESOLVED, disposition="solved")


async def delivery_troubled(work: Work, delivery: Delivery, state: str) -> Card:
    """A held, failed or uncertain reply brings its conversation back before somebody's eyes."""
    row = await lock(work, delivery.conversation_id)
    await work.db.execute(
        """UPDATE message SET disposition = NULL, settled_at = NULL
           WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND disposition = 'answered'
             AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.workspace_id = $1
               AND d.state = 'sent' AND message.id = ANY(d.covers))""",
        work.workspace_id,
        delivery.covers,
    )
    if row["status"] in (PENDING, SNOOZED):
        await change(
            work,
            delivery.conversation_id,
            status=OPEN,
            snoozed_until=None,
            snooze_on_reply=False,
        )
    await recount(work, [delivery.conversation_id])
    await keep_clocks(work, [delivery.conversation_id])
    return await _tell(work, delivery, f"delivery.{state}")


async def delivery_moved(work: Work, delivery: Delivery, kind: str) -> Card:
    """A delivery changed its state in a way that settles nothing (started, requeued, undone)."""
    await recount(work, [delivery.conversation_id])
    return await _tell(work, delivery, kind)


async def _tell(work: Work, delivery: Delivery, kind: str) -> Card:
    return await tell(work, delivery.conversation_id, kind, message_ids=[delivery.message_id])
