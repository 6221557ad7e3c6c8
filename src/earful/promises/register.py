"""Rows of the register: made, kept, broken, withdrawn. A promise that ended stays as it ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from earful.contacts.erased import refuse_of_erased
from earful.conversations.rows import lock, record_activity, tell
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line
from earful.promises.said import need_said
from earful.stream.work import Work

LONGEST = timedelta(days=366)
REMIND_BEFORE = timedelta(hours=8)
"""Before an agent's promise is due its conversation comes back by itself, unless told otherwise."""
Kind = Literal["answer", "word"]


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A promise. `kind` answer or word; `state` open, kept, broken or withdrawn.

    `done_at` is when it was done, also if that was late; `evidence` says how one knows.
    `message_id` is the message that said it, None where none is named.
    """

    id: str
    conversation_id: str
    kind: str
    words: str
    owner_id: str | None
    made_by: str | None
    made_at: datetime
    due_at: datetime
    remind_at: datetime | None
    state: str
    evidence: str
    evidence_by: str | None
    done_at: datetime | None
    ended_at: datetime | None
    message_id: str | None


COLUMNS = ", ".join(Promise.__struct_fields__)


def promise_of(row: Any) -> Promise:
    """The promise of a row that has COLUMNS."""
    return Promise(**{name: row[name] for name in Promise.__struct_fields__})


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent promised: `words` ("refund"), by when, whose it is (hers, if empty).

    `message_id`: the message that says it; if that is taken back, so is the promise.
    """

    words: str
    due_at: datetime
    owner_id: str | None = None
    remind_at: datetime | None = None
    message_id: str | None = None


async def give(work: Work, conversation_id: str, given: Given) -> Promise:
    """Enter an agent's promise into the register. Raises Refused in words."""
    words = one_line(given.words, 300)
    if not words:
        raise Refused("empty", "Say what was promised.")
    for instant in filter(None, (given.due_at, given.remind_at)):
        if instant.tzinfo is None:
            raise Refused("invalid", "The time needs a time zone, such as a Z at its end.")
    if not work.now < given.due_at <= work.now + LONGEST:
        raise Refused("invalid", "Choose a time in the future, within a year.")
    remind_at = given.remind_at or max(given.due_at - REMIND_BEFORE, work.now)
    if remind_at > given.due_at:
        raise Refused("invalid", "The reminder comes before it is due.")
    row = await lock(work, conversation_id)
    if row["merged_into"]:
        raise Refused("merged", "It was merged into another conversation; go on there.")
    await refuse_of_erased(work, row)
    if given.message_id is not None:
        await need_said(work, given.message_id)
    owner = await _agent(work, given.owner_id or work.actor.id)
    new = _New(
        kind="word", words=words, owner_id=owner, due_at=given.due_at, remind_at=remind_at,
        message_id=given.message_id,
    )  # fmt: skip
    made = await _insert(work, row, new)
    line = await record_activity(
        work,
        conversation_id,
        f"{work.actor.name} promised by {given.due_at:%Y-%m-%d %H:%M} UTC: {words}",
    )
    await tell(work, conversation_id, "conversation.changed", message_ids=[line])
    _tell(work, made, row["inbox_id"], "promise.made")
    return made


async def say_answer_by(
    work: Work, conversation: dict[str, Any], due_at: datetime, message_id: str | None = None
) -> Promise:
    """It was said automatically, in a message, that a person answers by `due_at`."""
    made = await _insert(
        work, conversation, _New(kind="answer", due_at=due_at, message_id=message_id)
    )
    _tell(work, made, conversation["inbox_id"], "promise.made")
    return made


async def prove(work: Work, promise_id: str, evidence: str) -> Promise:
    """It was done: kept if in time; what was broken already stays so, with its evidence."""
    words = one_line(evidence, 500)
    if not words:
        raise Refused("empty", "Say how one can see that it was done.")
    found = await _locked(work, promise_id)
    if found.kind != "word":
        raise Refused("automatic", "This one is kept by an answer.")
    if found.state not in ("open", "broken") or found.done_at is not None:
        raise Refused("ended", f"It is {found.state} already.")
    state = "kept" if found.state == "open" and work.now <= found.due_at else "broken"
    return await end(work, found, state, done_at=work.now, evidence=words)


async def withdraw(work: Work, promise_id: str, reason: str) -> Promise:
    """It no longer holds, and the customer was told why."""
    words = one_line(reason, 500)
    if not words:
        raise Refused("empty", "Say why it no longer holds, and what the customer was told.")
    found = await _locked(work, promise_id)
    if found.state != "open":
        raise Refused("ended", f"It is {found.state} already.")
    return await end(work, found, "withdrawn", evidence=words)


