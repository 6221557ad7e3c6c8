"""Alike posts fold in the list: the gravest first, nobody dropped, nothing changed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from earful.desk.common import change
from earful.desk.views import STANDING, Filter
from earful.folding.hearing import JOINED_FOR, fold, forget_old
from earful.folding.listing import READ, Fold, Folds, Shown, Unfolded, front, list_folds, unfold
from earful.judgements.hearing import AT_ONCE, KINDS, READER
from earful.kit.paging import BadToken
from earful.kit.refusal import Refused
from earful.networks.contract import Person
from earful.stream.reader import read_on
from tests.cast import DAVE, Cast, post
from tests.desk.acts import answer, balanced, card_of, home_of, rows, take

DOWN = "@Northwind my internet is down for the third day, nobody answers the phone"
NEXT = STANDING["next"]


async def hear(cast: Cast) -> None:
    while True:
        async with cast.works.open(cast.workspace_id) as work:
            events = await read_on(work, READER, KINDS, AT_ONCE)
            await fold(work, events or [])
        if not events:
            return


async def folds(cast: Cast, asked: Filter = NEXT, **more: Any) -> Folds:
    assert cast.bob.id is not None
    async with cast.database.acquire() as db:
        return await list_folds(db, Shown(cast.workspace_id, cast.bob.id, None, asked), **more)


async def all_folds(cast: Cast, limit: int = 200) -> list[Fold]:
    page = await folds(cast, limit=limit)
    found = list(page.items)
    while page.next:
        page = await folds(cast, limit=limit, after=page.next)
        found.extend(page.items)
    return found


async def inside(cast: Cast, fold_id: str, **more: Any) -> Unfolded:
    assert cast.bob.id is not None
    async with cast.database.acquire() as db:
        return await unfold(db, Shown(cast.workspace_id, cast.bob.id, None, NEXT), fold_id, **more)


async def grave(cast: Cast, external_id: str, severity: int) -> str:
    home = await home_of(cast, external_id)
    async with cast.works.open(cast.workspace_id) as work:
        await change(work, home, severity=severity)
    return home


def author(n: int) -> Person:
    return Person(f"did:{n}", f"p{n}.example", f"Person {n}")


async def test_the_gravest_stands_for_all_who_say_the_same(cast: Cast) -> None:
    dress = ["{}", "RT @p0.example: {}", "{} 😡 https://example.org/x", "{}!!!"]
    posts = [post(f"p{n}", dress[n % 4].format(DOWN), author(n)) for n in range(8)]
    await take(cast, *posts, post("d", "@Northwind when do you open on Sunday morning?", DAVE))
    await hear(cast)
    graver = await grave(cast, "p5", 2)
    page = await folds(cast)
    assert [(one.conversations, one.people) for one in page.items] == [(8, 8), (1, 1)]
    many, alone = page.items
    assert (many.card.id, many.card.severity, many.severities[1]) == (graver, 2, 1)
    assert sum(many.severities) == 8
    assert (alone.id, page.conversations, page.whole, page.advised) == (None, 9, True, False)
    assert many.id is not None
    first = await inside(cast, many.id, limit=3)
    assert first.items[0].id == graver
    seen, page_ = [card.id for card in first.items], first
    while page_.next:
        page_ = await inside(cast, many.id, limit=3, after=page_.next)
        seen += [card.id for card in page_.items]
    assert sorted(seen) == sorted([await home_of(cast, f"p{n}") for n in range(8)])
    assert {(await card_of(cast, one)).unanswered for one in seen} == {1}
    await balanced(cast)


async def test_a_life_at_risk_is_under_nobody(cast: Cast) -> None:
    await take(cast, *(post(f"p{n}", DOWN, author(n)) for n in range(4)))
    await hear(cast)
    home = await grave(cast, "p3", 1)
    items = (await folds(cast)).items
    assert [(one.card.id == home, one.conversations) for one in items] == [(True, 1), (False, 3)]


async def test_who_waits_with_two_things_stands_alone_until_one_is_left(cast: Cast) -> None:
    await take(cast, *(post(f"p{n}", DOWN, author(n)) for n in range(3)))
    await hear(cast)
    home = await home_of(cast, "p0")
    await take(cast, post("q", "@Northwind and refund my last invoice, it is wrong", author(0)))
    assert await home_of(cast, "q") == home
    await hear(cast)
    assert sorted(one.conversations for one in (await folds(cast)).items) == [1, 2]
    await take(cast, post("r", DOWN, author(0)))
    await hear(cast)
    assert sorted(one.conversations for one in (await folds(cast)).items) == [1, 2]


async def test_who_was_answered_leaves_the_fold(cast: Cast) -> None:
    await take(cast, *(post(f"p{n}", DOWN, author(n)) for n in range(3)))
    await hear(cast)
    [one] = (await folds(cast)).items
    await rows(
        cast,
        "UPDATE conversation SET status = 'resolved', disposition = 'answered' WHERE id = $1",
        await home_of(cast, "p0"),
    )
    assert (await folds(cast)).items[0].conversations == 2
    await answer(cast, await home_of(cast, "p1"))
    assert one.id is not None
    assert len((await inside(cast, one.id)).items) == 2  # not sent yet: still owed


async def test_a_front_of_a_moment_ago_loses_nobody(cast: Cast) -> None:
    others = ("when do you open on Sunday", "my invoice is wrong twice", "roaming costs too much")
    await take(
        cast,
        *(post(f"p{n}", DOWN, author(n)) for n in range(8)),
        *(post(f"q{n}", f"@Northwind {text}", author(20 + n)) for n, text in enumerate(others)),
    )
    await hear(cast)
    first_of_all = await grave(cast, "p0", 2)
    assert cast.bob.id is not None
    shown = Shown(cast.workspace_id, cast.bob.id, None, NEXT)
    async with cast.database.acquire() as db:
        kept, short = await front(db, shown), await front(db, shown, size=2)
    assert ([row.conversations for row in kept.rows], short.more) == ([8, 1, 1, 1], True)
    assert kept.rows[0].faces[0] == first_of_all
    gone = "UPDATE conversation SET status = 'resolved', disposition = 'solved' WHERE id = $1"
    await rows(cast, gone, first_of_all)
    await rows(cast, gone, kept.rows[1].faces[0])
    async with cast.database.acquire() as db:
        page = await list_folds(db, shown, kept)
        # The next of the fold stands for it; who stood alone and is settled is gone.
        assert [one.card.id for one in page.items] == [
            kept.rows[0].faces[1], *(row.faces[0] for row in kept.rows[2:])
        ]  # fmt: skip
        seen, after = [], None
        while True:
            part = await list_folds(db, shown, short, after=after, limit=1)
            seen += [one.card.id for one in part.items]
            after = part.next
            if after is None:
                break
        assert seen == [one.card.id for one in page.items]
        settled = [*kept.rows[0].faces, kept.rows[1].faces[0]]
        for one in kept.rows[0].faces:
            await rows(cast, gone, one)
        left = await list_folds(db, shown, kept)
        assert len([one for one in left.items if one.card.id not in settled]) == 3


async def test_a_fold_takes_nobody_in_after_a_week_and_goes(cast: Cast) -> None:
    await take(cast, post("p1", DOWN, author(1)))
    await hear(cast)
    now = cast.time.pass_(days=JOINED_FOR.days + 1)
    await take(cast, post("p2", DOWN, author(2), published_at=now))
    await hear(cast)
    assert [one.conversations for one in (await folds(cast)).items] == [1, 1]
    await take(cast, post("p3", DOWN, author(3), published_at=now))
    await hear(cast)
    assert sorted(one.conversations for one in (await folds(cast)).items) == [1, 2]
    async with cast.database.transaction() as db:
        await forget_old(db, now=now)
    assert len(await rows(cast, "SELECT 1 FROM fold")) == 1


async def test_a_hundredfold_day_stays_short_and_whole(cast: Cast) -> None:
    day = [
        f"{word} {rest}"
        for word in ("Northwind", "Tariff", "Router", "Invoice", "Roaming")
        for rest in (
            "stopped working this morning in our whole street",
            "costs twice what the shop told my mother last week",
            "arrived broken yesterday and returns page shows errors",
            "was promised for Monday, courier never came, third time",
        )
    ]
    for turn in range(100):
        people = [author(turn * 100 + n) for n in range(len(day))]
        await take(
            cast, *(post(f"{turn}-{n}", f"{text} 😡" if turn % 2 else text, people[n])
                    for n, text in enumerate(day)),
        )  # fmt: skip
    worst = await grave(cast, "77-3", 2)
    await hear(cast)
    found = await all_folds(cast, limit=7)
    assert len(found) <= len(day)
    assert sum(one.conversations for one in found) == 2000
    assert sum(one.people for one in found) == 2000
    assert found[0].card.id == worst
    assert [one.card.severity for one in found] == sorted(one.card.severity for one in found)
    page = await folds(cast)
    assert (page.conversations, page.whole, page.advised) == (2000, True, True)
    await balanced(cast)


async def test_fifty_thousand_people_are_one_row(cast: Cast) -> None:
    await take(cast, post("p0", DOWN, author(0)), post("d", "@Northwind shop closed? why", DAVE))
    await hear(cast)
    await rows(cast, _CROWD, await home_of(cast, "p0"), READ - 2)
    worst = await grave(cast, "p0", 2)
    page = await folds(cast)
    assert [(one.conversations, one.people) for one in page.items] == [(READ - 1,) * 2, (1, 1)]
    assert (page.items[0].card.id, page.whole, page.advised) == (worst, True, True)
    assert page.items[0].id is not None
    assert len((await inside(cast, page.items[0].id, limit=200)).items) == 200
    await rows(cast, _CROWD, worst, 5)
    more = await folds(cast)
    assert (more.conversations, more.whole) == (READ, False)


async def test_several_workers_fold_each_post_once(cast: Cast) -> None:
    await take(cast, *(post(f"p{n}", DOWN, author(n)) for n in range(30)))
    await asyncio.gather(*(hear(cast) for _ in range(4)))
    await hear(cast)
    assert [one.conversations for one in (await folds(cast)).items] == [30]
    assert len(await rows(cast, "SELECT 1 FROM fold")) == 1


async def test_what_cannot_be_folded_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="open"):
        await folds(cast, STANDING["resolved"])
    with pytest.raises(BadToken):
        await folds(cast, after="x")
    assert (await folds(cast)).items == []


_CROWD = """
WITH one AS (SELECT * FROM conversation WHERE id = $1),
made AS (
  INSERT INTO conversation (workspace_id, id, inbox_id, channel_id, network, severity, contact_id,
    contact_name, contact_handle, unanswered, opened_at, last_message_at, due_at, clock_started_at)
  SELECT workspace_id, uuidv7(), inbox_id, channel_id, network, 4, uuidv7(), 'P', 'p', 1, opened_at,
    last_message_at, due_at, clock_started_at FROM one, generate_series(1, $2::int)
  RETURNING workspace_id, id)
INSERT INTO folded (workspace_id, conversation_id, fold_id, kept_at)
SELECT made.workspace_id, made.id, f.fold_id, f.kept_at FROM made, folded f
WHERE f.conversation_id = $1
"""
