"""A ladder at its end: who slept is woken later, and something new begins it anew."""

from __future__ import annotations

from earful.desk.severity import set_severity
from earful.desk.timers import act_on_time
from earful.paging import pages
from earful.paging.alerts import acknowledge
from earful.paging.quiet import Quiet, keep_quiet
from earful.roster.shifts import Pattern
from earful.roster.shifts import add as add_shift
from earful.worker import paging
from tests.cast import DAVE
from tests.paging.conftest import Night


async def test_who_slept_is_paged_when_her_quiet_hours_end(night: Night) -> None:
    bob = night.cast.bob
    assert bob.id is not None
    await night.pager(bob)
    # It is nine in the morning; she sleeps until half past eleven.
    quiet = Quiet(zone="UTC", starts=8 * 3600, ends=11 * 3600 + 1800)
    await night.does(keep_quiet, bob.id, quiet)
    await night.pages_for("breach", await night.ladder(bob))
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await night.round()
    [alert] = await night.open()
    assert alert.trouble.startswith("Nobody of this ladder can be paged now")
    for _ in range(18):
        assert night.told() == []
        night.cast.time.pass_(minutes=5)
        await night.round()
    assert night.told() == ["Bob"]
    night.cast.time.pass_(hours=1)
    await night.round()
    assert night.told() == ["Bob"], "every step has reached somebody now"
    [alert] = await night.open()
    assert alert.trouble.startswith("The ladder is at its end")
    assert alert.next_at is None


async def test_a_step_nobody_was_there_for_is_taken_once_she_comes(night: Night) -> None:
    alice, bob = night.cast.alice, night.cast.bob
    assert alice.id is not None
    await night.pager(bob)
    await night.pager(alice)
    quiet = Quiet(zone="UTC", starts=8 * 3600, ends=12 * 3600)
    await night.does(keep_quiet, alice.id, quiet)
    await night.pages_for("breach", await night.ladder(alice, bob, rounds=2))
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await night.round()
    night.cast.time.pass_(minutes=6)
    await night.round()
    assert night.told() == ["Bob", "Bob"], "twice up the ladder, past the one who sleeps"
    night.cast.time.pass_(minutes=6)
    await night.round()
    [alert] = await night.open()
    assert alert.trouble.startswith("Nobody who could be paged")
    night.cast.time.pass_(hours=2)
    await night.round()
    assert night.told() == ["Bob", "Bob", "Alice"]
    await night.does(acknowledge, alert.id, alice.id, "Alice", by=alice)
    night.cast.time.pass_(hours=2)
    await night.round()
    assert len(night.told()) == 3


async def test_whoever_comes_on_call_is_paged_for_what_still_stands(night: Night) -> None:
    bob = night.cast.bob
    assert bob.id is not None
    await night.pager(bob)
    day = night.cast.time().date()
    noon = Pattern(
        agent_id=bob.id, opens="12:00", closes="18:00", from_day=day, until_day=day, on_call=True
    )
    await night.does(add_shift, noon)
    await night.pages_for("breach", await night.on_call())
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await night.round()
    assert night.told() == []
    night.cast.time.pass_(hours=2)
    await night.round()
    assert night.told() == ["Bob"]


async def test_something_new_begins_an_ended_ladder_anew(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    await night.pages_for("severity_1", await night.ladder(bob))
    first = await night.writes("1")
    await night.does(set_severity, first, 1, "a threat", by=bob)
    await night.round()
    night.cast.time.pass_(hours=1)
    await night.round()
    assert night.told() == ["Bob"]
    second = await night.writes("2", author=DAVE)
    await night.does(set_severity, second, 1, "a fire", by=bob)
    await night.round()
    assert night.told() == ["Bob", "Bob"]
    [alert] = await night.open()
    assert (alert.count, alert.state, alert.reached) == (2, "raised", 1)


async def test_something_new_waits_its_time_before_it_wakes_again(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    await night.pages_for("breach", await night.ladder(bob, wait_for=60), again_for=900)
    await night.writes("1")
    night.cast.time.pass_(minutes=5)
    await night.writes("2", author=DAVE)
    night.cast.time.pass_(minutes=56)
    await night.round()
    night.cast.time.pass_(minutes=2)
    await night.round()
    assert night.told() == ["Bob"]
    night.cast.time.pass_(minutes=4)
    await night.round()
    assert night.told() == ["Bob"], "a flood of late ones is one page for a quarter of an hour"


async def test_the_gravest_page_goes_first(night: Night) -> None:
    alice, bob = night.cast.alice, night.cast.bob
    await night.pager(bob)
    await night.pager(alice)
    await night.pages_for("breach", await night.ladder(bob))
    await night.pages_for("severity_1", await night.ladder(alice))
    await night.writes("1")
    grave = await night.writes("2", author=DAVE)
    night.cast.time.pass_(minutes=61)
    async with night.shared.works.open(night.cast.workspace_id) as work:
        await act_on_time(work)
    await paging.notice(night.shared)
    await paging.climb_due(night.shared)
    await night.does(set_severity, grave, 1, "a threat", by=bob)
    await paging.notice(night.shared)
    await paging.climb_due(night.shared)
    async with night.cast.database.transaction() as db:
        due = await pages.claim(db, night.cast.time())
    assert [one.gravity for one in due] == sorted(one.gravity for one in due)
    assert due[0].gravity == 1
    assert len(due) == 2
