"""How promises were kept: counts, and how far the estimates of answers were off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Of promises made in a period. `kept_rate` is kept / (kept + broken), None where none ended.

    `late_for` are seconds by which an answer came after what was said (negative: before): the
    median, and p90; None where none was answered.
    """

    kind: str
    made: int
    kept: int
    broken: int
    withdrawn: int
    open: int
    kept_rate: float | None
    late_for_median: float | None
    late_for_p90: float | None


async def record_of(
    db: Any, workspace_id: str, since: datetime, until: datetime, inbox_ids: list[str] | None = None
) -> list[Record]:
    """The record of promises made from `since` until `until`, by kind; in these inboxes, or all."""
    rows = await db.fetch(_RECORD, workspace_id, since, until, inbox_ids)
    return [
        Record(
            **{name: row[name] for name in ("kind", "made", "kept", "broken", "withdrawn", "open")},
            kept_rate=_rate(row["kept"], row["broken"]),
            late_for_median=row["late_for_median"],
            late_for_p90=row["late_for_p90"],
        )
        for row in rows
    ]


def _rate(kept: int, broken: int) -> float | None:
    ended = kept + broken
    return kept / ended if ended else None


LATELY = 20
"""Of so many automatic promises that ended last, the rate decides whether more are made."""
COUNTS_FOR = timedelta(days=14)
FEWEST = 5
LEAST = 0.8


async def keeps_its_word(db: Any, workspace_id: str, inbox_id: str, now: datetime) -> bool:
    """Whether an inbox lately kept what was said automatically: 4 in 5 of the last 20.

    Where fewer than 5 have ended in two weeks it is trusted.
    """
    row = await db.fetchrow(_LATELY, workspace_id, inbox_id, LATELY, now - COUNTS_FOR)
    ended: int = row["ended"]
    return ended < FEWEST or row["kept"] / ended >= LEAST


_RECORD = """
SELECT kind, count(*) AS made,
  count(*) FILTER (WHERE state = 'kept') AS kept,
  count(*) FILTER (WHERE state = 'broken') AS broken,
  count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn,
  count(*) FILTER (WHERE state = 'open') AS open,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - due_at)::float8)
    FILTER (WHERE done_at IS NOT NULL) AS late_for_median,
  percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - due_at)::float8)
    FILTER (WHERE done_at IS NOT NULL) AS late_for_p90
FROM promise WHERE workspace_id = $1 AND made_at >= $2 AND made_at < $3
  AND ($4::uuid[] IS NULL OR inbox_id = ANY($4))
GROUP BY kind ORDER BY kind
"""

_LATELY = """
SELECT count(*) AS ended, count(*) FILTER (WHERE state = 'kept') AS kept FROM (
  SELECT state FROM promise WHERE workspace_id = $1 AND inbox_id = $2 AND kind = 'answer'
    AND state IN ('kept', 'broken') AND made_at > $4 ORDER BY made_at DESC LIMIT $3) lately
"""
