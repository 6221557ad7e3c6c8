"""Quiet hours: when a person is not woken, on her own wall clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.kit.refusal import Refused
from earful.sla.errors import HoursError
from earful.sla.walls import zone_of
from earful.stream.work import Work

DAY = 86_400
GRAVEST = 1
"""The severity that wakes people who allow it."""


class Quiet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `starts` until `ends`, seconds after midnight in `zone`; past midnight where `ends` is
    not later. `wakes_for_gravest`: severity 1 wakes her all the same."""

    zone: str
    starts: int
    ends: int
    wakes_for_gravest: bool = True

    def sleeps(self, at: datetime) -> bool:
        """Whether she sleeps at that instant; no more at the last one."""
        here = at.astimezone(zone_of(self.zone))
        now = here.hour * 3600 + here.minute * 60 + here.second
        if self.starts < self.ends:
            return self.starts <= now < self.ends
        return now >= self.starts or now < self.ends

    def lets(self, at: datetime, severity: int | None) -> bool:
        """Whether she may be paged at that instant for a matter of that severity."""
        grave = self.wakes_for_gravest and severity == GRAVEST
        return grave or not self.sleeps(at)


def check(quiet: Quiet) -> Quiet:
    """Raise Refused in words unless these hours can be meant."""
    try:
        zone_of(quiet.zone)
    except HoursError as error:
        raise Refused("invalid", str(error)) from None
    if not (0 <= quiet.starts < DAY and 0 <= quiet.ends < DAY):
        raise Refused("invalid", "Quiet hours begin and end between 00:00 and 23:59.")
    if quiet.starts == quiet.ends:
        words = "These hours begin where they end. To be left alone for good, remove your pagers."
        raise Refused("invalid", words)
    return quiet


async def quiet_of(db: Any, workspace_id: str, agent_id: str) -> Quiet | None:
    """Her quiet hours, None when she has none."""
    row = await db.fetchrow(
        """SELECT zone, starts, ends, wakes_for_gravest FROM quiet_hours
           WHERE workspace_id = $1 AND agent_id = $2""",
        workspace_id,
        agent_id,
    )
    return None if row is None else Quiet(**dict(row))


async def keep_quiet(work: Work, agent_id: str, quiet: Quiet | None) -> None:
    """Set her quiet hours, or take them away. Raises Refused."""
    if quiet is None:
        await work.db.execute(
            "DELETE FROM quiet_hours WHERE workspace_id = $1 AND agent_id = $2",
            work.workspace_id,
            agent_id,
        )
    else:
        fine = check(quiet)
        await work.db.execute(
            """INSERT INTO quiet_hours (workspace_id, agent_id, zone, starts, ends,
                 wakes_for_gravest) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (workspace_id, agent_id) DO UPDATE SET zone = $3, starts = $4,
                 ends = $5, wakes_for_gravest = $6""",
            work.workspace_id,
            agent_id,
            *msgspec.structs.astuple(fine),
        )
    work.emit("paging.changed", {"quiet": {"agent_id": agent_id}})
