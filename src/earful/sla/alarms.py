"""A clock says something when its time comes: a warning, that it is due, that the limit has passed.

Each is an event, once: whoever takes the row writes down what was said in the same transaction, and
rows that another process holds are passed over. The events carry no card, since none has changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from earful.sla.pauses import run_of
from earful.sla.policy import Plan, Policy
from earful.sla.rules import versions
from earful.stream.work import Work


class _Said(NamedTuple):
    """What is written down of a clock, in the order of _WRITE's parameters."""

    id: str
    next_at: datetime | None
    warned: int
    breached_at: datetime | None
    overrun_at: datetime | None


async def ring(work: Work, most: int = 500) -> int:
    """Tell what clocks of the workspace have to say by now, the longest due first.

    Returns how many clocks spoke. Of several points that passed unseen only the last is told, but
    a breach always.
    """
    rows = await work.db.fetch(_DUE, work.workspace_id, work.now, most)
    if not rows:
        return 0
    known = await versions(work, {row["policy_id"] for row in rows if row["policy_id"]})
    said = [_say(work, row, known[row["policy_id"]]) for row in rows]
    await work.db.execute(_WRITE, work.workspace_id, *map(list, zip(*said, strict=True)))
    return len(rows)


def _say(work: Work, row: Any, policy: Policy) -> _Said:
    plan = policy.plan(row["kind"], row["severity"], run_of(row)) or Plan(row["due_at"], [], None)
    breached_at, overrun_at, warned = row["breached_at"], row["overrun_at"], row["warned"]
    if breached_at is None and row["due_at"] <= work.now:
        breached_at = row["due_at"]
        _tell(work, row, policy, "clock.breached", breached_at)
    if breached_at is not None:
        limit_at = plan.limit_at
        if limit_at is None or overrun_at is not None or limit_at <= row["due_at"]:
            return _Said(row["id"], None, warned, breached_at, overrun_at)
        if limit_at > work.now:
            return _Said(row["id"], limit_at, warned, breached_at, None)
        _tell(work, row, policy, "clock.overrun", limit_at)
        return _Said(row["id"], None, warned, breached_at, limit_at)
    passed = [at for at in plan.warnings if at <= work.now]
    if len(passed) > warned:
        _tell(work, row, policy, "clock.warned", passed[-1])
    coming = plan.warnings[len(passed)] if len(passed) < len(plan.warnings) else row["due_at"]
    return _Said(row["id"], coming, max(warned, len(passed)), None, overrun_at)


def _tell(work: Work, row: Any, policy: Policy, kind: str, at: datetime) -> None:
    clock = {
        "id": row["id"],
        "kind": row["kind"],
        "severity": row["severity"],
        "policy": policy.terms.name,
        "started_at": row["started_at"],
        "due_at": row["due_at"],
        "at": at,
    }
    data = {"clock": clock, "assignee_id": row["assignee_id"], "team_id": row["team_id"]}
    work.emit(kind, data, conversation_id=row["conversation_id"], inbox_id=row["inbox_id"])


async def take_over(db: Any) -> None:
    """Clocks that an older version started, beside us or before, speak as well."""
    await db.execute(
        """UPDATE clock SET next_at = due_at WHERE stopped_at IS NULL AND breached_at IS NULL
           AND next_at IS NULL AND severity IS NULL AND paused_at IS NULL"""
    )


async def next_ring(db: Any) -> datetime | None:
    """When a clock of any workspace speaks next."""
    found: datetime | None = await db.fetchval("SELECT min(next_at) FROM clock")
    return found


async def who_rings(db: Any, now: datetime) -> list[str]:
    """Workspaces in which a clock has something to say by now."""
    rows = await db.fetch(_WHO, now)
    return [row["workspace_id"] for row in rows]


_WHO = """
SELECT DISTINCT workspace_id FROM (
  SELECT workspace_id FROM clock WHERE next_at <= $1 ORDER BY next_at LIMIT 2000) AS k
"""

_DUE = """
SELECT k.id, k.kind, k.conversation_id, k.started_at, k.due_at, k.policy_id, k.warned,
  k.breached_at, k.overrun_at, k.counted_from, k.left_for,
  coalesce(k.severity, c.severity) AS severity, c.inbox_id, c.assignee_id, c.team_id
FROM (SELECT * FROM clock WHERE workspace_id = $1 AND next_at <= $2
      ORDER BY next_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS k
JOIN conversation c ON c.workspace_id = $1 AND c.id = k.conversation_id
ORDER BY k.next_at
"""

_WRITE = """
UPDATE clock k SET next_at = s.next_at, warned = s.warned, breached_at = s.breached_at,
  overrun_at = s.overrun_at
FROM unnest($2::uuid[], $3::timestamptz[], $4::smallint[], $5::timestamptz[], $6::timestamptz[])
  AS s (id, next_at, warned, breached_at, overrun_at)
WHERE k.workspace_id = $1 AND k.id = s.id
"""
