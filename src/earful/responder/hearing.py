"""What events mean for promises and for the responder."""

from __future__ import annotations

from datetime import timedelta

from earful.promises.register import answered
from earful.promises.unsaid import taken_back
from earful.responder.speak import Staffing, respond
from earful.stream.reader import Event
from earful.stream.work import Work

READER = "responder"
KINDS = (
    "conversation.opened",
    "message.received",
    "delivery.sent",
    "delivery.undone",
    "conversation.merged",
)
STALE_AFTER = timedelta(minutes=10)
"""A post that came longer ago, while no worker ran, gets no belated greeting."""


async def hear(work: Work, events: list[Event], staffing: Staffing) -> None:
    """Act on what happened; rows are read as they are now, each conversation once."""
    sent = {e.conversation_id for e in events if e.kind in ("delivery.sent", "conversation.merged")}
    await answered(work, sorted(filter(None, sent)))
    undone = [e for e in events if e.kind == "delivery.undone"]
    if undone:
        said = {str(one["id"]) for e in undone for one in e.data.get("messages") or ()}
        await taken_back(work, sorted(said))
    fresh = [e for e in events if e.at > work.now - STALE_AFTER and e.conversation_id]
    written = {e.conversation_id for e in fresh if e.kind.startswith(("conv", "message"))}
    if not written or not await _any_on(work):
        return
    for conversation_id in sorted(filter(None, written)):
        await respond(work, conversation_id, staffing)


async def _any_on(work: Work) -> bool:
    found: bool | None = await work.db.fetchval(
        "SELECT true FROM responder WHERE workspace_id = $1 AND (rules->>'on')::boolean LIMIT 1",
        work.workspace_id,
    )
    return found is True
