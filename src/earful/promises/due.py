"""What time does to promises: a reminder before one is due, and broken when it was not kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earful.conversations.rows import lock
from earful.conversations.states import OPEN, RESOLVED
from earful.desk.common import change, finish
from earful.desk.settle import find_rival
from earful.promises.register import COLUMNS, Promise, answered, end, promise_of
from earful.stream.work import Work


async def next_due(db: Any) -> datetime | None:
    """When the next promise is to be looked at, in any workspace."""
    due: datetime | None = await db.fetchval(
        """SELECT least((SELECT min(due_at) FROM promise WHERE state = 'open'),
                        (SELECT min(remind_at) FROM promise WHERE remind_at IS NOT NULL))"""
    )
    return due


async def remind_due(work: Work, most: int = 100) -> int:
    """Bring back the conversations of promises that are due soon. Returns how many."""
    rows = await work.db.fetch(_REMIND, work.workspace_id, work.now, most)
    for row in rows:
        promise = promise_of(row)
        by = f"{promise.due_at:%Y-%m-%d %H:%M} UTC"
        await _bring_back(work, promise, f"Promised by {by}: {promise.words}")
        work.emit(
            "promise.reminded",
            {"promise": promise},
            conversation_id=promise.conversation_id,
            inbox_id=row["inbox_id"],
        )
    return len(rows)


async def break_due(work: Work, most: int = 100) -> int:
    """What was not kept by now is broken, and its conversation comes back. Returns how many."""
    rows = await work.db.fetch(_DUE, work.workspace_id, work.now, most)
    # What was answered in this very moment has not been read in the log yet.
    await answered(work, [row["conversation_id"] for row in rows if row["kind"] == "answer"])
    for row in rows:
        if row["spam"]:
            promise = promise_of(row)
            await end(work, promise, "withdrawn", evidence="It was spam: nobody waits for it.")
            continue
        broken = await work.db.fetchrow(_BREAK, work.workspace_id, row["id"], work.now)
        if broken is None:
            continue
        promise = promise_of(broken)
        words = "a person was to answer by now" if promise.kind == "answer" else promise.words
        await _bring_back(work, promise, f"Promise not kept: {words}")
        work.emit(
            "promise.broken",
            {"promise": promise},
            conversation_id=promise.conversation_id,
            inbox_id=row["inbox_id"],
        )
    return len(rows)


async def _bring_back(work: Work, promise: Promise, line: str) -> None:
    row = await lock(work, promise.conversation_id)
    home = row
    if row["merged_into"]:
        home = await lock(work, row["merged_into"])
    rival = home["status"] == RESOLVED and await find_rival(work, home) is not None
    opens = home["status"] != OPEN and not rival
    if opens:
        await change(
            work,
            home["id"],
            status=OPEN,
            disposition=None,
            disposition_reason="",
            snoozed_until=None,
            snooze_on_reply=False,
        )
    kind = "conversation.reopened" if opens else "conversation.changed"
    await finish(work, home["id"], kind, activity=line)


_REMIND = f"""
UPDATE promise SET remind_at = NULL WHERE workspace_id = $1 AND id IN (
  SELECT id FROM promise WHERE workspace_id = $1 AND remind_at <= $2
  ORDER BY remind_at LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING {COLUMNS}, inbox_id
"""  # noqa: S608 - names of our own

# What was said automatically to who turned out to be spam is no promise to anybody.
_DUE = """
SELECT p.*, p.kind = 'answer' AND c.status = 'resolved' AND c.disposition = 'spam' AS spam
FROM promise p JOIN conversation c ON c.workspace_id = $1 AND c.id = p.conversation_id
WHERE p.workspace_id = $1 AND p.state = 'open' AND p.due_at <= $2
ORDER BY p.due_at LIMIT $3 FOR UPDATE OF p SKIP LOCKED
"""

_BREAK = f"""
UPDATE promise SET state = 'broken', ended_at = $3, remind_at = NULL
WHERE workspace_id = $1 AND id = $2 AND state = 'open' RETURNING {COLUMNS}
"""  # noqa: S608 - as above
