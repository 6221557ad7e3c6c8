"""Shifts as they are written down: checked, kept, changed; each change is an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from earful.kit.ids import is_id, new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line, storable
from earful.roster.duties import Shift, falls_on
from earful.sla.calendar import DAY
from earful.sla.errors import HoursError
from earful.sla.walls import zone_of
from earful.stream.work import Work

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST = 5000
"""Shifts of one workspace."""
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


class Pattern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shift as people write it: `opens` and `closes` such as "22:00" and "06:00" (next day).

    A single shift has the same day as `from_day` and `until_day`. No weekdays means all.
    """

    agent_id: str
    team_id: str | None = None
    zone: str = "UTC"
    weekdays: tuple[str, ...] = ()
    opens: str
    closes: str
    from_day: date
    until_day: date | None = None
    every: int = 1
    skipped: tuple[date, ...] = ()
    on_call: bool = False
    note: str = ""


class Kept(Pattern, frozen=True, kw_only=True):
    """A pattern that has an id."""

    id: str


def check(pattern: Pattern) -> Pattern:
    """The pattern, tidied. Raises Refused in words."""
    try:
        zone_of(pattern.zone)
    except HoursError as error:
        raise Refused("invalid", str(error)) from error
    opens, closes = times_of(pattern.opens, pattern.closes)
    days = tuple(day for day in DAYS if day in pattern.weekdays)
    if len(days) != len(set(pattern.weekdays)):
        raise Refused("invalid", f"Weekdays are some of {', '.join(DAYS)}.")
    if not FIRST <= pattern.from_day <= LAST:
        raise Refused("invalid", "A shift begins between 2000 and 2199.")
    if pattern.until_day is not None and not pattern.from_day <= pattern.until_day <= LAST:
        raise Refused("invalid", "The last day of a shift is not before its first.")
    if not 1 <= pattern.every <= 52:
        raise Refused("invalid", "A shift comes every week, or every 2 to 52 weeks.")
    if len(pattern.skipped) > 1000:
        raise Refused("too-many", "At most 1000 days of a shift can be left out.")
    return msgspec.structs.replace(
        pattern,
        weekdays=days,
        opens=clock_of(opens),
        closes=clock_of(closes),
        skipped=tuple(sorted(set(pattern.skipped))),
        note=one_line(storable(pattern.note), 200),
    )


def times_of(opens: str, closes: str) -> tuple[int, int]:
    """Seconds after midnight; an end at or before the beginning is on the next day."""
    start, end = seconds_of(opens), seconds_of(closes)
    if start >= DAY:
        raise Refused("invalid", "A shift begins before 24:00.")
    return start, end if end > start else end + DAY


def seconds_of(text: str) -> int:
    """ "09:30" in seconds. Raises Refused."""
    hours, colon, minutes = text.partition(":")
    good = colon and len(minutes) == 2 and hours.isascii() and text.replace(":", "").isdecimal()
    if not good or not ((int(hours) < 24 and int(minutes) < 60) or text == "24:00"):
        raise Refused(
            "invalid", f"“{one_line(storable(text), 20)}” is not a time. Write it as 09:30."
        )
    return (int(hours) * 60 + int(minutes)) * 60


