"""A clock stands still while its conversation is set aside, where its policy says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from earful.sla.policy import Policy, Run
from earful.stream.work import Work


def run_of(row: Any) -> Run:
    """How the clock of a row runs."""
    return Run(row["started_at"], row["counted_from"] or row["started_at"], row["left_for"])


async def hold(work: Work, row: Any, policy: Policy, pause: bool) -> None:
    """Hold the clock now, or let it go on with what was left. `row` has what _STATE reads.

    One that was breached goes on without a word: what it said stays said.
    """
    severity = row["clock_severity"] or row["severity"]
    if pause:
        left = policy.left(row["kind"], severity, run_of(row), work.now)
        await _write(work, row, paused_at=work.now, left_for=left, counted_from=work.now)
        await _show(work, row, None, None)
        return
    run = Run(row["started_at"], work.now, row["left_for"])
    plan = policy.plan(row["kind"], severity, run)
    if plan is None:
        return
    late = row["breached_at"] is not None
    due_at = row["due_at"] if late else plan.due_at
    warned = len(policy.terms.warn) if late else 0
    next_at = plan.next_at(work.now, warned)
    if not late and plan.due_at <= work.now:
        next_at = plan.due_at
    if row["overrun_at"] is not None:
        next_at = None
    await _write(
        work, row, paused_at=None, due_at=due_at, next_at=next_at, counted_from=work.now, warned=0,
        left_for=row["left_for"] or timedelta(),
    )  # fmt: skip
    await _show(work, row, row["started_at"], due_at)


async def _write(work: Work, row: Any, **columns: Any) -> None:
    columns.setdefault("next_at", None)
    sets = ", ".join(f"{name} = ${index}" for index, name in enumerate(columns, start=3))
    await work.db.execute(
        f"UPDATE clock SET {sets} WHERE workspace_id = $1 AND id = $2",  # noqa: S608 - names of ours
        work.workspace_id,
        row["clock_id"],
        *columns.values(),
    )


async def _show(work: Work, row: Any, started_at: Any, due_at: Any) -> None:
    if row["kind"] == "resolution":
        return
    await work.db.execute(
        """UPDATE conversation SET clock_started_at = $3, due_at = $4
           WHERE workspace_id = $1 AND id = $2""",
        work.workspace_id,
        row["id"],
        started_at,
        due_at,
    )
