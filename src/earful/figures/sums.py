"""The figures of some days, in all and split by one thing. Each says of how many it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from earful.figures.asking import LATER, PROMISES, RATINGS, WAITS, Asked, Source, where

FEWEST = 5
"""Answers below which a rating has no mean: one bad day of one person would be the figure."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in one line. Lengths are seconds; None where there is nothing to say.

    `key` is a day, an id or a severity, None for none (no team) and in the sum of all.
    """

    key: str | None = None
    name: str = ""
    waits: int = 0
    answered: int = 0
    waiting: int = 0
    closed: int = 0
    left_out: int = 0
    overdue: int = 0
    oldest_waiting_since: datetime | None = None
    answered_rate: float | None = None
    first_answer_median: float | None = None
    first_answer_p90: float | None = None
    business_median: float | None = None
    business_p90: float | None = None
    kept: int = 0
    missed: int = 0
    attainment: float | None = None
    next_answered: int = 0
    next_median: float | None = None
    next_p90: float | None = None
    next_kept: int = 0
    next_missed: int = 0
    next_attainment: float | None = None
    resolved: int = 0
    resolution_median: float | None = None
    resolution_p90: float | None = None
    resolution_kept: int = 0
    resolution_missed: int = 0
    resolution_attainment: float | None = None
    promises_made: int = 0
    promises_kept: int = 0
    promises_broken: int = 0
    promises_rate: float | None = None
    rating_asked: int = 0
    rating_count: int = 0
    rating_good: int = 0
    rating_good_rate: float | None = None
    rating_mean: float | None = None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures as they are at `at`, for the days from `first_day` to `last_day` of `zone`."""

    at: datetime
    zone: str
    first_day: date
    last_day: date
    by: str
    total: Figure
    rows: list[Figure]


async def load_figures(db: Any, asked: Asked) -> Figures:
    """The figures, read in the caller's transaction so that all of them are of one moment."""
    sums: dict[str | None, dict[str, Any]] = {}
    total: dict[str, Any] = {}
    for source, select in _SUMS:
        for row in await _read(db, asked, source, select):
            found = dict(row)
            key, whole = found.pop("key"), found.pop("whole")
            (total if whole else sums.setdefault(key, {})).update(found)
    if asked.by == "day":
        sums = {f"{day}": sums.get(f"{day}", {}) for day in asked.days()}
    names = await _names(db, asked)
    rows = [figure_of(key, names.get(key or "", ""), found) for key, found in sums.items()]
    return Figures(
        at=asked.at,
        zone=str(asked.zone),
        first_day=asked.first,
        last_day=asked.last,
        by=asked.by,
        total=figure_of(None, "", total),
        rows=sorted(rows, key=_place(asked)),
    )


def _place(asked: Asked) -> Any:
    """Days and severities in their order; else who had most to answer first, none at the end."""
    if asked.by in ("day", "severity"):
        return lambda row: row.key
    return lambda row: (row.key is None, -row.waits, row.name.lower(), row.key)


def figure_of(key: str | None, name: str, sums: dict[str, Any]) -> Figure:
    """A line, with its rates."""
    for shares, prefix in _LENGTHS.items():
        if both := sums.pop(shares, None):
            sums |= {f"{prefix}_median": both[0], f"{prefix}_p90": both[1]}
    line = Figure(key=key, name=name, **sums)
    rated = line.rating_count >= FEWEST
    return msgspec.structs.replace(
        line,
        answered_rate=_rate(line.answered, line.waits),
        attainment=_rate(line.kept, line.kept + line.missed),
        next_attainment=_rate(line.next_kept, line.next_kept + line.next_missed),
        resolution_attainment=_rate(
            line.resolution_kept, line.resolution_kept + line.resolution_missed
        ),
        promises_rate=_rate(line.promises_kept, line.promises_kept + line.promises_broken),
        rating_good_rate=_rate(line.rating_good, line.rating_count) if rated else None,
        rating_mean=line.rating_mean if rated else None,
    )


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


