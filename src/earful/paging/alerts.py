"""Alerts: a matter is raised once, counts what joins it, is acknowledged, and is over by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.kit.ids import new_id
from earful.kit.refusal import NotFound
from earful.paging.ladders import find_ladder
from earful.paging.rules import Cause, Rule
from earful.stream.work import Work

KEPT_FOR = timedelta(days=90)
"""How long an alert is kept that is over."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A matter and how it stands. `count` is how many conversations are in it, `reached` how many
    pages went out, `next_at` when the next step comes; `trouble` says why nobody was reached."""

    id: str
    cause: str
    inbox_id: str | None
    channel_id: str | None
    conversation_id: str | None
    severity: int | None
    count: int
    state: str
    step: int
    steps: int
    next_at: datetime | None
    reached: int
    trouble: str
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    acknowledged_name: str
    cleared_at: datetime | None


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a rule speaks of. Matters of one `key` are one alert.

    `conversation_ids` are the conversations in it; without any it is about the queue or channel.
    """

    key: str
    inbox_id: str | None = None
    channel_id: str | None = None
    conversation_ids: tuple[str, ...] = ()
    severity: int | None = None


def alert_of(row: Any) -> Alert:
    """The alert of a row of the table."""
    kept = {name: row[name] for name in Alert.__struct_fields__ if name not in ("steps", "next_at")}
    return Alert(**kept, steps=len(row["steps"]) * row["rounds"], next_at=row["run_at"])


async def raise_alert(work: Work, rule: Rule, matter: Matter) -> Alert | None:
    """Raise it, or count what is new in the one that is open. None if nothing is new.

    One that somebody has, or whose ladder is at its end, pages again when something new joins it,
    but not before `again_for`.
    """
    row = await work.db.fetchrow(_OPEN, work.workspace_id, matter.key)
    if row is None:
        return await _first(work, rule, matter)
    new = await _join(work, row["id"], matter.conversation_ids)
    if not new:
        return None
    anew = await _anew(work, rule, row)
    changed = await work.db.fetchrow(
        _COUNT, work.workspace_id, row["id"], new, matter.severity, anew, work.now
    )
    return _told(work, changed, "alert.raised" if anew else "alert.changed")


async def _anew(work: Work, rule: Rule, row: Any) -> bool:
    """Whether what joins begins the ladder anew: somebody has it, or nobody else will be woken."""
    since = row["acknowledged_at"]
    if since is None:
        if row["step"] < len(row["steps"]) * row["rounds"]:
            return False
        since = await work.db.fetchval(_LAST_PAGED, work.workspace_id, row["id"], row["raised_at"])
    again: bool = since + _again(rule) <= work.now
    return again


async def _first(work: Work, rule: Rule, matter: Matter) -> Alert | None:
    ladder = await find_ladder(work.db, work.workspace_id, rule.ladder_id)
    before = await work.db.fetchval(
        "SELECT max(raised_at) FROM alert WHERE workspace_id = $1 AND key = $2 AND raised_at > $3",
        work.workspace_id,
        matter.key,
        work.now - _again(rule),
    )
    one = matter.conversation_ids[0] if len(matter.conversation_ids) == 1 else None
    row = await work.db.fetchrow(
        _RAISE,
        work.workspace_id, new_id(), rule.cause, matter.key, matter.inbox_id, matter.channel_id,
        one, matter.severity, len(matter.conversation_ids), msgspec.to_builtins(ladder.steps),
        ladder.rounds, before + _again(rule) if before else work.now, work.now,
    )  # fmt: skip
    if row is None:
        return None  # another worker raised it at this moment
    await _join(work, row["id"], matter.conversation_ids)
    return _told(work, row, "alert.raised")


def _again(rule: Rule) -> timedelta:
    return timedelta(seconds=rule.again_for)


async def _join(work: Work, alert_id: str, conversation_ids: Collection[str]) -> int:
    """Put conversations into it. Returns how many are new there."""
    if not conversation_ids:
        return 0
    rows = await work.db.fetch(_JOIN, work.workspace_id, alert_id, list(conversation_ids))
    return len(rows)


