"""What the roster means for who writes now, beside what the policy promises her."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from earful.responder.post_now import PostNow, posts_now
from earful.roster.shifts import Pattern, add, remove
from earful.sla.calendar import Calendar, Slot
from earful.sla.hours import Hours
from earful.sla.keeping import keep_hours, keep_policy, with_hours
from earful.sla.terms import Promise, Target, Terms
from earful.store.pool import Database
from tests.cast import START, Cast, gather, post
from tests.desk.acts import rows, take

OFFICE = Calendar(week=(*((Slot(12 * 3600, 17 * 3600),),) * 5, (), ()), zone="Europe/Berlin")


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


async def _now(cast: Cast) -> PostNow:
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        [found] = await posts_now(work, None)
        return found


async def test_each_change_of_the_roster_tells_what_comes_of_it(cast: Cast) -> None:
    assert cast.bob.id is not None
    bare = await _now(cast)
    # The standard gives a question an hour; nothing says when anybody is there.
    assert (bare.due_at, bare.answered_by) == (START + timedelta(hours=1), None)
    assert (bare.people, bare.in_time) == (0, False)
    day = date(2026, 11, 2)
    shift = {"agent_id": cast.bob.id, "closes": "17:00", "from_day": day, "until_day": day}
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        late = await add(work, Pattern(opens="12:00", **shift))  # type: ignore[arg-type]
    found = await _now(cast)
    assert (found.answered_by, found.in_time) == (START + timedelta(hours=3, minutes=5), False)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await remove(work, late.id)
        await add(work, Pattern(opens="08:00", **shift))  # type: ignore[arg-type]
    found = await _now(cast)
    assert (found.people, found.in_time) == (1, True)
    assert found.answered_by == START + timedelta(minutes=5)


async def test_what_is_shown_is_what_a_post_gets(cast: Cast) -> None:
    promise = Promise(first_response=Target(5400, counts="business"))
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        hours = await keep_hours(work, "Office", OFFICE)
        terms = Terms(name="Care", severities={4: promise}, hours_id=hours.id)
        await keep_policy(work, await with_hours(work, terms))
    shown = await _now(cast)
    assert shown.due_at == Hours(OFFICE).due_at(START, timedelta(minutes=90))
    await take(cast, post("1", "@Northwind when do you open?", published_at=START))
    [row] = await rows(cast, "SELECT severity, due_at FROM conversation")
    assert (row["severity"], row["due_at"]) == (4, shown.due_at)
