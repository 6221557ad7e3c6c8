"""Merge by hand."""

from __future__ import annotations

from earful.contacts.erased import refuse_erased
from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.desk.common import finish, ids_of
from earful.kit.refusal import Refused
from earful.stream.work import Work


async def merge(work: Work, source_id: str, target_id: str) -> Card:
    """Move all of `source_id` into `target_id`. Returns the target's card."""
    if source_id == target_id:
        raise Refused("invalid", "A conversation cannot be merged into itself.")
    await _wait_for_senders(work, source_id, target_id)
    locked = {key: await lock(work, key) for key in sorted((source_id, target_id))}
    source, target = locked[source_id], locked[target_id]
    if source["merged_into"] or target["merged_into"]:
        raise Refused("merged", "One of them was merged already.")
    if source["inbox_id"] != target["inbox_id"]:
        raise Refused("invalid", "They are in different inboxes.")
    if (source["network"], source["visibility"]) != (target["network"], target["visibility"]):
        raise Refused("invalid", "What is said in private is not merged with what is public.")
    if target["status"] == "resolved" and source["unanswered"]:
        raise Refused("unanswered", "People wait in this one: merge into an open conversation.")
    for contact_id in sorted({source["contact_id"], target["contact_id"]}):
        await refuse_erased(work, contact_id)  # joined to another it would say whose it was
    moved = await absorb(work, source_id, target_id)
    await finish(
        work, source_id, "conversation.merged", activity=f"{work.actor.name} merged it away"
    )
    return await finish(
        work,
        target_id,
        "conversation.joined",
        activity=f"{work.actor.name} merged another conversation into this",
        message_ids=moved,
    )


async def _wait_for_senders(work: Work, *ids: str) -> None:
    """Lock deliveries before conversations, as whoever records an outcome does: no deadlock."""
    await work.db.execute(
        """SELECT 1 FROM delivery WHERE workspace_id = $1 AND conversation_id = ANY($2::uuid[])
             AND state IN ('queued', 'sending', 'held', 'failed', 'uncertain')
           ORDER BY id FOR UPDATE""",
        work.workspace_id,
        list(ids),
    )


async def absorb(work: Work, source_id: str, target_id: str) -> list[str]:
    """Move messages, deliveries and drafts; the emptied conversation is resolved as merged.

    Returns the ids of the messages that moved.
    """
    rows = await work.db.fetch(
        """UPDATE message SET conversation_id = $3
           WHERE workspace_id = $1 AND conversation_id = $2 RETURNING id""",
        work.workspace_id,
        source_id,
        target_id,
    )
    moved = ids_of(rows)
    await work.db.execute(
        """UPDATE delivery SET conversation_id = $3
           WHERE workspace_id = $1 AND conversation_id = $2 AND message_id = ANY($4::uuid[])""",
        work.workspace_id,
        source_id,
        target_id,
        moved,
    )
    await work.db.execute(
        """UPDATE draft d SET conversation_id = $3 WHERE workspace_id = $1 AND conversation_id = $2
           AND NOT EXISTS (SELECT 1 FROM draft o WHERE o.workspace_id = $1
             AND o.conversation_id = $3 AND o.agent_id = d.agent_id)""",
        work.workspace_id,
        source_id,
        target_id,
    )
    await work.db.execute(
        """UPDATE conversation SET status = 'resolved', disposition = 'merged', merged_into = $3,
             snoozed_until = NULL, snooze_on_reply = false
           WHERE workspace_id = $1 AND id = $2""",
        work.workspace_id,
        source_id,
        target_id,
    )
    # What was merged into the source earlier now lives in the target: links stay one step long.
    await work.db.execute(
        "UPDATE conversation SET merged_into = $3 WHERE workspace_id = $1 AND merged_into = $2",
        work.workspace_id,
        source_id,
        target_id,
    )
    await work.db.execute(
        "UPDATE move SET to_id = $3 WHERE workspace_id = $1 AND to_id = $2",
        work.workspace_id,
        source_id,
        target_id,
    )
    await work.db.execute(
        "UPDATE move SET from_id = $3 WHERE workspace_id = $1 AND from_id = $2",
        work.workspace_id,
        source_id,
        target_id,
    )
    await _open_for_who_waits(work, target_id)
    return moved


async def _open_for_who_waits(work: Work, target_id: str) -> None:
    """Who waited in the one must not vanish into a pending or snoozed other."""
    await work.db.execute(
        """UPDATE conversation SET status = 'open', snoozed_until = NULL, snooze_on_reply = false
           WHERE workspace_id = $1 AND id = $2 AND status IN ('pending', 'snoozed')
             AND EXISTS (SELECT 1 FROM message m WHERE m.workspace_id = $1
               AND m.conversation_id = $2 AND m.direction = 'incoming'
               AND m.disposition IS NULL)""",
        work.workspace_id,
        target_id,
    )