async def acknowledge(work: Work, alert_id: str, agent_id: str | None, name: str) -> Alert:
    """Somebody has it: nobody else is woken. Again is fine. Raises NotFound."""
    row = await work.db.fetchrow(
        _ACKNOWLEDGE, work.workspace_id, alert_id, agent_id, name, work.now
    )
    if row is None:
        found = await work.db.fetchrow(_ONE, work.workspace_id, alert_id)
        if found is None:
            raise NotFound("alert")
        return alert_of(found)
    await _stop_pages(work, alert_id)
    return _told(work, row, "alert.acknowledged")


async def clear(work: Work, alert_id: str) -> None:
    """The matter is over."""
    row = await work.db.fetchrow(_CLEAR, work.workspace_id, alert_id, work.now)
    if row is None:
        return
    await _stop_pages(work, alert_id)
    await work.db.execute(
        "DELETE FROM alert_case WHERE workspace_id = $1 AND alert_id = $2",
        work.workspace_id,
        alert_id,
    )
    _told(work, row, "alert.cleared")


async def _stop_pages(work: Work, alert_id: str) -> None:
    """What was not sent yet is not needed; links go on telling how it stands."""
    await work.db.execute(
        """UPDATE page SET state = 'dropped', link = NULL WHERE workspace_id = $1
           AND alert_id = $2 AND state = 'queued'""",
        work.workspace_id,
        alert_id,
    )


async def find_alert(db: Any, workspace_id: str, alert_id: str) -> Alert:
    """An alert. Raises NotFound."""
    row = await db.fetchrow(_ONE, workspace_id, alert_id)
    if row is None:
        raise NotFound("alert")
    return alert_of(row)


async def forget_old(db: Any, *, now: datetime) -> None:
    """Delete what has been over for long, with its pages."""
    await db.execute("DELETE FROM alert WHERE cleared_at < $1", now - KEPT_FOR)


def key_of(cause: Cause, *about: str | None) -> str:
    """What names a matter: its cause, and the inbox or channel that it is about."""
    return ":".join((cause, *filter(None, about)))


def _told(work: Work, row: Any, kind: str) -> Alert:
    alert = alert_of(row)
    work.emit(kind, {"alert": alert}, inbox_id=alert.inbox_id)
    return alert


# FOR UPDATE: two workers that hear of the same matter count one after the other.
_OPEN = """
SELECT * FROM alert WHERE workspace_id = $1 AND key = $2 AND cleared_at IS NULL FOR UPDATE
"""

_RAISE = """
INSERT INTO alert (workspace_id, id, cause, key, inbox_id, channel_id, conversation_id, severity,
  count, steps, rounds, run_at, raised_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (workspace_id, key) WHERE cleared_at IS NULL DO NOTHING RETURNING *
"""

_LAST_PAGED = """
SELECT coalesce(max(created_at), $3) FROM page WHERE workspace_id = $1 AND alert_id = $2
"""

_JOIN = """
INSERT INTO alert_case (workspace_id, alert_id, conversation_id)
SELECT $1, $2, id FROM unnest($3::uuid[]) AS id ON CONFLICT DO NOTHING RETURNING conversation_id
"""

_COUNT = """
UPDATE alert SET count = count + $3, severity = least(severity, $4), conversation_id = NULL,
  state = CASE WHEN $5 THEN 'raised' ELSE state END,
  step = CASE WHEN $5 THEN 0 ELSE step END,
  round = CASE WHEN $5 THEN round + 1 ELSE round END,
  reached = CASE WHEN $5 THEN 0 ELSE reached END,
  run_at = CASE WHEN $5 THEN $6::timestamptz ELSE run_at END,
  acknowledged_at = CASE WHEN $5 THEN NULL ELSE acknowledged_at END,
  acknowledged_by = CASE WHEN $5 THEN NULL ELSE acknowledged_by END,
  acknowledged_name = CASE WHEN $5 THEN '' ELSE acknowledged_name END
WHERE workspace_id = $1 AND id = $2 RETURNING *
"""

_ACKNOWLEDGE = """
UPDATE alert SET state = 'acknowledged', acknowledged_at = $5, acknowledged_by = $3,
  acknowledged_name = $4, run_at = NULL
WHERE workspace_id = $1 AND id = $2 AND state = 'raised' RETURNING *
"""

_CLEAR = """
UPDATE alert SET state = 'cleared', cleared_at = $3, run_at = NULL
WHERE workspace_id = $1 AND id = $2 AND cleared_at IS NULL RETURNING *
"""

_ONE = "SELECT * FROM alert WHERE workspace_id = $1 AND id = $2"