async def _read(db: Any, asked: Asked, source: Source, select: str) -> list[Any]:
    condition, args = where(asked, source)
    if asked.by == "day":
        # Days begin where the desk says they do, not the database's own table of zones.
        args += [asked.midnights()[:-1], [f"{day}" for day in asked.days()]]
        key = (
            f"(${len(args)}::text[])[width_bucket({source.began}, ${len(args) - 1}::timestamptz[])]"
        )
    else:
        key = f"{source.columns[asked.by]}::text"
    if source in (WAITS, LATER):
        args.append(asked.at)
        select = select.replace("@now", f"${len(args)}::timestamptz")
    sql = f"""
SELECT key, grouping(key) = 1 AS whole, {select}
FROM (SELECT {key} AS key, w.* FROM {source.rows} WHERE {condition}) w
GROUP BY GROUPING SETS ((key), ())"""  # noqa: S608 - names of our own
    rows: list[Any] = await db.fetch(sql, *args)
    return rows


async def _names(db: Any, asked: Asked) -> dict[str, str]:
    sql = _NAMES.get(asked.by)
    if sql is None:
        return {}
    return {row["id"]: row["name"] for row in await db.fetch(sql, asked.workspace_id)}


_NAMES = {
    "channel": """SELECT id::text AS id, CASE WHEN handle = '' THEN name ELSE handle END AS name
                  FROM channel WHERE workspace_id = $1""",
    "inbox": "SELECT id::text AS id, name FROM inbox WHERE workspace_id = $1",
    "team": "SELECT id::text AS id, name FROM team WHERE workspace_id = $1",
    "agent": "SELECT id::text AS id, name FROM agent WHERE workspace_id = $1",
}

ANSWERED = "state = 'answered'"
KEPT = f"{ANSWERED} AND ended_at <= due_at"
OVERDUE = "state = 'waiting' AND NOT held AND due_at <= @now"
MISSED = f"(state IN ('answered', 'closed') AND ended_at > due_at OR {OVERDUE})"

_SHARES = (
    "percentile_cont(ARRAY[0.5, 0.9]::float8[]) WITHIN GROUP (ORDER BY {0}) FILTER (WHERE {1})"
)

_WAITS = f"""
  count(*) FILTER (WHERE state IN ('answered', 'waiting', 'closed'))::int AS waits,
  count(*) FILTER (WHERE {ANSWERED})::int AS answered,
  count(*) FILTER (WHERE state = 'waiting')::int AS waiting,
  count(*) FILTER (WHERE state = 'closed')::int AS closed,
  count(*) FILTER (WHERE state IN ('spam', 'gone'))::int AS left_out,
  count(*) FILTER (WHERE {OVERDUE})::int AS overdue,
  min(began_at) FILTER (WHERE state = 'waiting') AS oldest_waiting_since,
  {_SHARES.format("wall_for", ANSWERED)} AS wall,
  {_SHARES.format("business_for", ANSWERED)} AS business,
  count(*) FILTER (WHERE {KEPT})::int AS kept,
  count(*) FILTER (WHERE {MISSED})::int AS missed"""

NEXT, ENDING = "kind = 'next_response'", "kind = 'resolution'"

_LATER = f"""
  count(*) FILTER (WHERE {NEXT} AND {ANSWERED})::int AS next_answered,
  {_SHARES.format("wall_for", f"{NEXT} AND {ANSWERED}")} AS next_wall,
  count(*) FILTER (WHERE {NEXT} AND {KEPT})::int AS next_kept,
  count(*) FILTER (WHERE {NEXT} AND {MISSED})::int AS next_missed,
  count(*) FILTER (WHERE {ENDING} AND {ANSWERED})::int AS resolved,
  {_SHARES.format("wall_for", f"{ENDING} AND {ANSWERED}")} AS ending_wall,
  count(*) FILTER (WHERE {ENDING} AND {KEPT})::int AS resolution_kept,
  count(*) FILTER (WHERE {ENDING} AND {MISSED})::int AS resolution_missed"""

_PROMISES = """
  count(*)::int AS promises_made,
  count(*) FILTER (WHERE state = 'kept')::int AS promises_kept,
  count(*) FILTER (WHERE state = 'broken')::int AS promises_broken"""

_RATINGS = """
  count(*)::int AS rating_asked,
  count(*) FILTER (WHERE state = 'answered')::int AS rating_count,
  count(*) FILTER (WHERE state = 'answered' AND score >= 4)::int AS rating_good,
  (avg(score) FILTER (WHERE state = 'answered'))::float8 AS rating_mean"""

_SUMS = ((WAITS, _WAITS), (LATER, _LATER), (PROMISES, _PROMISES), (RATINGS, _RATINGS))
_LENGTHS = {"wall": "first_answer", "business": "business", "next_wall": "next",
            "ending_wall": "resolution"}  # fmt: skip
"""Medians and p90s as a query names them, and how the fields begin that have them."""
