"""The board: who waits longest, what is late or nearly so, who is here and how much each has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from earful.conversations.cards import COLUMNS, Card, card_of
from earful.roster.asking import duties_between, has_roster
from earful.roster.coverage import gaps_in
from earful.roster.duties import Duty
from earful.sla.walls import instant_of, wall_to_count
from earful.stream.screen import Inboxes

SHOWN = 20
"""Conversations in each list, the most pressing first."""
MOST = 10_000
"""Counts stop here; from there on a figure means that many or more."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A colleague who answers. `since`: when the status began; `capacity` None: the inbox's own.

    `load`: open conversations that are hers; `late`: those of them whose clock has run out.
    """

    id: str
    name: str
    status: str
    since: datetime | None
    on_shift: bool
    load: int
    late: int
    capacity: int | None


class Stretch(msgspec.Struct, frozen=True):
    """From the rest of today: nobody is on shift in it."""

    starts_at: datetime
    ends_at: datetime


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of the desk. `within`: minutes; a clock due in them is near its end.

    `oldest` are those who wait longest, `late` and `near` by their due instant. `rostered`: there
    are shifts, so that `gaps` mean something.
    """

    at: datetime
    within: int
    waiting: int
    unassigned: int
    late_count: int
    near_count: int
    oldest: list[Card]
    late: list[Card]
    near: list[Card]
    people: list[Person]
    rostered: bool
    gaps: list[Stretch]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Of which inboxes the board is asked (None: all), at which instant, in which zone."""

    workspace_id: str
    inboxes: Inboxes
    at: datetime
    within: int
    zone: ZoneInfo


async def load_board(db: Any, asked: Asked) -> Board:
    """The board, read in the caller's transaction so that all of it is of one moment."""
    key = asked.workspace_id
    seen = None if asked.inboxes is None else sorted(asked.inboxes)
    soon = asked.at + timedelta(minutes=asked.within)
    counts = await db.fetchrow(COUNTS, key, seen, asked.at, soon)
    oldest = await db.fetch(OLDEST, key, seen)
    late = await db.fetch(DUE, key, seen, _BEGINNING, asked.at)
    near = await db.fetch(DUE, key, seen, asked.at, soon)
    today = rest_of_day(asked.at, asked.zone)
    found = await duties_between(db, key, *today)
    rostered = await has_roster(db, key)
    people = await db.fetch(PEOPLE, key, seen, asked.at)
    return Board(
        at=asked.at,
        within=asked.within,
        **{name: counts[name] for name in ("waiting", "unassigned", "late_count", "near_count")},
        oldest=[card_of(row) for row in oldest],
        late=[card_of(row) for row in late],
        near=[card_of(row) for row in near],
        people=[_person(row, asked.at, found) for row in people],
        rostered=rostered,
        gaps=[Stretch(*gap) for gap in gaps_in(found, today)] if rostered else [],
    )


def rest_of_day(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From `at` to the midnight that follows on the wall clocks of the zone."""
    day = at.astimezone(zone).date() + timedelta(days=1)
    return at, instant_of(wall_to_count(zone, day, 0))


def _person(row: Any, at: datetime, found: list[Duty]) -> Person:
    on_shift = any(
        duty.agent_id == row["id"] and not duty.on_call and duty.starts_at <= at < duty.ends_at
        for duty in found
    )
    names = ("id", "name", "status", "since", "load", "late", "capacity")
    return Person(on_shift=on_shift, **{name: row[name] for name in names})


_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_SEEN = "($2::uuid[] IS NULL OR c.inbox_id = ANY($2::uuid[]))"
_DUE = "coalesce(c.due_at, 'infinity'::timestamptz)"
_CARD = ", ".join("c." + name.strip() for name in COLUMNS.split(","))

OLDEST = f"""
SELECT {_CARD} FROM conversation c
WHERE c.workspace_id = $1 AND c.unanswered > 0 AND {_SEEN}
ORDER BY c.waiting_since LIMIT {SHOWN}
"""  # noqa: S608 - names of our own


def _open_due(columns: str, low: str, high: str, most: int, gravest: str) -> str:
    """Open conversations due in (low, high], of severity 1 or not, in the order of the index."""
    return f"""(SELECT {columns} FROM conversation c
      WHERE c.workspace_id = $1 AND c.status = 'open' AND (c.severity <> 1) = {gravest}
        AND {_DUE} > {low} AND {_DUE} <= {high} AND {_SEEN}
      ORDER BY {_DUE}, c.severity, c.id LIMIT {most})"""  # noqa: S608 - names of our own


def _both(columns: str, low: str, high: str, most: int) -> str:
    # The index keeps severity 1 apart: each part is one short walk along it.
    parts = (_open_due(columns, low, high, most, part) for part in ("false", "true"))
    return " UNION ALL ".join(parts)


DUE = f"""
SELECT * FROM ({_both(_CARD, "$3", "$4", SHOWN)}) AS c ORDER BY due_at, severity, id LIMIT {SHOWN}
"""  # noqa: S608 - names of our own

COUNTS = f"""
SELECT
  (SELECT count(*) FROM (SELECT FROM conversation c WHERE c.workspace_id = $1
     AND c.unanswered > 0 AND {_SEEN} LIMIT {MOST}) AS w)::int AS waiting,
  (SELECT count(*) FROM (SELECT FROM conversation c WHERE c.workspace_id = $1
     AND c.assignee_id IS NULL AND c.unanswered > 0 AND {_SEEN} LIMIT {MOST}) AS u)::int
    AS unassigned,
  least({MOST}, (SELECT count(*) FROM ({_both("1", "'-infinity'", "$3", MOST)}) AS l))::int
    AS late_count,
  least({MOST}, (SELECT count(*) FROM ({_both("1", "$3", "$4", MOST)}) AS n))::int AS near_count
"""  # noqa: S608 - names of our own

PEOPLE = f"""
SELECT a.id, a.name, coalesce(s.status, 'away') AS status, s.since, s.capacity, l.load, l.late
FROM agent a
LEFT JOIN agent_status s ON s.workspace_id = $1 AND s.agent_id = a.id
CROSS JOIN LATERAL (
  SELECT count(*)::int AS load, count(*) FILTER (WHERE h.due_at <= $3)::int AS late
  FROM (SELECT c.due_at FROM conversation c WHERE c.workspace_id = $1 AND c.assignee_id = a.id
    AND c.status = 'open' AND c.status <> 'resolved' AND {_SEEN} LIMIT {MOST}) AS h) AS l
WHERE a.workspace_id = $1 AND a.disabled_at IS NULL AND a.role <> 'viewer'
ORDER BY array_position(ARRAY['here', 'busy', 'away'], coalesce(s.status, 'away')), a.name, a.id
"""  # noqa: S608 - names of our own