async def answered(work: Work, conversation_ids: list[str]) -> int:
    """A person has answered there: what was said automatically is done, in time or late."""
    rows = await work.db.fetch(_WAITING, work.workspace_id, conversation_ids)
    for row in rows:
        promise, at = promise_of(row), row["answered_at"]
        state = "kept" if at <= promise.due_at else "broken"
        await end(work, promise, state, done_at=at)
    return len(rows)


class _New(msgspec.Struct, frozen=True, kw_only=True):
    kind: Kind
    due_at: datetime
    words: str = ""
    owner_id: str | None = None
    remind_at: datetime | None = None
    message_id: str | None = None


async def _insert(work: Work, conversation: dict[str, Any], new: _New) -> Promise:
    row = await work.db.fetchrow(
        _INSERT,
        work.workspace_id,
        new_id(),
        conversation["id"],
        conversation["contact_id"],
        conversation["inbox_id"],
        new.kind,
        new.words,
        new.owner_id,
        work.actor.id,
        work.now,
        new.due_at,
        new.remind_at,
        new.message_id,
    )
    return promise_of(row)


async def _agent(work: Work, agent_id: str | None) -> str:
    found: str | None = await work.db.fetchval(
        "SELECT id FROM agent WHERE workspace_id = $1 AND id = $2 AND disabled_at IS NULL",
        work.workspace_id,
        agent_id,
    )
    if found is None:
        raise NotFound("agent")
    return found


async def _locked(work: Work, promise_id: str) -> Promise:
    row = await work.db.fetchrow(
        f"SELECT {COLUMNS} FROM promise WHERE workspace_id = $1 AND id = $2 FOR UPDATE",  # noqa: S608
        work.workspace_id,
        promise_id,
    )
    if row is None:
        raise NotFound("promise")
    return promise_of(row)


async def end(
    work: Work,
    promise: Promise,
    state: str,
    *,
    done_at: datetime | None = None,
    evidence: str = "",
) -> Promise:
    """It is kept, broken or withdrawn from now on. Raises NotFound."""
    row = await work.db.fetchrow(
        _END,
        work.workspace_id,
        promise.id,
        state,
        evidence,
        work.actor.id if evidence else None,
        done_at,
        work.now,
    )
    if row is None:
        raise NotFound("promise")
    ended = promise_of(row)
    kind = {
        "kept": "promise.kept",
        "broken": "promise.broken",
        "withdrawn": "promise.withdrawn",
    }[state]
    _tell(work, ended, row["inbox_id"], kind)
    return ended


def _tell(work: Work, promise: Promise, inbox_id: str, kind: str) -> None:
    work.emit(
        kind, {"promise": promise}, conversation_id=promise.conversation_id, inbox_id=inbox_id
    )


_INSERT = f"""
INSERT INTO promise (workspace_id, id, conversation_id, contact_id, inbox_id, kind, words, owner_id,
  made_by, made_at, due_at, remind_at, message_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING {COLUMNS}
"""  # noqa: S608 - names of our own

_END = f"""
UPDATE promise SET state = $3, evidence = CASE WHEN $4 = '' THEN evidence ELSE $4 END,
  evidence_by = coalesce($5, evidence_by), done_at = coalesce(done_at, $6),
  ended_at = coalesce(ended_at, $7), remind_at = NULL
WHERE workspace_id = $1 AND id = $2 RETURNING {COLUMNS}, inbox_id
"""  # noqa: S608 - as above

# The first answer of a person after it was said, wherever the conversation was merged into since.
_WAITING = f"""
SELECT {", ".join("p." + name for name in Promise.__struct_fields__)}, a.answered_at
FROM promise p
JOIN conversation c ON c.workspace_id = $1 AND c.id = p.conversation_id
CROSS JOIN LATERAL (SELECT min(d.sent_at) AS answered_at FROM delivery d
  WHERE d.workspace_id = $1 AND d.conversation_id = coalesce(c.merged_into, c.id)
    AND d.state = 'sent' AND d.agent_id IS NOT NULL AND d.sent_at >= p.made_at) a
WHERE p.workspace_id = $1 AND p.kind = 'answer' AND p.done_at IS NULL
  AND p.state IN ('open', 'broken') AND a.answered_at IS NOT NULL
  AND (p.conversation_id = ANY($2::uuid[]) OR c.merged_into = ANY($2::uuid[]))
FOR UPDATE OF p
"""  # noqa: S608 - as above
