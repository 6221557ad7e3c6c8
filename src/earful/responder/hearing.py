"""What events mean for promises and for the responder."""

from __future__ import annotations

from datetime import datetime, timedelta

from earful.promises.register import answered
from earful.promises.unsaid import taken_back
from earful.responder.speak import Staffing, call_a_person, respond
from earful.stream.reader import Event
from earful.stream.work import Work
from earful.triage.sensitive import sensitive

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
OVER = timedelta(days=7)
"""What was written longer ago, as at an import, wakes nobody."""


async def hear(work: Work, events: list[Event], staffing: Staffing) -> None:
    """Act on what happened; rows are read as they are now, each conversation once."""
    sent = {e.conversation_id for e in events if e.kind in ("delivery.sent", "conversation.merged")}
    await answered(work, sorted(filter(None, sent)))
    undone = [e for e in events if e.kind == "delivery.undone"]
    if undone:
        said = {str(one["id"]) for e in undone for one in e.data.get("messages") or ()}
        await taken_back(work, sorted(said))
    for conversation_id, why in sorted(_grave(work, events).items()):
        await call_a_person(work, conversation_id, why)
    fresh = [e for e in events if e.at > work.now - STALE_AFTER and e.conversation_id]
    written = {e.conversation_id for e in fresh if e.kind.startswith(("conv", "message"))}
    if not written or not await _any_on(work):
        return
    for conversation_id in sorted(filter(None, written)):
        await respond(work, conversation_id, staffing)


def _grave(work: Work, events: list[Event]) -> dict[str, str]:
    """Why a person must come at once, by conversation; read from what is told, without a query."""
    found = {}
    for event in events:
        if event.conversation_id is None or not event.kind.startswith(("conv", "message")):
            continue
        for one in event.data.get("messages") or ():
            recent = datetime.fromisoformat(one["published_at"]) > work.now - OVER
            if recent and one["direction"] == "incoming" and (why := sensitive(one["text"])):
                found[event.conversation_id] = why
    return found


async def _any_on(work: Work) -> bool:
    found: bool | None = await work.db.fetchval(
        "SELECT true FROM responder WHERE workspace_id = $1 AND (rules->>'on')::boolean LIMIT 1",
        work.workspace_id,
    )
    return found is True
