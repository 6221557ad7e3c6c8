"""Snooze until a time, a reply, or both. A snoozed conversation still counts as open."""

from __future__ import annotations

from datetime import datetime, timedelta

from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.conversations.states import OPEN, SNOOZED, check
from earful.desk.common import change, finish
from earful.kit.refusal import Refused
from earful.stream.work import Work

LONGEST = timedelta(days=366)


async def snooze(
    work: Work, conversation_id: str, until: datetime | None, on_reply: bool = True
) -> Card:
    """Put the conversation aside until `until`; a customer's reply wakes it in any case."""
    row = await lock(work, conversation_id)
    check(row["status"], SNOOZED)
    if until is None and not on_reply:
        raise Refused("invalid", "Choose a time, or until they reply.")
    if until is not None and until.tzinfo is None:
        raise Refused("invalid", "The time needs a time zone, such as a Z at its end.")
    if until is not None and not work.now < until <= work.now + LONGEST:
        raise Refused("invalid", "Choose a time in the future, within a year.")
    if until is None and row["unanswered"]:
        raise Refused(
            "unanswered", "They wait for us, not we for them: choose a time, or answer first."
        )
    await change(
        work, conversation_id, status=SNOOZED, snoozed_until=until, snooze_on_reply=on_reply
    )
    when = f"until {until:%Y-%m-%d %H:%M} UTC" if until else "until they reply"
    activity = f"{work.actor.name} snoozed it {when}"
    return await finish(work, conversation_id, "conversation.snoozed", activity=activity)


async def wake(work: Work, conversation_id: str) -> Card:
    """Bring a snoozed conversation back to the list."""
    row = await lock(work, conversation_id)
    if row["status"] == SNOOZED:
        await change(work, conversation_id, status=OPEN, snoozed_until=None, snooze_on_reply=False)
    return await finish(work, conversation_id, "conversation.woken")


async def wake_due(work: Work) -> int:
    """Wake every snoozed conversation of the workspace whose time has come. Returns how many."""
    rows = await work.db.fetch(
        """SELECT id FROM conversation WHERE workspace_id = $1 AND status = 'snoozed'
           AND snoozed_until <= $2 ORDER BY id FOR UPDATE SKIP LOCKED""",
        work.workspace_id,
        work.now,
    )
    for row in rows:
        await wake(work, row["id"])
    return len(rows)