def clock_of(seconds: int) -> str:
    """Seconds after midnight as a wall clock shows them; the midnight at the end is 24:00."""
    if seconds == DAY:
        return "24:00"
    hours, minutes = divmod(seconds % DAY // 60, 60)
    return f"{hours:02}:{minutes:02}"


def shift_of(row: Mapping[str, Any]) -> Shift:
    """The shift that a row says."""
    return Shift(
        id=row["id"],
        agent_id=row["agent_id"],
        team_id=row["team_id"],
        zone=row["zone"],
        weekdays=frozenset(row["weekdays"]),
        opens=row["opens"],
        closes=row["closes"],
        from_day=row["from_day"],
        until_day=row["until_day"],
        every=row["every"],
        skipped=frozenset(row["skipped"]),
        on_call=row["on_call"],
    )


def kept_of(row: Mapping[str, Any]) -> Kept:
    """A row in the API's shape."""
    plain = {name: row[name] for name in _PLAIN}
    return Kept(
        **plain,
        weekdays=tuple(DAYS[day] for day in row["weekdays"]),
        opens=clock_of(row["opens"]),
        closes=clock_of(row["closes"]),
        skipped=tuple(row["skipped"]),
    )


_PLAIN = (
    "id", "agent_id", "team_id", "zone", "from_day", "until_day", "every", "on_call", "note",
)  # fmt: skip


async def list_shifts(db: Any, workspace_id: str) -> list[Kept]:
    """All shifts of people who are still here, newest patterns last."""
    return [kept_of(row) for row in await db.fetch(_LIST, workspace_id)]


async def add(work: Work, pattern: Pattern) -> Kept:
    """A new shift. Raises Refused, NotFound for an agent or a team that is not here."""
    checked = check(pattern)
    count = await work.db.fetchval(_COUNT, work.workspace_id)
    if count >= MOST:
        raise Refused("too-many", f"There are {MOST} shifts. Remove some that are over first.")
    return await _kept(work, new_id(), checked, "shift.added")


async def change(work: Work, shift_id: str, pattern: Pattern) -> Kept:
    """The shift as it is from now on (and was: what is past is not kept apart)."""
    await locked(work, shift_id)
    return await _kept(work, shift_id, check(pattern), "shift.changed")


async def remove(work: Work, shift_id: str) -> None:
    """Remove it with all its days. Raises NotFound."""
    await locked(work, shift_id)
    await work.db.execute(
        "DELETE FROM shift WHERE workspace_id = $1 AND id = $2", work.workspace_id, shift_id
    )
    work.emit("shift.removed", {"removed": shift_id})


async def give_day(
    work: Work, shift_id: str, day: date, agent_id: str | None, to: date | None = None
) -> Kept | None:
    """Take one day out of a shift, and give it to somebody, or to another day. Returns that one.

    Raises Refused when the shift has no such day.
    """
    row = await locked(work, shift_id)
    if not falls_on(shift_of(row), day):
        raise Refused("invalid", f"That shift does not begin on {day}.")
    before = kept_of(row)
    pattern = {name: getattr(before, name) for name in Pattern.__struct_fields__}
    on = to or day
    single = {"weekdays": (), "from_day": on, "until_day": on, "every": 1, "skipped": ()}
    given = None if agent_id is None else Pattern(**pattern | single | {"agent_id": agent_id})
    if before.from_day == before.until_day:
        if given is not None:
            return await change(work, shift_id, given)
        await remove(work, shift_id)
        return None
    left = Pattern(**pattern | {"skipped": (*before.skipped, day)})
    await _kept(work, shift_id, check(left), "shift.changed")
    return None if given is None else await add(work, given)


def same_as(one: Pattern) -> tuple[Any, ...]:
    """Equal for two that say the same of the same agent; notes make no difference."""
    return (
        one.agent_id, one.team_id, one.zone, one.opens, one.closes, one.from_day, one.until_day,
        one.every, one.skipped, one.on_call, frozenset(one.weekdays or DAYS),
    )  # fmt: skip


async def locked(work: Work, shift_id: str) -> Mapping[str, Any]:
    """The shift's row, locked. Raises NotFound."""
    row = await work.db.fetchrow(_LOCK, work.workspace_id, shift_id)
    if row is None:
        raise NotFound("shift")
    return dict(row)


async def _kept(work: Work, shift_id: str, pattern: Pattern, kind: str) -> Kept:
    await need_people(work, pattern.agent_id, pattern.team_id)
    opens, closes = times_of(pattern.opens, pattern.closes)
    days = [DAYS.index(day) for day in pattern.weekdays or DAYS]
    row = await work.db.fetchrow(
        _KEEP,
        work.workspace_id, shift_id, pattern.agent_id, pattern.team_id, pattern.zone, days, opens,
        closes, pattern.from_day, pattern.until_day, pattern.every, list(pattern.skipped),
        pattern.on_call, pattern.note, work.now,
    )  # fmt: skip
    kept = kept_of(dict(row or {}))
    work.emit(kind, {"shift": kept})
    return kept


async def need_people(work: Work, agent_id: str, team_id: str | None) -> None:
    """Raise NotFound unless the agent, and the team if one is named, are here."""
    if not is_id(agent_id) or not await work.db.fetchval(_AGENT, work.workspace_id, agent_id):
        raise NotFound("agent")
    if team_id is None:
        return
    if not is_id(team_id) or not await work.db.fetchval(_TEAM, work.workspace_id, team_id):
        raise NotFound("team")


_LIST = """
SELECT s.* FROM shift s JOIN agent a ON a.workspace_id = s.workspace_id AND a.id = s.agent_id
WHERE s.workspace_id = $1 AND a.disabled_at IS NULL ORDER BY s.from_day, s.opens, s.id
"""
_COUNT = "SELECT count(*) FROM shift WHERE workspace_id = $1"
_LOCK = "SELECT * FROM shift WHERE workspace_id = $1 AND id = $2 FOR UPDATE"
_AGENT = "SELECT true FROM agent WHERE workspace_id = $1 AND id = $2 AND disabled_at IS NULL"
_TEAM = "SELECT true FROM team WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL"
_KEEP = """
INSERT INTO shift (workspace_id, id, agent_id, team_id, zone, weekdays, opens, closes, from_day,
  until_day, every, skipped, on_call, note, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (workspace_id, id) DO UPDATE SET agent_id = $3, team_id = $4, zone = $5,
  weekdays = $6, opens = $7, closes = $8, from_day = $9, until_day = $10, every = $11,
  skipped = $12, on_call = $13, note = $14
RETURNING *
"""
