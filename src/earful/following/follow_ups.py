"""Follow-ups: on a date, or when nobody has said anything for long enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.contacts.erased import refuse_of_erased
from earful.conversations.rows import lock, record_activity, tell
from earful.conversations.states import OPEN, RESOLVED
from earful.desk.common import change, finish
from earful.desk.settle import find_rival
from earful.following.rules import rules_of
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line
from earful.stream.work import Work

LONGEST = timedelta(days=366)
NOTE = "Nobody has written here for a while. Ask, or end it."
"""What stands with a follow-up that the rules made."""


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """A look again at `due_at`. `kind` date or silence; `state` waiting, due, done or dropped.
    `agent_id` is None where the inbox's rules made it."""

    id: str
    conversation_id: str
    agent_id: str | None
    kind: str
    state: str
    note: str
    due_at: datetime
    created_at: datetime


COLUMNS = ", ".join(FollowUp.__struct_fields__)


def follow_up_of(row: Any) -> FollowUp:
    """The follow-up of a row that has COLUMNS."""
    return FollowUp(**{name: row[name] for name in FollowUp.__struct_fields__})


async def plan(
    work: Work, conversation_id: str, due_at: datetime, *, kind: str = "date", note: str = ""
) -> FollowUp:
    """An agent wants it back at `due_at`: in any case, or (`silence`) if they have not written.

    It takes the place of one that waited. Raises Refused.
    """
    if due_at.tzinfo is None:
        raise Refused("invalid", "The time needs a time zone, such as a Z at its end.")
    if not work.now < due_at <= work.now + LONGEST:
        raise Refused("invalid", "Choose a time in the future, within a year.")
    if kind not in ("date", "silence"):
        raise Refused("invalid", "`kind` is date or silence.")
    row = await lock(work, conversation_id)
    if row["merged_into"]:
        raise Refused("merged", "It was merged into another conversation; go on there.")
    await refuse_of_erased(work, row)
    if kind == "silence" and row["unanswered"]:
        raise Refused("unanswered", "They wait for us, not we for them: answer first.")
    words = one_line(note, 300)
    await end(work, conversation_id, "dropped")
    made = await _insert(work, conversation_id, work.actor.id, _New(kind, words, due_at))
    when = f"{due_at:%Y-%m-%d %H:%M} UTC" + (" if they stay silent" if kind == "silence" else "")
    line = await record_activity(
        work, conversation_id, f"{work.actor.name} follows up on {when}" + _said(words)
    )
    await tell(work, conversation_id, "conversation.changed", message_ids=[line])
    await _tell(work, made, "followup.planned")
    return made


async def end(work: Work, conversation_id: str, state: str) -> FollowUp | None:
    """What waited or was due is `done` or `dropped`. None if there was none."""
    row = await work.db.fetchrow(
        f"""UPDATE follow_up SET state = $3, ended_at = $4 WHERE workspace_id = $1
            AND conversation_id = $2 AND state IN ('waiting', 'due') RETURNING {COLUMNS}""",  # noqa: S608
        work.workspace_id,
        conversation_id,
        state,
        work.now,
    )
    if row is None:
        return None
    ended = follow_up_of(row)
    await _tell(work, ended, "followup.ended")
    return ended


async def drop(work: Work, conversation_id: str) -> None:
    """An agent needs it no more. Raises NotFound."""
    if await end(work, conversation_id, "dropped") is None:
        raise NotFound("follow-up")


async def end_silences(work: Work, conversation_ids: list[str]) -> None:
    """They have written: nobody waits for them any more."""
    rows = await work.db.fetch(
        f"""UPDATE follow_up SET state = 'done', ended_at = $3 WHERE workspace_id = $1
            AND conversation_id = ANY($2::uuid[]) AND kind = 'silence'
            AND state IN ('waiting', 'due') RETURNING {COLUMNS}""",  # noqa: S608
        work.workspace_id,
        conversation_ids,
        work.now,
    )
    for row in rows:
        await _tell(work, follow_up_of(row), "followup.ended")


