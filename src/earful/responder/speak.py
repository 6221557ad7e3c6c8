"""Whether something is said to who waits, and what: decided by what stands in the rows now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from earful.composing.automatic import say
from earful.conversations.rows import lock, record_activity, tell
from earful.desk.severity import set_severity
from earful.kit.refusal import Refused
from earful.promises.record import keeps_its_word
from earful.promises.register import say_answer_by
from earful.responder.estimate import Staffed, next_human
from earful.responder.forecast import forecast_of
from earful.responder.rules import Rules, rules_of, text_for
from earful.responder.wording import filled, in_words
from earful.stream.work import Work
from earful.triage.sensitive import opts_out, sensitive

EACH_FOR = timedelta(minutes=3)
"""How long an answer takes as long as the desk has not measured it."""
OLD = timedelta(hours=6)
"""A post that is older when it comes in (after an outage, at an import) gets no greeting."""
GRAVE = 1
AS_OUTAGE = 2


LEFT_ALONE = "They asked to be left alone by machines."
WHOM = (
    ("bot", "A machine wrote."),
    ("automatic", "A machine wrote."),
    ("ours", "It is an account of ours."),
    ("barred", "No program may answer it there."),
    ("opted_out", LEFT_ALONE),
)
"""To whom nothing is said, and why: by what stands in the row of the message that waits."""


class Staffing(Protocol):
    """Who is there for an inbox."""

    async def __call__(self, work: Work, inbox_id: str, hours_id: str | None) -> list[Staffed]:
        """The spans from now on, for some weeks; empty where nothing is known."""


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Who would be told: what stands in her conversation's row, or what would, for a trial."""

    inbox_id: str
    channel_id: str
    name: str
    language: str
    severity: int
    waiting_since: datetime
    due_at: datetime | None
    zone: str = ""
    """Where she lives, if that is known: the time is said as it is there."""


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer would be told: `at` is the next human time, None where none is known.

    `silent` says why nothing is said; `text` is what is, empty then.
    """

    at: datetime | None
    text: str = ""
    silent: str = ""
    promises: bool = False


async def respond(work: Work, conversation_id: str, staffing: Staffing) -> Outlook:
    """Say something to who waits there, or leave it. Returns what was said, or why nothing was."""
    row = await lock(work, conversation_id)
    rules = await rules_of(work.db, work.workspace_id, row["inbox_id"])
    if not rules.on:
        return Outlook(at=None, silent="It is off.")
    unanswered = await work.db.fetch(_WAITING, work.workspace_id, conversation_id)
    if silent := await _left_alone(work, row, unanswered):
        return Outlook(at=None, silent=silent)
    waiting = unanswered[0]
    who = Who(
        name=row["contact_name"],
        language=waiting["language"] or "",
        zone=waiting["zone"] or "",
        **{name: row[name] for name in ("inbox_id", "channel_id", "severity", "due_at")},
        waiting_since=row["waiting_since"] or work.now,
    )
    outlook = await foresee(work, who, rules, staffing)
    if outlook.silent or not await _once(work, waiting["author_id"], outlook.at):
        return outlook if outlook.silent else Outlook(at=outlook.at, silent="They know already.")
    try:
        async with work.db.transaction():
            said = await say(
                work, conversation_id, outlook.text, why="responder", in_reply_to=waiting["id"]
            )
            if outlook.promises and outlook.at:
                await say_answer_by(work, row, outlook.at, said.message_id)
    except Refused as error:
        line = await record_activity(
            work, conversation_id, f"Not said automatically. {error.detail}"
        )
        await tell(work, conversation_id, "conversation.changed", message_ids=[line])
        return Outlook(at=outlook.at, silent=error.detail)
    return outlook


async def foresee(work: Work, who: Who, rules: Rules, staffing: Staffing) -> Outlook:
    """What somebody who waits would be told now."""
    spans = await staffing(work, who.inbox_id, rules.hours_id)
    ahead = await work.db.fetchval(
        _AHEAD, work.workspace_id, who.inbox_id, who.severity, who.waiting_since
    )
    each_for = await _each_for(work)
    at = next_human(work.now, spans, ahead, each_for)
    if at is not None:
        coming = await forecast_of(work, who.inbox_id, who.severity, rules.zone)
        at = next_human(work.now, spans, ahead, each_for, coming)
    if at is not None and who.due_at is not None and at <= who.due_at:
        return Outlook(at=at, silent="A person answers in time.")
    name, text = text_for(rules, who.language)
    if text is None:
        return Outlook(at=at, silent="There is no text for it.")
    trusted = await keeps_its_word(work.db, work.workspace_id, who.inbox_id, work.now)
    words = text.promising if at is not None and trusted else text.plain
    if not words:
        why = "No time is known." if at is None else "Lately such times were not kept."
        return Outlook(at=at, silent=why)
    brand = await work.db.fetchval(
        "SELECT name FROM channel WHERE workspace_id = $1 AND id = $2",
        work.workspace_id,
        who.channel_id,
    )
    said = filled(
        words,
        time=in_words(at, work.now, who.zone or rules.zone, name) if at else "",
        brand=brand or "",
        name=who.name,
    )
    return Outlook(at=at, text=said, promises=words is text.promising)


async def _left_alone(work: Work, row: dict[str, Any], unanswered: list[Any]) -> str:
    """Why nothing may be said there, whatever the hour; empty where it may.

    The newest message would be answered; but what was said before it counts as well: who wrote of a
    death and then gave her number still mourns.
    """
    waiting = unanswered[0] if unanswered else None
    if waiting is None or row["status"] not in ("open", "snoozed") or row["merged_into"]:
        return "Nobody waits for us there."
    if waiting["published_at"] < work.now - OLD:
        return "It was written long ago."
    asking = {one["author_id"] for one in unanswered if opts_out(one["text"])}
    for author_id in asking:
        await leave_alone(work, author_id)
    if waiting["author_id"] in asking:
        return LEFT_ALONE
    if why := next((words for found, words in WHOM if waiting[found]), ""):
        return str(waiting["barred"]) if waiting["barred"] else why
    why = next((found for one in unanswered if (found := sensitive(one["text"]))), "")
    grave = why or ("grave" if row["severity"] <= GRAVE else "")
    return f"Sensitive ({grave}): a person answers, at once." if grave else ""


async def call_a_person(work: Work, conversation_id: str, why: str) -> None:
    """Have it stand among the worst, where people are woken, whether or not the responder is on."""
    row = await lock(work, conversation_id)
    there = row["status"] != "resolved" and not row["merged_into"]
    if there and row["severity"] > AS_OUTAGE:
        await set_severity(work, row["id"], AS_OUTAGE, f"{why}: a person at once")


async def leave_alone(work: Work, contact_id: str) -> None:
    """Nothing automatic is said to this person any more."""
    await work.db.execute(
        """INSERT INTO left_alone (workspace_id, contact_id, at) VALUES ($1, $2, $3)
           ON CONFLICT DO NOTHING""",
        work.workspace_id,
        contact_id,
        work.now,
    )


async def speak_again(work: Work, contact_id: str) -> None:
    """They may be told automatically again."""
    await work.db.execute(
        "DELETE FROM left_alone WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace_id,
        contact_id,
    )


async def _once(work: Work, contact_id: str, until: datetime | None) -> bool:
    """Whether this is the first time in this spell: until the instant that was said, or a day."""
    took = await work.db.fetchval(
        _ONCE, work.workspace_id, contact_id, until or work.now + timedelta(days=1), work.now
    )
    return took is not None


async def _each_for(work: Work) -> timedelta:
    """How long one answer takes here: the median time between two answers of the same person."""
    seconds = await work.db.fetchval(_EACH, work.workspace_id)
    return EACH_FOR if seconds is None else timedelta(seconds=seconds)


_WAITING = """
SELECT m.id, m.author_id, m.text, m.language, m.published_at, m.extra->>'automatic' AS automatic,
  m.extra->>'barred' AS barred,
  EXISTS (SELECT FROM contact_handle h WHERE h.workspace_id = $1 AND h.contact_id = m.author_id
    AND h.bot) AS bot,
  EXISTS (SELECT FROM contact_handle h JOIN channel k ON k.workspace_id = $1
      AND k.network = h.network AND k.external_id = h.external_id
    WHERE h.workspace_id = $1 AND h.contact_id = m.author_id) AS ours,
  EXISTS (SELECT FROM left_alone l WHERE l.workspace_id = $1 AND l.contact_id = m.author_id)
    AS opted_out,
  (SELECT o.zone FROM contact o WHERE o.workspace_id = $1 AND o.id = m.author_id) AS zone
