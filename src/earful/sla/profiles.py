"""Sensible starts by size: hours and one policy for all, which can be changed like any others."""

from __future__ import annotations

from typing import Literal

import msgspec

from earful.kit.refusal import Refused
from earful.sla.calendar import ALWAYS, Calendar, Region, Slot, Week
from earful.sla.keeping import (
    KeptPolicy,
    keep_hours,
    keep_policy,
    list_hours,
    list_policies,
)
from earful.sla.terms import Promise, Target, Terms, Warn
from earful.stream.work import Work

Size = Literal["pair", "team", "carrier"]
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


class Profile(msgspec.Struct, frozen=True):
    """A start: which week, how fast by severity (seconds), and the outer limit."""

    size: Size
    week: Week
    targets: dict[int, Target]
    limit_for: float


def _slots(opens: int, closes: int) -> tuple[Slot, ...]:
    return (Slot(opens * 3600, closes * 3600),)


def _business(seconds: float) -> Target:
    return Target(seconds, "business")


PROFILES: dict[Size, Profile] = {
    # Two people, who also do the work: the same day, and nothing at the weekend.
    "pair": Profile(
        size="pair",
        week=(*(_slots(9, 17),) * 5, (), ()),
        targets={
            1: Target(HOUR),
            2: _business(HOUR),
            3: _business(2 * HOUR),
            4: _business(4 * HOUR),
            5: _business(16 * HOUR),
        },
        limit_for=3 * DAY,
    ),
    # Shifts by day: the defaults by severity while the desk is open, the worst two at any hour.
    "team": Profile(
        size="team",
        week=(*(_slots(8, 20),) * 5, _slots(10, 16), ()),
        targets={
            1: Target(5 * MINUTE),
            2: Target(10 * MINUTE),
            3: _business(10 * MINUTE),
            4: _business(HOUR),
            5: _business(12 * HOUR),
        },
        limit_for=2 * DAY,
    ),
    # Somebody is always there.
    "carrier": Profile(
        size="carrier",
        week=ALWAYS,
        targets={
            1: Target(5 * MINUTE),
            2: Target(10 * MINUTE),
            3: Target(10 * MINUTE),
            4: Target(HOUR),
            5: Target(DAY),
        },
        limit_for=DAY,
    ),
}


def terms_of(profile: Profile, name: str, hours_id: str) -> Terms:
    """The policy of a profile."""
    return Terms(
        name=name,
        severities={
            severity: Promise(first_response=target, next_response=target)
            for severity, target in profile.targets.items()
        },
        hours_id=hours_id,
        limit_for=profile.limit_for,
        warn=(Warn(share=0.5), Warn(share=0.2)),
    )


async def start_with(
    work: Work, size: Size, *, zone: str, region: Region | None, hours: str, policy: str
) -> KeptPolicy:
    """Begin with a profile: its hours and its policy, under these names.

    Refused where there are policies already: they would be passed over without a word.
    """
    if await list_policies(work.db, work.workspace_id):
        raise Refused("in-use", "There are policies already. Remove them to begin anew.")
    profile = PROFILES[size]
    regions = (region,) if region else ()
    calendar = Calendar(zone=zone, week=profile.week, regions=regions)
    known = [kept for kept in await list_hours(work.db, work.workspace_id) if kept.name == hours]
    kept = await keep_hours(work, hours, calendar, known[0].id if known else None)
    return await keep_policy(work, terms_of(profile, policy, kept.id))
