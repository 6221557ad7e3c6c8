"""What a delivery's outcome means for its conversation: settled when sent, open when in trouble."""

from __future__ import annotations

from typing import Any

from earful.conversations.cards import Card
from earful.conversations.rows import lock, record_activity, recount, tell
from earful.conversations.states import OPEN, PENDING, RESOLVED, SNOOZED
from earful.desk.common import change, ids_of
from earful.desk.moves import invitation_sent
from earful.outbox import queue
from earful.outbox.queue import Delivery
from earful.sla.clocks import keep_clocks
from earful.stream.work import Work


async def delivery_sent(work: Work, delivery: Delivery) -> Card:
    """The reply stands on the network: the messages it covers are answered."""
    delivery = await queue.find(work, delivery.id)
    row = await lock(work, delivery.conversation_id)
    answered = await work.db.fetch(
        """UPDATE message SET disposition = 'answered', settled_at = $3
           WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND direction = 'incoming'
             AND disposition IS NULL RETURNING id""",
        work.workspace_id,
        delivery.covers,
        work.now,
    )
    await recount(work, [delivery.conversation_id])
    left = await lock(work, delivery.conversation_id)
    settled = not (left["unanswered"] or left["sending"] or left["trouble"])
    if settled and row["status"] == OPEN:
        await _afterwards(work, delivery)
    await keep_clocks(work, [delivery.conversation_id])
    if "move" in delivery.draft:
        await invitation_sent(work, delivery)
    return await _tell(work, delivery, "delivery.sent", ids_of(answered))


async def _afterwards(work: Work, delivery: Delivery) -> None:
    if delivery.after_sent == "pending":
        await change(work, delivery.conversation_id, status=PENDING)
    elif delivery.after_sent == "resolve":
        await change(work, delivery.conversation_id, status=RESOLVED, disposition="solved")


async def delivery_troubled(work: Work, delivery: Delivery, state: str) -> Card:
    """A held, failed or uncertain reply brings its conversation back before somebody's eyes."""
    delivery = await queue.find(work, delivery.id)
    if delivery.state == "undone":  # its person was erased meanwhile: nothing is left to do
        return await delivery_moved(work, delivery, "delivery.undone")
    if "automatic" in delivery.draft and state in ("failed", "held"):
        return await _unsaid(work, delivery)
    row = await lock(work, delivery.conversation_id)
    waiting = await work.db.fetch(
        """UPDATE message SET disposition = NULL, settled_at = NULL
           WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND disposition = 'answered'
             AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.workspace_id = $1
               AND d.state = 'sent' AND message.id = ANY(d.covers)) RETURNING id""",
        work.workspace_id,
        delivery.covers,
    )
    if "automatic" not in delivery.draft and await _may_open(work, row):
        await change(
            work,
            delivery.conversation_id,
            status=OPEN,
            disposition=None,
            disposition_reason="",
            snoozed_until=None,
            snooze_on_reply=False,
        )
    await recount(work, [delivery.conversation_id])
    await keep_clocks(work, [delivery.conversation_id])
    return await _tell(work, delivery, f"delivery.{state}", ids_of(waiting))


async def _unsaid(work: Work, delivery: Delivery) -> Card:
    """What Earful could not say by itself stays unsaid: nobody waits for it."""
    words = await work.db.fetchval(
        "UPDATE delivery SET state = 'undone' WHERE workspace_id = $1 AND id = $2 RETURNING error",
        work.workspace_id,
        delivery.id,
    )
    line = await record_activity(
        work, delivery.conversation_id, f"Not said automatically. {words}".strip()
    )
    await lock(work, delivery.conversation_id)
    await recount(work, [delivery.conversation_id])
    return await _tell(work, delivery, "delivery.undone", [line])


async def _may_open(work: Work, row: dict[str, Any]) -> bool:
    """A resolved one stays so if its person has another open one; the list of trouble shows it."""
    if row["status"] != RESOLVED:
        return row["status"] in (PENDING, SNOOZED)
    return row["merged_into"] is None and await find_rival(work, row) is None


async def find_rival(work: Work, row: dict[str, Any]) -> str | None:
    """The other open conversation with the same person in the same inbox, if there is one."""
    rival: str | None = await work.db.fetchval(
        """SELECT id FROM conversation WHERE workspace_id = $1 AND inbox_id = $2
           AND contact_id = $3 AND network = $5 AND visibility = $6 AND status <> 'resolved'
           AND id <> $4""",
        work.workspace_id,
        row["inbox_id"],
        row["contact_id"],
        row["id"],
        row["network"],
        row["visibility"],
    )
    return rival


async def delivery_moved(work: Work, delivery: Delivery, kind: str) -> Card:
    """A delivery changed its state in a way that settles nothing (started, requeued, undone)."""
    delivery = await queue.find(work, delivery.id)
    await lock(work, delivery.conversation_id)
    await recount(work, [delivery.conversation_id])
    return await _tell(work, delivery, kind, [])


async def _tell(work: Work, delivery: Delivery, kind: str, changed: list[str]) -> Card:
    ids = [delivery.message_id, *changed]
    return await tell(work, delivery.conversation_id, kind, message_ids=ids)
