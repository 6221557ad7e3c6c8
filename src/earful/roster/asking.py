"""Who is on shift, who is on call, and when somebody will be: what other rooms ask.

`agents` narrows it to some people (those of an inbox, say); `team_id` to a team:
shifts given to it, and shifts of its people that are given to no team.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from earful.accounts.sight import works_in
from earful.roster.duties import Away, Duty, Shift, duties
from earful.roster.shifts import shift_of

MOMENT = timedelta(microseconds=1)
LOOKS = (timedelta(days=2), timedelta(days=9), timedelta(days=40), timedelta(days=400))
"""How far ahead the next duty is looked for, in ever longer looks."""


async def duties_between(
    db: Any,
    workspace_id: str,
    start: datetime,
    end: datetime,
    *,
    team_id: str | None = None,
    agents: Collection[str] | None = None,
) -> list[Duty]:
    """Every duty that touches [start, end), of people who are still here."""
    shifts, aways = await _load(db, workspace_id, start, end, team_id)
    found = duties(shifts, aways, start, end)
    return [duty for duty in found if agents is None or duty.agent_id in agents]


async def on_shift(
    db: Any,
    workspace_id: str,
    at: datetime,
    *,
    team_id: str | None = None,
    agents: Collection[str] | None = None,
) -> list[Duty]:
    """Who is on shift: on at the first instant, off at the last. On call is not on shift."""
    found = await duties_between(db, workspace_id, at, at + MOMENT, team_id=team_id, agents=agents)
    return [duty for duty in found if not duty.on_call]


async def on_call(
    db: Any,
    workspace_id: str,
    at: datetime,
    *,
    team_id: str | None = None,
    agents: Collection[str] | None = None,
) -> list[Duty]:
    """Who is on call at that instant: may be woken, but gets no work by herself."""
    found = await duties_between(db, workspace_id, at, at + MOMENT, team_id=team_id, agents=agents)
    return [duty for duty in found if duty.on_call]


async def next_on_shift(
    db: Any,
    workspace_id: str,
    after: datetime,
    *,
    team_id: str | None = None,
    agents: Collection[str] | None = None,
) -> tuple[datetime, Duty] | None:
    """The first instant from `after` on with somebody on shift, and who. None: not for a year."""
    for look in LOOKS:
        found = await duties_between(
            db, workspace_id, after, after + look, team_id=team_id, agents=agents
        )
        for duty in found:
            if not duty.on_call:
                return max(after, duty.starts_at), duty
    return None


async def works_in_inbox(db: Any, workspace_id: str, inbox_id: str) -> set[str]:
    """Who works in an inbox, of those who are here and may answer."""
    return {row["id"] for row in await db.fetch(_WORKS, workspace_id, inbox_id)}


async def has_roster(db: Any, workspace_id: str) -> bool:
    """Whether anybody ever wrote a shift down: without, nobody being on shift means nothing."""
    return bool(
        await db.fetchval(
            "SELECT EXISTS (SELECT 1 FROM shift WHERE workspace_id = $1)", workspace_id
        )
    )


async def _load(
    db: Any, workspace_id: str, start: datetime, end: datetime, team_id: str | None
) -> tuple[list[Shift], list[Away]]:
    # A shift of the day before may last into the window, and zones reach a day to either side.
    first, last = start.date() - timedelta(days=3), end.date() + timedelta(days=1)
    rows = await db.fetch(_SHIFTS, workspace_id, first, last, team_id)
    aways = await db.fetch(_AWAYS, workspace_id, start - timedelta(days=3), end + timedelta(days=3))
    return [shift_of(row) for row in rows], [Away(**dict(row)) for row in aways]


_WORKS = f"""
SELECT a.id FROM agent a WHERE a.workspace_id = $1 AND a.disabled_at IS NULL
  AND a.role <> 'viewer' AND {works_in("$1", "$2", "a.id")}
"""  # noqa: S608 - names from code

_SHIFTS = """
SELECT s.* FROM shift s JOIN agent a ON a.workspace_id = s.workspace_id AND a.id = s.agent_id
WHERE s.workspace_id = $1 AND (s.until_day IS NULL OR s.until_day >= $2) AND s.from_day <= $3
  AND a.disabled_at IS NULL
  AND ($4::uuid IS NULL OR s.team_id = $4 OR (s.team_id IS NULL AND EXISTS (
    SELECT 1 FROM team_member m
    WHERE m.workspace_id = $1 AND m.team_id = $4 AND m.agent_id = s.agent_id)))
"""
_AWAYS = """
SELECT agent_id, starts_at, ends_at FROM absence
WHERE workspace_id = $1 AND ends_at > $2 AND starts_at < $3
"""
