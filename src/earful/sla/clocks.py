"""Clocks follow who waits: they start with the first unanswered message and stop with the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from earful.kit.ids import new_id
from earful.sla.policy import POLICY, Policy
from earful.stream.work import Work


async def keep_clocks(work: Work, ids: Iterable[str], policy: Policy = POLICY) -> None:
    """Start, stop or leave the clock of each conversation as its recounted row asks."""
    rows = await work.db.fetch(_STATE, work.workspace_id, sorted(ids))
    # A clock belongs to the one who waits longest: when that one changes, so does the clock.
    misfits = [row for row in rows if row["started_at"] != row["waiting_since"]]
    await _stop(work, [row["id"] for row in misfits if row["running"]])
    await _start(work, [row for row in misfits if row["unanswered"]], policy)


_STATE = """
SELECT c.id, c.unanswered, c.severity, c.waiting_since, k.id IS NOT NULL AS running, k.started_at,
  EXISTS (SELECT 1 FROM clock p WHERE p.workspace_id = $1 AND p.conversation_id = c.id
          AND p.met_at IS NOT NULL) AS answered_before
FROM conversation c
LEFT JOIN clock k ON k.workspace_id = $1 AND k.conversation_id = c.id AND k.stopped_at IS NULL
WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[])
"""


class _Start(NamedTuple):
    """A clock that starts, in the order of _INSERT's parameters."""

    id: str
    conversation_id: str
    kind: str
    started_at: datetime
    due_at: datetime


async def first_clocks(work: Work, due_at: Mapping[str, datetime], policy: Policy = POLICY) -> None:
    """Start the clocks of conversations that open now; their rows say `due_at` already."""
    starts = [_Start(new_id(), c, "first_response", work.now, due) for c, due in due_at.items()]
    await _insert(work, starts, policy)


async def _start(work: Work, rows: list[Any], policy: Policy) -> None:
    if not rows:
        return
    starts = [
        _Start(
            new_id(),
            row["id"],
            "next_response" if row["answered_before"] else "first_response",
            row["waiting_since"],
            policy.due_at(row["waiting_since"], row["severity"]),
        )
        for row in rows
    ]
    await _insert(work, starts, policy)
    await work.db.execute(
        """UPDATE conversation c SET clock_started_at = k.started_at, due_at = k.due_at
           FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[])
             AS k (id, started_at, due_at)
           WHERE c.workspace_id = $1 AND c.id = k.id""",
        work.workspace_id,
        [start.conversation_id for start in starts],
        [start.started_at for start in starts],
        [start.due_at for start in starts],
    )


async def _insert(work: Work, starts: list[_Start], policy: Policy) -> None:
    if starts:
        columns = map(list, zip(*starts, strict=True))
        await work.db.execute(_INSERT, work.workspace_id, policy.describe(), *columns)


_INSERT = """
INSERT INTO clock (workspace_id, policy, id, conversation_id, kind, started_at, due_at)
SELECT $1, $2, k.* FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[],
  $7::timestamptz[]) AS k
"""


async def _stop(work: Work, ids: list[str]) -> None:
    if not ids:
        return
    # A clock is met only by an answer; a resolution without one stops it unmet.
    await work.db.execute(
        """UPDATE clock k SET stopped_at = $3, met_at = (
             SELECT $3::timestamptz WHERE EXISTS (
               SELECT 1 FROM message m WHERE m.workspace_id = $1
               AND m.conversation_id = k.conversation_id AND m.disposition = 'answered'
               AND m.settled_at >= k.started_at))
           WHERE k.workspace_id = $1 AND k.conversation_id = ANY($2::uuid[])
             AND k.stopped_at IS NULL""",
        work.workspace_id,
        ids,
        work.now,
    )
    await work.db.execute(
        """UPDATE conversation SET clock_started_at = NULL, due_at = NULL
           WHERE workspace_id = $1 AND id = ANY($2::uuid[])""",
        work.workspace_id,
        ids,
    )
