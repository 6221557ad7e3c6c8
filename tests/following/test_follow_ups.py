"""Every conversation has a next step or an end; what is due comes back, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from earful.desk.merge import merge
from earful.desk.privacy import erase_person, export_person
from earful.desk.resolve import reopen, resolve, wait_for_customer
from earful.desk.snooze import snooze
from earful.following import follow_ups
from earful.following.follow_ups import FollowUp
from earful.kit.refusal import NotFound, Refused
from tests.cast import DAVE
from tests.desk.acts import card_of, rows
from tests.following.conftest import Care

# A conversation that is not resolved, has no clock, no snooze that ends, and no follow-up.
FORGOTTEN = """
SELECT id FROM conversation c WHERE status <> 'resolved' AND due_at IS NULL
  AND snoozed_until IS NULL AND sending = 0 AND NOT EXISTS (SELECT 1 FROM follow_up f
    WHERE f.conversation_id = c.id AND f.state IN ('waiting', 'due'))
"""


async def _settled(care: Care, home: str) -> None:
    """As if a reply had been sent: nobody waits any more."""
    await rows(
        care.cast,
        "UPDATE message SET disposition = 'answered' WHERE direction = 'incoming' "
        "AND conversation_id = $1",
        home,
    )
    await rows(
        care.cast,
        "UPDATE conversation SET unanswered = 0, due_at = NULL, clock_started_at = NULL, "
        "waiting_since = NULL WHERE id = $1",
        home,
    )


async def _plan(care: Care, home: str, kind: str = "date", **after: float) -> FollowUp:
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        due_at = work.now + timedelta(**after)
        return await follow_ups.plan(work, home, due_at, kind=kind, note="Did the refund come?")


async def _planned(care: Care, home: str) -> FollowUp | None:
    async with care.cast.database.acquire() as db:
        return await follow_ups.follow_up_for(db, care.cast.workspace_id, home)


async def _pend(care: Care, home: str) -> None:
    await _settled(care, home)
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await wait_for_customer(work, home)
    await care.follow()


async def test_what_waits_for_a_silent_customer_comes_back(care: Care) -> None:
    home = await care.asked()
    await _pend(care, home)
    assert await rows(care.cast, FORGOTTEN) == []
    care.cast.time.pass_(days=6, hours=23)
    await care.follow()
    assert (await card_of(care.cast, home)).status == "pending"
    care.cast.time.pass_(hours=1)
    await care.follow()
    assert (await card_of(care.cast, home)).status == "open"
    planned = await _planned(care, home)
    assert planned is not None
    assert (planned.state, planned.agent_id) == ("due", None)
    kinds = await rows(care.cast, "SELECT kind FROM event WHERE kind = 'followup.raised'")
    await care.follow()
    assert len(kinds) == 1
    assert len(await rows(care.cast, "SELECT 1 FROM event WHERE kind = 'followup.raised'")) == 1


async def test_who_writes_is_not_silent(care: Care) -> None:
    home = await care.asked()
    await _pend(care, home)
    assert await care.asked("2") == home
    await care.follow()
    assert await _planned(care, home) is None
    assert (await card_of(care.cast, home)).clock is not None


async def test_a_date_comes_whatever_they_write_and_opens_what_was_resolved(care: Care) -> None:
    home = await care.asked()
    await _plan(care, home, days=3)
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await resolve(work, home, "solved", "The refund is under way")
    await care.follow()
    care.cast.time.pass_(days=3)
    await care.follow()
    card = await card_of(care.cast, home)
    assert card.status == "open"
    [line] = await rows(care.cast, "SELECT text FROM message WHERE text LIKE 'Follow up now%'")
    assert line["text"] == "Follow up now: Did the refund come?"
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await resolve(work, home, "solved", "It came")
    await care.follow()
    assert await _planned(care, home) is None


async def test_two_open_ones_of_a_person_never_come_of_it(care: Care) -> None:
    home = await care.asked()
    await _plan(care, home, days=3)
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await resolve(work, home, "solved", "Done")
    other = await care.asked("2")
    assert other != home
    care.cast.time.pass_(days=3)
    await care.follow()
    assert (await card_of(care.cast, home)).status == "resolved"
    planned = await _planned(care, home)
    assert planned is not None
    assert planned.state == "due"


async def test_an_agents_plan_stands_in_place_of_the_rules(care: Care) -> None:
    home = await care.asked()
    await _pend(care, home)
    mine = await _plan(care, home, kind="silence", days=2)
    planned = await _planned(care, home)
    assert planned == mine
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await follow_ups.drop(work, home)
        with pytest.raises(NotFound):
            await follow_ups.drop(work, home)


async def test_merged_away_it_is_dropped(care: Care) -> None:
    home = await care.asked()
    await _plan(care, home, days=1)
    other = await care.asked("2", author=DAVE)
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await merge(work, home, other)
    care.cast.time.pass_(days=1)
    await care.follow()
    assert await _planned(care, home) is None
    assert (await card_of(care.cast, home)).status == "resolved"


async def test_odd_plans_are_refused(care: Care) -> None:
    home = await care.asked()
    for days in (-1, 400):
        with pytest.raises(Refused, match="future"):
            await _plan(care, home, days=days)
    with pytest.raises(Refused, match="answer first"):
        await _plan(care, home, kind="silence", days=1)
    with pytest.raises(Refused, match="date or silence"):
        await _plan(care, home, kind="never", days=1)


async def test_whatever_is_done_nothing_is_forgotten(care: Care) -> None:
    first, second = await care.asked("1", author=DAVE), await care.asked("2")
    await care.follow()
    assert await rows(care.cast, FORGOTTEN) == []
    await _pend(care, first)
    await _settled(care, second)
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await snooze(work, second, None, on_reply=True)
    await care.follow()
    assert await rows(care.cast, FORGOTTEN) == []
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await resolve(work, first, "solved")
        await reopen(work, first)
    await care.follow()
    assert await rows(care.cast, FORGOTTEN) == []


async def test_erased_nothing_is_planned_with_them_any_more(care: Care) -> None:
    home = await care.asked()
    await _plan(care, home, days=3)
    contact = (await card_of(care.cast, home)).contact.id
    async with care.cast.works.open(care.cast.workspace_id, care.cast.alice) as work:
        told = await export_person(work.db, work.workspace_id, contact)
        assert told["follow_ups"][0]["note"] == "Did the refund come?"
        await erase_person(work, contact)
    care.cast.time.pass_(days=4)
    await care.follow()
    assert await _planned(care, home) is None
    assert await rows(care.cast, "SELECT 1 FROM event WHERE kind = 'followup.raised'") == []
