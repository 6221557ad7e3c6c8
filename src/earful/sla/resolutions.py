"""The time to resolution: from the opening to the last one, where a policy promises it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from earful.kit.ids import new_id
from earful.sla.pauses import hold, run_of
from earful.sla.policy import Case, Policy, Rules, Run
from earful.sla.rules import tags_of, versions
from earful.stream.work import Work


async def keep_resolutions(
    work: Work, ids: list[str], rules: Rules, languages: Mapping[str, str] | None = None
) -> None:
    """Start, end or hold the clocks of resolution as each conversation's row asks.

    `languages` says by id what conversations speak whose messages are not there yet.
    """
    rows = await work.db.fetch(_STATE, work.workspace_id, ids)
    running = [row for row in rows if row["running"]]
    known = await versions(work, {row["policy_id"] for row in running if row["policy_id"]})
    await _end(work, [row for row in running if row["status"] == "resolved"], known)
    other = [row for row in rows if row["running"] and row["status"] != "resolved"]
    changed = [row for row in other if row["clock_severity"] != row["severity"]]
    if changed:
        await work.db.execute(_REPLACE, work.workspace_id, [r["id"] for r in changed], work.now)
    begin = [row for row in rows if not row["running"] and row["status"] != "resolved"]
    await _begin(work, [*begin, *changed], rules, languages or {})
    for row in other:
        pauses = known[row["policy_id"]].terms.pauses(row["status"], "resolution")
        if row not in changed and pauses != (row["paused_at"] is not None):
            await hold(work, row, known[row["policy_id"]], pauses)


async def _end(work: Work, rows: list[Any], known: dict[str | None, Policy]) -> None:
    """Met by the resolution; how much was left is kept for the day on which it is opened again."""
    left = [
        row["left_for"]
        if row["paused_at"]
        else known[row["policy_id"]].left(
            "resolution", row["clock_severity"], run_of(row), work.now
        )
        for row in rows
    ]
    if rows:
        ids = [row["clock_id"] for row in rows]
        await work.db.execute(_END, work.workspace_id, ids, work.now, left)


async def _begin(work: Work, rows: list[Any], rules: Rules, languages: Mapping[str, str]) -> None:
    tags = await tags_of(work, {r["contact_id"] for r in rows}) if rules.by_tag and rows else {}
    for row in rows:
        case = Case(
            row["inbox_id"], row["channel_id"], row["visibility"], row["severity"],
            tags.get(row["contact_id"], ()), row["language"] or languages.get(row["id"], ""),
        )  # fmt: skip
        await _begin_one(work, row, rules.policy_of(case))


async def _begin_one(work: Work, row: Any, policy: Policy) -> None:
    """From the opening; a reopened one goes on with what was left when it was resolved."""
    started_at = row["opened_at"]
    again = not row["running"] and row["last_left"] is not None
    run = Run(started_at, work.now, row["last_left"]) if again else Run(started_at, started_at)
    plan = policy.plan("resolution", row["severity"], run)
    if plan is None:
        return
    late = plan.due_at <= work.now
    # A policy that promises resolution only now tells nothing of what was late before it.
    new = not row["running"] and not again
    told = late and (new or row["breached_at"] is not None or row["last_breached"])
    next_at = plan.next_at(work.now) if told or not late else plan.due_at
    await work.db.execute(
        _INSERT,
        work.workspace_id,
        new_id(),
        row["id"],
        started_at,
        plan.due_at,
        policy.id,
        row["severity"],
        next_at,
        plan.due_at if told else None,
        run.counted_from if again else None,
        run.left,
    )


_STATE = """
SELECT c.id, c.status, c.severity, c.opened_at, c.inbox_id, c.channel_id, c.visibility,
  c.contact_id, 'resolution' AS kind, k.id IS NOT NULL AS running, k.id AS clock_id, k.started_at,
  k.due_at, k.policy_id, k.severity AS clock_severity, k.breached_at, k.overrun_at, k.paused_at,
  k.counted_from, k.left_for, l.left_for AS last_left, l.breached_at IS NOT NULL AS last_breached,
  (SELECT m.language FROM message m WHERE m.workspace_id = $1 AND m.conversation_id = c.id
     AND m.language <> '' AND m.direction = 'incoming' ORDER BY m.published_at DESC LIMIT 1)
    AS language
FROM conversation c
LEFT JOIN clock k ON k.workspace_id = $1 AND k.conversation_id = c.id AND k.stopped_at IS NULL
  AND k.kind = 'resolution'
LEFT JOIN LATERAL (SELECT p.left_for, p.breached_at FROM clock p WHERE p.workspace_id = $1
  AND p.conversation_id = c.id AND p.kind = 'resolution' AND p.met_at IS NOT NULL
  ORDER BY p.stopped_at DESC LIMIT 1) l ON true
WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[])
"""

_END = """
UPDATE clock k SET stopped_at = $3, met_at = $3, next_at = NULL, paused_at = NULL,
  ended_as = 'resolved', left_for = e.left_for
FROM unnest($2::uuid[], $4::interval[]) AS e (id, left_for)
WHERE k.workspace_id = $1 AND k.id = e.id AND k.stopped_at IS NULL
"""

_REPLACE = """
UPDATE clock SET stopped_at = $3, next_at = NULL, paused_at = NULL, ended_as = 'replaced'
WHERE workspace_id = $1 AND conversation_id = ANY($2::uuid[]) AND kind = 'resolution'
  AND stopped_at IS NULL
"""

_INSERT = """
INSERT INTO clock (workspace_id, id, conversation_id, kind, started_at, due_at, policy_id, severity,
  next_at, breached_at, counted_from, left_for)
VALUES ($1, $2, $3, 'resolution', $4, $5, $6, $7, $8, $9, $10, $11)
"""
