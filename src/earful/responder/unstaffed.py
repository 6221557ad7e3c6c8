"""Where the published hours promise somebody, and the roster has nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from earful.roster.asking import duties_between, has_roster, works_in_inbox
from earful.roster.duties import Span, without
from earful.sla.calendar import Calendar
from earful.sla.hours import open_spans

AHEAD = timedelta(days=7)
MOST = 50
"""Stretches that are named."""


async def unstaffed(
    db: Any, workspace_id: str, inbox_id: str, calendar: Calendar, now: datetime
) -> list[Span]:
    """The stretches of the coming week in which it is open and nobody of the inbox is on shift.

    None where there is no roster: then the hours are all that is known.
    """
    if not await has_roster(db, workspace_id):
        return []
    agents = await works_in_inbox(db, workspace_id, inbox_id)
    until = now + AHEAD
    found = await duties_between(db, workspace_id, now, until, agents=agents)
    there = [(duty.starts_at, duty.ends_at) for duty in found if not duty.on_call]
    return [gap for span in open_spans(now, until, calendar) for gap in without(span, there)][:MOST]
