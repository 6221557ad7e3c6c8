"""What a calendar file adds to the roster: what is there already is not added again."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.roster import absences, shifts
from earful.roster.calendar_in import Off, Read, Trouble
from earful.roster.shifts import Pattern
from earful.stream.work import Work


class Imported(msgspec.Struct, frozen=True):
    """What a file gives: what is new, how many are there already, and what was left out."""

    shifts: list[Pattern]
    absences: list[Off]
    known: int
    troubles: list[Trouble]
    kept: bool


async def take_in(
    work: Work, agent_id: str, team_id: str | None, found: Read, *, keep: bool
) -> Imported:
    """Compare with what is there, and add what is new if `keep`. Raises Refused, NotFound."""
    await shifts.need_people(work, agent_id, team_id)
    there = {shifts.same_as(one) for one in await shifts.list_shifts(work.db, work.workspace_id)}
    new: dict[Any, Pattern] = {}
    for one in found.shifts:
        if shifts.same_as(one) not in there:
            new.setdefault(shifts.same_as(one), one)
    off = await _new_absences(work, agent_id, found.absences)
    if keep:
        for one in new.values():
            await shifts.add(work, one)
        for away in off:
            await absences.add(work, agent_id, "other", away.starts_at, away.ends_at)
    known = len(found.shifts) - len(new) + len(found.absences) - len(off)
    return Imported(list(new.values()), off, known, found.troubles, keep)


async def _new_absences(work: Work, agent_id: str, found: list[Off]) -> list[Off]:
    if not found:
        return []
    start, end = min(one.starts_at for one in found), max(one.ends_at for one in found)
    kept = await absences.list_absences(work.db, work.workspace_id, start, end)
    there = {(one.starts_at, one.ends_at) for one in kept if one.agent_id == agent_id}
    return [one for one in dict.fromkeys(found) if (one.starts_at, one.ends_at) not in there]
