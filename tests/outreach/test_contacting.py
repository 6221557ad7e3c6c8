"""Writing to strangers: off until it is turned on, once each, within caps, and kept."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from earful.composing.reply import Signer
from earful.desk.deliveries import undo
from earful.desk.privacy import erase_person, export_person
from earful.kit.refusal import NotFound, Refused
from earful.listening import mentions
from earful.networks.contract import Deletion, Person, Post
from earful.outreach import contacting, queue
from earful.outreach.contacting import Contacted, Writing
from earful.outreach.rules import Rules, keep_rules, list_rules
from tests.cast import CAROL, DAVE, START, Cast, post
from tests.desk.acts import answer, balanced, card_of, rows, said_anywhere, take
from tests.listening.test_mentions import Network, act, listed, look, overheard, save

ASKS = "Can anyone recommend a northwind like provider in London?"


async def turn_on(cast: Cast, **more: Any) -> None:
    await act(cast, keep_rules, "rehearsal", Rules(**{"on": True, **more}))


async def queued(cast: Cast) -> list[queue.Candidate]:
    page: queue.Page = await act(cast, queue.list_queue)
    return page.items


async def find(cast: Cast, *posts: Post, **more: Any) -> None:
    """A search for people to write to, which finds these."""
    await save(cast, "northwind (london OR place:london)", outreach=True, **more)
    await look(cast, Network(*posts))


async def write(
    cast: Cast, mention_id: str, text: str = "Hello, this is Northwind.", **more: Any
) -> Contacted:
    who = more.pop("who", cast.bob)
    signer = Signer(who.id, who.name, who.name.lower(), who.name[:2].upper(), more.pop("undo", 0))
    async with cast.works.open(cast.workspace_id, who) as work:
        return await contacting.contact(work, mention_id, Writing(text=text, **more), signer)


def asks(key: str, author: Person = CAROL, text: str = ASKS, **more: Any) -> Post:
    return overheard(key, text, author, **more)


async def test_it_is_off_until_it_is_turned_on(cast: Cast) -> None:
    await find(cast, asks("m1"))
    assert await queued(cast) == []
    [found] = (await listed(cast)).items  # it stays a mention like any other
    with pytest.raises(Refused, match="off on this network"):
        await act(cast, queue.put, found.id)
    with pytest.raises(Refused, match="no more"):
        await write(cast, found.id)
    await turn_on(cast)
    await act(cast, queue.put, found.id)
    await act(cast, queue.put, found.id)
    [one] = await queued(cast)
    assert (one.mention_id, one.refusal, one.reasons) == (
        found.id,
        "",
        ["asks the world for it", "speaks of london", "asks a question"],
    )
    await act(cast, queue.take_out, found.id)
    assert (await queued(cast), (await listed(cast)).items[0].id) == ([], found.id)


async def test_local_people_are_found_and_distant_ones_are_not(cast: Cast) -> None:
    await turn_on(cast)
    near = [asks(f"n{n}", Person(f"did:n{n}", f"n{n}.example")) for n in range(3)]
    far = [
        asks(f"f{n}", Person(f"did:f{n}", f"f{n}.example"), ASKS.replace("London", place))
        for n, place in enumerate(("Perth", "Londonderry", "Lyon"))
    ]
    await find(cast, *near, *far)
    assert sorted(one.external_id for one in await queued(cast)) == ["n0", "n1", "n2"]


async def test_one_writes_once_and_nobody_waits(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, asks("m1"))
    [one] = await queued(cast)
    done = await write(cast, one.mention_id)
    assert done.message.text == "Hello, this is Northwind. ^BO"
    card = await card_of(cast, done.conversation_id)
    assert (card.status, card.unanswered, card.clock, card.assignee_id) == (
        "pending",
        0,
        None,
        cast.bob.id,
    )
    assert await rows(cast, "SELECT 1 FROM clock") == []
    assert (await queued(cast), (await listed(cast)).items) == ([], [])
    with pytest.raises(Refused, match="no more"):
        await write(cast, one.mention_id)
    with pytest.raises(Refused, match="not answered yet"):
        await answer(cast, done.conversation_id, "And another thing")
    with pytest.raises(Refused, match="nothing private"):
        await answer(cast, done.conversation_id, "Psst", visibility="direct")
    [told] = await rows(cast, "SELECT * FROM event WHERE kind = 'outreach.contacted'")
    assert told["conversation_id"] == done.conversation_id
    await balanced(cast)


async def test_whoever_answers_is_a_customer_with_a_clock(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, asks("m1"))
    [one] = await queued(cast)
    home = (await write(cast, one.mention_id)).conversation_id
    await take(cast, post("back", "@Northwind oh, tell me more", parent_id="m1", root_id="m1"))
    card = await card_of(cast, home)
    assert (card.status, card.unanswered) == ("open", 1)
    assert card.clock is not None
    await answer(cast, home, "With pleasure")
    await balanced(cast)


async def test_a_second_contact_is_refused_on_whatever_post(cast: Cast) -> None:
    await turn_on(cast, quiet_days=30)
    await find(cast, asks("m1"), asks("m2", DAVE))
    by_key = {one.external_id: one for one in await queued(cast)}
    home = (await write(cast, by_key["m1"].mention_id)).conversation_id
    cast.time.pass_(days=2)
    await save(cast, "northwind recommend", name="More", outreach=True)
    again = asks("m3", text="northwind recommend something", published_at=cast.time.now)
    await look(cast, Network(again))
    [stays] = (await listed(cast)).items  # who was written to is not put into the queue again
    assert stays.external_id == "m3"
    with pytest.raises(Refused, match="open conversation"):
        await act(cast, queue.put, stays.id)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await work.db.execute(
            "UPDATE conversation SET status = 'resolved', disposition = 'no_reply_needed' "
            "WHERE id = $1",
            home,
        )
    with pytest.raises(Refused, match="did not answer"):
        await act(cast, queue.put, stays.id)


async def test_two_who_write_at_once_write_once(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, asks("m1"))
    [one] = await queued(cast)
    done = await asyncio.gather(
        *(write(cast, one.mention_id, who=who) for who in (cast.bob, cast.alice)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Contacted", "Refused"]
    assert len(await rows(cast, "SELECT 1 FROM delivery")) == 1


async def test_caps_hold_for_all_and_for_each(cast: Cast) -> None:
    await turn_on(cast, cap_day=3, cap_agent=2)
    await find(cast, *(asks(f"m{n}", Person(f"did:{n}", f"p{n}.example")) for n in range(5)))
    ids = [one.mention_id for one in await queued(cast)]
    await write(cast, ids[0])
    await write(cast, ids[1])
    with pytest.raises(Refused, match="You wrote to 2"):
        await write(cast, ids[2])
    await write(cast, ids[2], who=cast.alice)
    with pytest.raises(Refused, match="3 people were written to"):
        await write(cast, ids[3], who=cast.alice)
    async with cast.database.acquire() as db:
        [told] = await list_rules(db, cast.workspace_id, cast.time.now)
    assert (told.network, told.used, told.rules.cap_day) == ("rehearsal", 3, 3)
    cast.time.pass_(days=1, seconds=1)
    await write(cast, ids[3])


async def test_nobody_is_written_to_at_night_or_once_it_is_off(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, asks("m1"))
    [one] = await queued(cast)
    await turn_on(cast, quiet_from=START.hour, quiet_to=START.hour + 1)
    with pytest.raises(Refused, match="Nobody is written to from"):
        await write(cast, one.mention_id)
    await act(cast, keep_rules, "rehearsal", Rules())
    with pytest.raises(Refused, match="off"):
        await write(cast, one.mention_id)
    assert await rows(cast, "SELECT 1 FROM message") == []


async def test_who_wishes_to_be_left_alone_is(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, asks("m1"), asks("m2", text=f"{ASKS} Still"), asks("m3", DAVE))
    ones = {one.external_id: one.mention_id for one in await queued(cast)}
    await act(cast, contacting.leave_alone, ones["m1"])
    assert [one.external_id for one in await queued(cast)] == ["m3"]
    with pytest.raises(Refused, match="left alone"):
        await act(cast, queue.put, ones["m2"])
    await act(cast, contacting.write_again, ones["m1"])
    assert {one.external_id for one in await queued(cast)} == {"m1", "m3"}


async def test_what_was_written_in_the_networks_own_app_is_kept(cast: Cast) -> None:
    await turn_on(cast)
    barred = asks("m1", barred="No program may answer this one.")
    await find(cast, barred)
    [one] = await queued(cast)
    assert one.barred == "No program may answer this one."
    with pytest.raises(Refused, match="No program"):
        await write(cast, one.mention_id)
    assert await rows(cast, "SELECT 1 FROM conversation") == []
    with pytest.raises(Refused, match="https address"):
        await write(cast, one.mention_id, there=True, uri="javascript:alert(1)")
    done = await write(cast, one.mention_id, "Said there", there=True, uri="https://x.example/1")
    assert (done.message.text, done.message.uri) == ("Said there", "https://x.example/1")
    assert (await card_of(cast, done.conversation_id)).status == "pending"
    assert await rows(cast, "SELECT 1 FROM delivery") == []
    assert len(await rows(cast, "SELECT 1 FROM outreach_contact")) == 1


async def test_what_is_undone_may_be_said_better_once(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, asks("m1"))
    [one] = await queued(cast)
    done = await write(cast, one.mention_id, undo=30)
    [sent] = await rows(cast, "SELECT id FROM delivery")
    await act(cast, undo, sent["id"])
    await answer(cast, done.conversation_id, "Better said")
    with pytest.raises(Refused, match="not answered yet"):
        await answer(cast, done.conversation_id, "And again")


async def test_a_post_that_goes_takes_its_place_in_the_queue_along(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, asks("m1"))
    [one] = await queued(cast)
    await take(cast, Deletion(external_id="m1", at=START))
    assert await queued(cast) == []
    with pytest.raises(NotFound):
        await write(cast, one.mention_id)


async def test_what_is_dismissed_or_taken_in_leaves_the_queue(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, asks("m1"), asks("m2", DAVE))
    first, second = await queued(cast)
    await act(cast, mentions.dismiss, first.mention_id)
    await act(cast, mentions.take_in, second.mention_id)
    assert await queued(cast) == []
    with pytest.raises(Refused, match="conversation already"):
        await act(cast, queue.put, second.mention_id)


async def test_what_is_too_old_is_put_aside(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, asks("m1"))
    cast.time.pass_(days=8)
    assert await queued(cast) == []
    async with cast.database.acquire() as db:
        await queue.forget_old(db, now=cast.time.now)
    [gone] = await rows(cast, "SELECT state FROM mention")
    assert gone["state"] == "dismissed"


async def test_an_erased_person_is_told_all_then_gone_and_not_written_to(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, asks("m1"))
    [one] = await queued(cast)
    home = (await write(cast, one.mention_id)).conversation_id
    contact_id = (await card_of(cast, home)).contact.id
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        told = await export_person(work.db, cast.workspace_id, contact_id)
        assert [each["conversation_id"] for each in told["outreach"]] == [home]
        await erase_person(work, contact_id)
    assert await said_anywhere(cast, CAROL.external_id) == []
    cast.time.pass_(hours=1)
    await save(cast, "northwind recommend", name="More", outreach=True)
    later = asks("m9", text="northwind recommend something", published_at=cast.time.now)
    await look(cast, Network(later))
    assert await queued(cast) == []


async def test_pages_hold_while_the_queue_changes(cast: Cast) -> None:
    await turn_on(cast)
    await find(cast, *(asks(f"m{n}", Person(f"did:{n}", f"p{n}.example")) for n in range(9)))
    first = await act(cast, lambda work: queue.list_queue(work, limit=4))
    await act(cast, mentions.dismiss, first.items[1].mention_id)
    second = await act(cast, lambda work: queue.list_queue(work, limit=4, after=first.next))
    third = await act(cast, lambda work: queue.list_queue(work, limit=4, after=second.next))
    seen = [one.external_id for page in (first, second, third) for one in page.items]
    assert (sorted(seen), third.next) == ([f"m{n}" for n in range(9)], None)


@pytest.mark.parametrize(
    "change",
    [
        {"cap_day": 0},
        {"cap_day": 10_000_000},
        {"cap_agent": 21},
        {"quiet_days": 1},
        {"quiet_from": 24},
        {"quiet_to": -1},
        {"zone": "Mars/Olympus"},
    ],
)
async def test_rules_that_cant_be_are_refused(cast: Cast, change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await act(cast, keep_rules, "rehearsal", msgspec.structs.replace(Rules(), **change))
    with pytest.raises(NotFound):
        await act(cast, keep_rules, "email", Rules(on=True))
    assert await rows(cast, "SELECT 1 FROM outreach_rules") == []