FROM message m
WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.direction = 'incoming'
  AND m.disposition IS NULL AND m.deleted_at IS NULL
ORDER BY m.received_at DESC, m.id DESC LIMIT 100
"""

# Who waits longer there; more than a few hundred are one answer: long.
_AHEAD = """
SELECT count(*) FROM (
  SELECT 1 FROM conversation WHERE workspace_id = $1 AND inbox_id = $2 AND status = 'open'
    AND unanswered > 0 AND (severity, waiting_since) < ($3, $4::timestamptz) LIMIT 1000) ahead
"""

_ONCE = """
INSERT INTO responder_spell AS s (workspace_id, contact_id, until, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, contact_id) DO UPDATE SET until = $3, at = $4 WHERE s.until <= $4
RETURNING true
"""

# Of the newest 500 answers; a pause of more than half an hour is none of the work.
_EACH = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM gap)::float8)
FROM (
  SELECT sent_at - lag(sent_at) OVER (PARTITION BY agent_id ORDER BY sent_at) AS gap FROM (
    SELECT agent_id, sent_at FROM delivery WHERE workspace_id = $1 AND state = 'sent'
      AND agent_id IS NOT NULL ORDER BY id DESC LIMIT 500) newest) gaps
WHERE gap BETWEEN interval '10 seconds' AND interval '30 minutes' HAVING count(*) >= 20
"""