async def rest(work: Work, conversation_id: str) -> None:
    """Nobody's turn: after the inbox's `silence_for` it comes back, unless somebody planned it."""
    row = await work.db.fetchrow(_RESTS, work.workspace_id, conversation_id)
    if row is None:
        return
    rules = await rules_of(work.db, work.workspace_id, row["inbox_id"])
    if rules.silence_for:
        due_at = work.now + timedelta(seconds=rules.silence_for)
        await _insert(work, conversation_id, None, _New("silence", NOTE, due_at))


async def come_due(work: Work, most: int = 100) -> int:
    """Bring back what is due by now. Returns how many."""
    rows = await work.db.fetch(_DUE, work.workspace_id, work.now, most)
    for row in rows:
        await _bring_back(work, follow_up_of(row))
    return len(rows)


async def _bring_back(work: Work, due: FollowUp) -> None:
    row = await lock(work, due.conversation_id)
    if row["merged_into"]:
        await end(work, due.conversation_id, "dropped")
        return
    opens = row["status"] != OPEN and not (
        row["status"] == RESOLVED and await find_rival(work, row) is not None
    )
    if opens:
        await change(
            work,
            due.conversation_id,
            status=OPEN,
            disposition=None,
            disposition_reason="",
            snoozed_until=None,
            snooze_on_reply=False,
        )
    kind = "conversation.reopened" if opens else "conversation.changed"
    await finish(work, due.conversation_id, kind, activity="Follow up now" + _said(due.note))
    await _tell(work, due, "followup.raised")


async def follow_up_for(db: Any, workspace_id: str, conversation_id: str) -> FollowUp | None:
    """What waits or is due in a conversation."""
    row = await db.fetchrow(
        f"""SELECT {COLUMNS} FROM follow_up WHERE workspace_id = $1 AND conversation_id = $2
            AND state IN ('waiting', 'due')""",  # noqa: S608
        workspace_id,
        conversation_id,
    )
    return None if row is None else follow_up_of(row)


async def next_due(db: Any) -> datetime | None:
    """When the next one comes due, in any workspace."""
    due: datetime | None = await db.fetchval(
        "SELECT min(due_at) FROM follow_up WHERE state = 'waiting'"
    )
    return due


class _New(msgspec.Struct, frozen=True):
    kind: str
    note: str
    due_at: datetime


async def _insert(work: Work, conversation_id: str, agent_id: str | None, new: _New) -> FollowUp:
    row = await work.db.fetchrow(
        f"""INSERT INTO follow_up (workspace_id, id, conversation_id, agent_id, kind, note, due_at,
              created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING {COLUMNS}""",  # noqa: S608
        work.workspace_id,
        new_id(),
        conversation_id,
        agent_id,
        new.kind,
        new.note,
        new.due_at,
        work.now,
    )
    return follow_up_of(row)


def _said(note: str) -> str:
    return f": {note}" if note else ""


async def _tell(work: Work, follow_up: FollowUp, kind: str) -> None:
    inbox_id = await work.db.fetchval(
        "SELECT inbox_id FROM conversation WHERE workspace_id = $1 AND id = $2",
        work.workspace_id,
        follow_up.conversation_id,
    )
    work.emit(
        kind,
        {"follow_up": follow_up},
        conversation_id=follow_up.conversation_id,
        inbox_id=inbox_id,
    )


# It has no clock, no snooze that ends, and no follow-up.
_RESTS = """
SELECT c.inbox_id FROM conversation c WHERE c.workspace_id = $1 AND c.id = $2
  AND c.status <> 'resolved' AND c.unanswered = 0 AND c.sending = 0 AND c.snoozed_until IS NULL
  AND NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.workspace_id = $1 AND f.conversation_id = c.id
    AND f.state IN ('waiting', 'due'))
FOR UPDATE
"""

_DUE = f"""
UPDATE follow_up SET state = 'due' WHERE workspace_id = $1 AND id IN (
  SELECT id FROM follow_up WHERE workspace_id = $1 AND state = 'waiting' AND due_at <= $2
  ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING {COLUMNS}
"""  # noqa: S608 - names of our own
