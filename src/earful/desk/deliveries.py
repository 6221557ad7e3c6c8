"""What an agent can do with a delivery: undo, send again, say what became of it."""

from __future__ import annotations

from earful.conversations.cards import Card
from earful.desk.drafts import give_back
from earful.desk.moves import take_back
from earful.desk.settle import delivery_moved, delivery_sent, delivery_troubled
from earful.kit.refusal import Refused
from earful.outbox import outcome, queue
from earful.stream.work import Work


async def undo(work: Work, delivery_id: str) -> tuple[Card, str]:
    """Take it back: its words are a draft again. Returns the card and the message's id.

    Raises TooLate once it left.
    """
    delivery = await queue.undo(work, delivery_id)
    written = delivery.draft.get("written")
    origin = delivery.draft.get("from")
    if delivery.agent_id:
        await give_back(work, origin or delivery.conversation_id, delivery.agent_id, written)
    if origin:
        await take_back(work, delivery)
    return await delivery_moved(work, delivery, "delivery.undone"), delivery.message_id


async def send_again(work: Work, delivery_id: str) -> tuple[Card, str]:
    """Queue a failed or held delivery anew."""
    delivery = await queue.find(work, delivery_id)
    state = await work.db.fetchval(
        "SELECT state FROM channel WHERE workspace_id = $1 AND id = $2",
        work.workspace_id,
        delivery.channel_id,
    )
    if state != "active":
        raise Refused("held", "The channel is held. Sign it in again or activate it first.")
    await queue.requeue(work, delivery_id, work.now)
    return await delivery_moved(work, delivery, "delivery.requeued"), delivery.message_id


async def settle_by_hand(work: Work, delivery_id: str, *, was_sent: bool) -> tuple[Card, str]:
    """A person looked on the network and says whether an uncertain reply stands there."""
    delivery = await queue.find(work, delivery_id)
    if delivery.state != "uncertain":
        raise Refused("too-late", f"It is {delivery.state} by now; nothing is left to settle.")
    if was_sent:
        await outcome.back_to(work, delivery, "sent", "")
        return await delivery_sent(work, delivery), delivery.message_id
    words = "It was not posted. You can send it again."
    await outcome.back_to(work, delivery, "failed", words)
    return await delivery_troubled(work, delivery, "failed"), delivery.message_id
