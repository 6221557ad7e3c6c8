"""What every command of the desk does at its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earful.conversations.cards import Card
from earful.conversations.instants import note_assigned
from earful.conversations.rows import record_activity, recount, tell
from earful.sla.clocks import keep_clocks
from earful.stream.work import Work


def ids_of(rows: list[Any]) -> list[str]:
    """The `id` of each row."""
    return [row["id"] for row in rows]


async def change(work: Work, conversation_id: str, **columns: Any) -> None:
    """Set columns of a conversation. Names come from code, never from a request."""
    names = list(columns)
    sets = ", ".join(f"{name} = ${index}" for index, name in enumerate(names, start=3))
    await work.db.execute(
        f"UPDATE conversation SET {sets} WHERE workspace_id = $1 AND id = $2",  # noqa: S608
        work.workspace_id,
        conversation_id,
        *columns.values(),
    )
    if "assignee_id" in columns:
        await note_assigned(work, conversation_id, columns["assignee_id"])


async def finish(
    work: Work,
    conversation_id: str,
    kind: str,
    *,
    activity: str = "",
    reason: str = "",
    message_ids: list[str] | None = None,
    counted_from: datetime | None = None,
) -> Card:
    """Recount, keep the clock, write the line of history and tell the stream.

    A clock that starts by this counts from `counted_from`, if the wait began before.
    """
    ids = list(message_ids or [])
    if activity:
        ids.append(await record_activity(work, conversation_id, activity))
    await recount(work, [conversation_id])
    await keep_clocks(work, [conversation_id], counted_from=counted_from)
    return await tell(work, conversation_id, kind, message_ids=ids, reason=reason)
