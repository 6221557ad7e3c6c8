"""Who is there for an inbox: by the roster, or, as long as there is none, by its hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from earful.kit.refusal import NotFound
from earful.responder.estimate import Staffed
from earful.roster.asking import duties_between, has_roster, works_in_inbox
from earful.roster.coverage import once
from earful.sla.errors import HoursError
from earful.sla.hours import open_spans
from earful.sla.keeping import find_hours
from earful.stream.work import Work

AHEAD = timedelta(days=30)


async def staffing(work: Work, inbox_id: str, hours_id: str | None) -> list[Staffed]:
    """The spans of the next 30 days in which somebody is there; empty where nothing is known."""
    if await has_roster(work.db, work.workspace_id):
        found = await duties_between(
            work.db,
            work.workspace_id,
            work.now,
            work.now + AHEAD,
            agents=await works_in_inbox(work.db, work.workspace_id, inbox_id),
        )
        return counted((duty.starts_at, duty.ends_at) for duty in once(found))
    return await _by_hours(work, hours_id)


async def _by_hours(work: Work, hours_id: str | None) -> list[Staffed]:
    if hours_id is None:
        return []
    try:
        hours = await find_hours(work.db, work.workspace_id, hours_id)
        spans = open_spans(work.now, work.now + AHEAD, hours.calendar)
        return [Staffed(start, end, 1) for start, end in spans]
    except (NotFound, HoursError):
        return []


def counted(duties: Iterable[tuple[datetime, datetime]]) -> list[Staffed]:
    """How many are there when: spans that don't overlap, in order, with at least one."""
    steps: dict[datetime, int] = {}
    for start, end in duties:
        steps[start] = steps.get(start, 0) + 1
        steps[end] = steps.get(end, 0) - 1
    spans, agents, since = [], 0, None
    for at in sorted(steps):
        if since is not None and agents > 0 and since < at:
            spans.append(Staffed(since, at, agents))
        agents, since = agents + steps[at], at
    return spans
