"""Resolve with a disposition, wait for the customer, reopen."""

from __future__ import annotations

from typing import Any

import asyncpg

from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.conversations.states import DISPOSITIONS, OPEN, PENDING, RESOLVED, check
from earful.desk.common import change, finish, ids_of
from earful.desk.settle import find_rival
from earful.kit.refusal import Refused
from earful.kit.text import one_line
from earful.stream.work import Work


async def resolve(
    work: Work, conversation_id: str, disposition: str, reason: str = "", seen: int | None = None
) -> Card:
    """End a conversation. Where people still wait, silence needs a reason.

    `seen` is how many messages were seen to wait: a reason given for those is none for one that
    came since. None: not said.
    """
    row = await lock(work, conversation_id)
    check(row["status"], RESOLVED)
    if disposition not in DISPOSITIONS or disposition == "merged":
        names = ", ".join(name for name in DISPOSITIONS if name != "merged")
        raise Refused("invalid", f"The disposition is one of {names}.")
    if row["sending"] or row["trouble"]:
        raise Refused("sending", "A reply is on its way or in trouble. Settle that first.")
    words = one_line(reason, 300)
    if row["unanswered"] and not words:
        raise Refused(
            "unanswered",
            f"{row['unanswered']} messages have no answer. Answer, or say why none is needed.",
            unanswered=row["unanswered"],
        )
    if seen is not None and row["unanswered"] > seen:
        raise Refused(
            "changed",
            "They wrote again meanwhile. Close this and read it first.",
            unanswered=row["unanswered"],
        )
    settled = await _settle(work, conversation_id, DISPOSITIONS[disposition])
    await change(
        work,
        conversation_id,
        status=RESOLVED,
        disposition=disposition,
        disposition_reason=words,
        snoozed_until=None,
        snooze_on_reply=False,
    )
    said = disposition.replace("_", " ")
    activity = f"{work.actor.name} resolved it: {said}" + (f" ({words})" if words else "")
    return await finish(
        work,
        conversation_id,
        "conversation.resolved",
        activity=activity,
        reason=words,
        message_ids=settled,
    )


async def _settle(work: Work, conversation_id: str, disposition: str) -> list[str]:
    rows = await work.db.fetch(
        """UPDATE message SET disposition = $3, settled_at = $4
           WHERE workspace_id = $1 AND conversation_id = $2
             AND direction = 'incoming' AND disposition IS NULL RETURNING id""",
        work.workspace_id,
        conversation_id,
        disposition,
        work.now,
    )
    return ids_of(rows)


async def wait_for_customer(work: Work, conversation_id: str) -> Card:
    """Mark the conversation as waiting on the customer. Refused while somebody waits for us."""
    row = await lock(work, conversation_id)
    check(row["status"], PENDING)
    if row["unanswered"]:
        raise Refused("unanswered", "Somebody still waits for us here. Answer first.")
    await change(work, conversation_id, status=PENDING, snoozed_until=None, snooze_on_reply=False)
    activity = f"{work.actor.name} waits for the customer"
    return await finish(work, conversation_id, "conversation.pended", activity=activity)


async def reopen(work: Work, conversation_id: str) -> Card:
    """Open a resolved, pending or snoozed conversation again."""
    row = await lock(work, conversation_id)
    check(row["status"], OPEN)
    if row["merged_into"]:
        raise Refused("merged", "It was merged into another conversation; go on there.")
    await _refuse_a_second(work, row)
    waiting = await _unsettle(work, conversation_id) if row["status"] == RESOLVED else []
    try:
        async with work.db.transaction():
            await change(
                work,
                conversation_id,
                status=OPEN,
                disposition=None,
                disposition_reason="",
                snoozed_until=None,
                snooze_on_reply=False,
            )
    except asyncpg.UniqueViolationError:
        # They wrote in this moment, which opened the other one.
        await _refuse_a_second(work, row)
        raise
    return await finish(
        work,
        conversation_id,
        "conversation.reopened",
        activity=f"{work.actor.name} reopened it",
        message_ids=waiting,
        # Whoever resolved it took the wait as over: it is promised anew from here.
        counted_from=work.now,
    )


async def _refuse_a_second(work: Work, row: dict[str, Any]) -> None:
    if rival := await find_rival(work, row):
        raise Refused(
            "rival", "This person has another open conversation; go on there.", conversation=rival
        )


async def _unsettle(work: Work, conversation_id: str) -> list[str]:
    """What the last resolution set aside waits again; what was answered stays answered."""
    rows = await work.db.fetch(
        """UPDATE message SET disposition = NULL, settled_at = NULL
           WHERE workspace_id = $1 AND conversation_id = $2 AND direction = 'incoming'
             AND disposition IN ('resolved', 'spam') AND settled_at = (
               SELECT max(settled_at) FROM message WHERE workspace_id = $1
               AND conversation_id = $2 AND direction = 'incoming')
           RETURNING id""",
        work.workspace_id,
        conversation_id,
    )
    return ids_of(rows)
