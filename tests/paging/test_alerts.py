"""What pages, once, up the ladder, until somebody says that she has it or it is over."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from earful.accounts.tokens import digest
from earful.desk.resolve import resolve
from earful.desk.severity import set_severity
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.networks.contract import Person
from earful.paging import pages
from earful.paging.alerts import Matter, acknowledge, raise_alert
from earful.paging.climbing import LOOK_AGAIN
from earful.paging.hearing import hear
from earful.paging.ladders import remove_ladder
from earful.paging.pagers import remove_pager
from earful.paging.quiet import Quiet, keep_quiet
from earful.paging.rules import drop_rule
from earful.worker import paging
from tests.cast import DAVE
from tests.paging.conftest import Night


async def test_a_breach_climbs_the_ladder_until_it_is_over(night: Night) -> None:
    alice, bob = night.cast.alice, night.cast.bob
    await night.pager(bob)
    await night.pager(alice)
    await night.pages_for("breach", await night.ladder(bob, alice))
    home = await night.writes()
    night.cast.time.pass_(minutes=50)
    await night.round()
    assert night.told() == []
    night.cast.time.pass_(minutes=11)
    await night.round()
    assert night.told() == ["Bob"]
    await night.round()
    assert night.told() == ["Bob"], "a page is sent once"
    night.cast.time.pass_(seconds=301)
    await night.round()
    assert night.told() == ["Bob", "Alice"]
    [words, _] = night.service.words
    assert words.startswith("Late: 1 conversation in Care")
    assert "Carol" not in words
    assert f"https://care.example/c/{home}" in words
    night.cast.time.pass_(hours=2)
    await night.round()
    [alert] = await night.open()
    assert alert.trouble.startswith("The ladder is at its end")
    await night.does(resolve, home, "no_reply_needed", "by phone", by=bob)
    await night.round()
    assert await night.open() == []
    assert await night.rows("SELECT 1 FROM alert_case") == []


async def test_whoever_has_it_ends_the_ladder_and_something_new_wakes_again(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    await night.pages_for("breach", await night.ladder(bob, rounds=5), again_for=900)
    await night.writes("1")
    night.cast.time.pass_(minutes=61)
    await night.round()
    [alert] = await night.open()
    await night.does(acknowledge, alert.id, bob.id, "Bob", by=bob)
    night.cast.time.pass_(minutes=10)
    await night.writes("2", author=DAVE)
    night.cast.time.pass_(minutes=50)
    await night.round()
    assert night.told() == ["Bob"]
    night.cast.time.pass_(minutes=11)
    await night.round()
    [alert] = await night.open()
    assert (alert.count, alert.state) == (2, "raised")
    assert night.told() == ["Bob", "Bob"]


async def test_a_link_of_a_page_leads_to_its_alert_and_to_no_other(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    await night.pages_for("breach", await night.ladder(bob))
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await night.round()
    [alert] = await night.open()
    token = night.service.words[0].split("/page/")[1].split()[0]
    async with night.cast.database.acquire() as db:
        found = await pages.look(db, token)
        assert found is not None
        assert (found.alert.id, found.agent_id, found.name) == (alert.id, bob.id, "Bob")
        assert await pages.look(db, token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    [page] = await night.rows("SELECT token, link, state FROM page")
    assert (page["token"], page["link"], page["state"]) == (digest(token), None, "sent")


async def test_a_flood_is_one_alert_that_counts(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    rule = await night.pages_for("breach", await night.ladder(bob))
    inbox_id = night.cast.channel.inbox_id
    for _ in range(3):
        matter = Matter(
            key=f"breach:{inbox_id}",
            inbox_id=inbox_id,
            conversation_ids=tuple(new_id() for _ in range(10_000)),
            severity=4,
        )
        await night.does(raise_alert, rule, matter)
        await night.does(raise_alert, rule, matter)
    await night.round(look=False)
    [alert] = await night.open()
    assert alert.count == 30_000
    assert night.told() == ["Bob"]
    assert "30000 conversations" in night.service.words[0]


async def test_two_workers_raise_one_alert_and_send_one_page(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    rule = await night.pages_for("breach", await night.ladder(bob))
    inbox_id = night.cast.channel.inbox_id

    def matter(number: int) -> Matter:
        ids = (f"00000000-0000-7000-8000-{number:012d}",)
        return Matter(key="breach:x", inbox_id=inbox_id, conversation_ids=ids, severity=4)

    await asyncio.gather(*(night.does(raise_alert, rule, matter(n)) for n in range(4)))
    await asyncio.gather(*(paging.climb_due(night.shared) for _ in range(3)))
    await asyncio.gather(*(paging.page_due(night.shared, "https://care.example") for _ in range(3)))
    [alert] = await night.open()
    assert night.told() == ["Bob"]
    assert alert.reached == 1


async def test_a_page_whose_worker_died_is_sent_by_another(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    await night.pages_for("breach", await night.ladder(bob, wait_for=3600))
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await paging.notice(night.shared)
    await night.round(look=False)
    night.service.told.clear()
    async with night.cast.database.transaction() as db:
        await db.execute("UPDATE page SET state = 'queued'")
        [claimed] = await pages.claim(db, night.cast.time())
    await night.round(look=False)
    assert night.told() == [], "its lease has not run out"
    night.cast.time.pass_(seconds=91)
    await night.round(look=False)
    assert night.told() == ["Bob"]
    await night.does(pages.went, claimed)
    [alert] = await night.open()
    assert alert.reached == 2, "the slow one comes too late to count again"


async def test_a_pager_that_is_down_is_tried_again_and_another_way_at_once(night: Night) -> None:
    bob = night.cast.bob
    broken = await night.pager(bob, "Phone", night.service.address("json", "phone-secret"))
    await night.pager(bob, "Mail", night.service.address("json", "mail-secret"))
    await night.pages_for("breach", await night.ladder(bob, wait_for=3600))
    night.service.answers = ["503 Busy"]
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await night.round()
    assert night.told() == ["phone", "mail"]
    [kept] = await night.rows("SELECT trouble FROM pager WHERE id = $1", broken.id)
    assert "503" in kept["trouble"]
    assert "secret" not in kept["trouble"]
    night.cast.time.pass_(seconds=6)
    await night.round()
    assert night.told() == ["phone", "mail", "phone"]
    [alert] = await night.open()
    assert (alert.reached, alert.trouble) == (2, "")
    [kept] = await night.rows("SELECT trouble, reached_at FROM pager WHERE id = $1", broken.id)
    assert (kept["trouble"], kept["reached_at"]) == ("", night.cast.time())


async def test_a_step_that_reaches_nobody_is_passed_over_at_once(night: Night) -> None:
    alice, bob = night.cast.alice, night.cast.bob
    await night.pager(bob)
    await night.pager(alice)
    await night.pages_for("breach", await night.ladder(bob, alice, wait_for=3600))
    night.service.answers = ["503 Busy"]
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await night.round()
    await night.round()
    assert night.told() == ["Bob", "Alice"]
    night.cast.time.pass_(seconds=6)
    await night.round()
    assert night.told() == ["Bob", "Alice", "Bob"], "and is still tried"


async def test_all_ways_down_is_said_and_given_up_in_the_end(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    await night.pages_for("breach", await night.ladder(bob, wait_for=86_400))
    night.service.answers = ["503 Busy"] * 20
    await night.writes()
    night.cast.time.pass_(minutes=61)
    for _ in range(9):
        await night.round(look=False)
        night.cast.time.pass_(seconds=601)
    assert len(night.told()) == pages.MOST_TRIES
    [alert] = await night.open()
    assert alert.trouble.startswith("Bob: JSON answers 503")


async def test_quiet_hours_are_kept_but_for_severity_1(night: Night) -> None:
    alice, bob = night.cast.alice, night.cast.bob
    await night.pager(bob)
    await night.pager(alice)
    assert bob.id is not None
    assert alice.id is not None
    # It is nine in the morning in UTC: ten in Berlin.
    quiet = Quiet(zone="Europe/Berlin", starts=9 * 3600, ends=8 * 3600)
    await night.does(keep_quiet, bob.id, quiet)
    ladder = await night.ladder(bob, alice)
    await night.pages_for("severity_1", ladder)
    await night.pages_for("severity_2", ladder)
    home = await night.writes()
    await night.does(set_severity, home, 2, "an outage", by=bob)
    await night.round()
    assert night.told() == ["Alice"], "the next step is taken at once"
    await night.does(set_severity, home, 1, "a threat", by=bob)
    await night.round()
    assert night.told() == ["Alice", "Bob"]


async def test_nobody_to_page_is_said(night: Night) -> None:
    await night.pages_for("breach", await night.ladder(night.cast.bob))
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await night.round()
    [alert] = await night.open()
    assert alert.trouble.startswith("Nobody of this ladder can be paged")
    assert alert.next_at == night.cast.time() + LOOK_AGAIN


async def test_two_who_hear_at_once_count_once(night: Night) -> None:
    bob = night.cast.bob
    await night.pager(bob)
    rule = await night.pages_for("breach", await night.ladder(bob))
    for number in range(5):
        await night.writes(str(number), author=Person(f"did:{number}", f"p{number}", f"P {number}"))
    night.cast.time.pass_(minutes=61)
    await night.round(look=False)
    await asyncio.gather(*(night.does(hear, {"breach": rule}) for _ in range(3)))
    [alert] = await night.open()
    assert alert.count == 5
    assert night.told() == ["Bob"]


async def test_what_is_removed_pages_nobody(night: Night) -> None:
    bob = night.cast.bob
    pager = await night.pager(bob)
    ladder = await night.ladder(bob)
    await night.pages_for("breach", ladder)
    with pytest.raises(Refused, match="pages by this ladder"):
        await night.does(remove_ladder, ladder.id)
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await paging.notice(night.shared)
    await paging.climb_due(night.shared)
    await night.does(remove_pager, pager.id)
    await night.round()
    assert night.told() == []
    await night.does(drop_rule, "breach")
    await night.round()
    assert await night.open() == []
    await night.does(remove_ladder, ladder.id)


@pytest.mark.parametrize(
    ("starts", "ends", "hour", "sleeps"),
    [
        (22, 7, 23, True),
        (22, 7, 7, False),
        (22, 7, 6, True),
        (13, 14, 13, True),
        (13, 14, 14, False),
    ],
)
def test_quiet_hours_past_midnight(starts: int, ends: int, hour: int, sleeps: Any) -> None:
    quiet = Quiet(zone="UTC", starts=starts * 3600, ends=ends * 3600)
    assert quiet.sleeps(datetime(2026, 11, 2, hour, tzinfo=UTC)) is sleeps
