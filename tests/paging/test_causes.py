"""What pages, and what does not any more."""

from __future__ import annotations

from datetime import date

from earful.desk.channels import set_channel_state
from earful.desk.notes import add_note
from earful.desk.severity import set_severity
from earful.paging.ladders import Step, Who, add_ladder
from earful.roster import shifts
from earful.roster.shifts import Pattern
from tests.cast import DAVE
from tests.desk.acts import answer
from tests.paging.conftest import Night


async def test_grave_conversations_page_when_they_come_and_when_they_are_set(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    ladder = await night.ladder(bob)
    await night.pages_for("severity_1", ladder)
    home = await night.writes()
    await night.round(look=False)
    assert night.told() == []
    await night.does(set_severity, home, 1, "a threat", by=bob)
    await night.round(look=False)
    [alert] = await night.open()
    assert (alert.cause, alert.severity, alert.conversation_id) == ("severity_1", 1, home)
    await night.does(set_severity, home, 3, "a joke", by=bob)
    await night.round()
    assert await night.open() == []


async def test_whoever_is_on_call_just_then_is_paged(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    await night.pager(night.cast.alice)
    assert bob.id is not None
    pattern = Pattern(
        agent_id=bob.id, opens="00:00", closes="24:00", from_day=date(2026, 11, 2), on_call=True
    )
    await night.does(shifts.add, pattern)
    ladder = await night.does(
        add_ladder, "On call", (Step((Who("on_call"),)), Step((Who("owners"),))), 1
    )
    await night.pages_for("breach", ladder)
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await night.round()
    assert night.told() == ["Bob"]
    night.cast.time.pass_(seconds=301)
    await night.round()
    assert night.told() == ["Bob", "Alice"]


async def test_a_queue_that_nobody_attends_to(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    await night.pages_for("unattended", await night.ladder(bob), after_for=600)
    home = await night.writes()
    night.cast.time.pass_(minutes=9)
    await night.does(add_note, home, "looking", [], by=bob)
    night.cast.time.pass_(minutes=9)
    await night.round()
    assert await night.open() == []
    night.cast.time.pass_(minutes=2)
    await night.round()
    [alert] = await night.open()
    assert alert.cause == "unattended"
    assert night.service.words[0].startswith("Nobody attends to Care")
    night.cast.time.pass_(minutes=1)
    await night.does(add_note, home, "here now", [], by=bob)
    await night.round()
    assert await night.open() == []


async def test_a_channel_in_trouble_for_long(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    await night.pages_for("channel", await night.ladder(bob), after_for=900)
    channel_id = night.cast.channel.id
    await night.does(set_channel_state, channel_id, "reauthorize", "sign in again")
    await night.round()
    night.cast.time.pass_(minutes=14)
    await night.round()
    assert await night.open() == []
    night.cast.time.pass_(minutes=2)
    await night.round()
    [alert] = await night.open()
    assert alert.channel_id == channel_id
    assert night.service.words[0].startswith("Northwind does not listen")
    await night.does(set_channel_state, channel_id, "active")
    await night.round()
    assert await night.open() == []


async def test_what_nobody_touched_for_days_goes_up_to_the_manager(night: Night) -> None:
    alice, bob = night.cast.alice, night.cast.bob
    await night.pager(alice)
    ladder = await night.does(add_ladder, "Manager", (Step((Who("owners"),)),), 1)
    await night.pages_for("forgotten", ladder, after_for=7 * 86_400)
    home = await night.writes("1")
    noted = await night.writes("2", author=DAVE)
    night.cast.time.pass_(days=6)
    await night.does(add_note, noted, "still on it", [], by=bob)
    night.cast.time.pass_(days=2)
    await night.round()
    [alert] = await night.open()
    assert (alert.cause, alert.count, alert.conversation_id) == ("forgotten", 1, home)
    assert night.told() == ["Alice"]
    await answer(night.cast, home)
    await night.round()
    assert await night.open() == []


async def test_what_is_long_past_pages_nobody(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    home = await night.writes("1")
    await night.does(set_severity, home, 1, "a threat", by=bob)
    ladder = await night.ladder(bob)
    await night.pages_for("severity_1", ladder)
    await night.round()
    assert await night.open() == [], "it was there before anything paged"
    other = await night.writes("2", author=DAVE)
    await night.does(set_severity, other, 1, "a threat", by=bob)
    night.cast.time.pass_(hours=3)
    await night.round()
    assert await night.open() == [], "the desk was away for hours"
