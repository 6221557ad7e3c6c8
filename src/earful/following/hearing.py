"""What events mean for follow-ups and ratings."""

from __future__ import annotations

from earful.following import follow_ups, ratings
from earful.stream.reader import Event
from earful.stream.work import Work

READER = "following"
KINDS = (
    "conversation.resolved",
    "conversation.pended",
    "conversation.snoozed",
    "conversation.woken",
    "conversation.reopened",
    "delivery.sent",
    "message.received",
)


async def hear(work: Work, events: list[Event]) -> None:
    """Act on what happened. Rows are read as they are now, so the order makes no difference."""
    written = {e.conversation_id for e in events if e.kind == "message.received"}
    await follow_ups.end_silences(work, sorted(filter(None, written)))
    for event in events:
        if event.conversation_id is not None and event.kind != "message.received":
            card = event.data.get("card") or {}
            await _hear(work, event, event.conversation_id, str(card.get("status", "")))


async def _hear(work: Work, event: Event, conversation_id: str, status: str) -> None:
    if status == "resolved":
        # A date that somebody set stays: who resolves it all the same wants to look again.
        await _over(work, conversation_id)
        await ratings.consider(work, conversation_id, event.at)
        return
    if event.kind == "delivery.sent":
        await _over(work, conversation_id, theirs=False)
    await follow_ups.rest(work, conversation_id)


async def _over(work: Work, conversation_id: str, *, theirs: bool = True) -> None:
    """What was due is done, and a silence that the rules count; with `theirs` also an agent's."""
    kept = await follow_ups.follow_up_for(work.db, work.workspace_id, conversation_id)
    if kept is None:
        return
    counted = kept.kind == "silence" and (theirs or kept.agent_id is None)
    if kept.state == "due" or counted:
        await follow_ups.end(work, conversation_id, "done")
