"""Observations rolled up: each figure is as many as the posts behind it, an author counts once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from earful.insights import rolling
from earful.insights.rolling import Behind, By, RollUp, behind, roll_up
from earful.judgements.hearing import AT_ONCE, KINDS, READER, hear
from earful.networks.contract import Person
from earful.stream.reader import read_on
from tests.cast import CAROL, DAVE, START, Cast, post
from tests.desk.acts import take

SAID = (
    (CAROL, "@Northwind my parcel is late again, and the delivery fee is outrageous"),
    (CAROL, "@Northwind another parcel lost, useless delivery"),
    (DAVE, "@Northwind thank you, the delivery was perfect!"),
    (Person("e", "erin", "Erin"), "@Northwind my iPhone 12 is broken"),
    (Person("f", "finn", "Finn"), "@Northwind the IPHONE 12 is great, love it"),
    (Person("g", "gus", "Gus"), "@Northwind hello there"),
)
TODAY = (START.date(), START.date())


async def said(cast: Cast) -> None:
    for n, (who, text) in enumerate(SAID):
        await take(cast, post(f"o{n}", text, who, published_at=START + timedelta(seconds=n)))
    async with cast.works.open(cast.workspace_id) as work:
        await hear(work, await read_on(work, READER, KINDS, AT_ONCE) or [])


async def shares(cast: Cast, by: By, **more: Any) -> RollUp:
    days = more.get("days", TODAY)
    async with cast.database.acquire() as db:
        return await roll_up(db, cast.workspace_id, more.get("inboxes"), days, by)


async def those(cast: Cast, by: By, name: str) -> Behind:
    async with cast.database.acquire() as db:
        return await behind(db, cast.workspace_id, None, TODAY, by=by, name=name)


async def test_every_figure_is_as_many_as_the_posts_behind_it(cast: Cast) -> None:
    await said(cast)
    for by in ("aspect", "product", "site", "place"):
        found = await shares(cast, by)
        assert found.whole
        assert found.looked_at == len(SAID)
        counted: set[str] = set()
        for share in found.items:
            posts = await those(cast, by, share.name)
            assert posts.posts == len(posts.items) == share.posts
            assert share.bad + share.good <= share.posts
            assert share.people <= share.posts
            counted |= {one.message_id for one in posts.items}
        assert len(counted) == found.said


async def test_who_says_it_twice_is_one_of_the_people(cast: Cast) -> None:
    await said(cast)
    delivery = next(one for one in (await shares(cast, "aspect")).items if one.name == "delivery")
    assert (delivery.posts, delivery.people) == (3, 2)
    assert (delivery.bad, delivery.good) == (2, 1)


async def test_names_that_differ_in_case_are_one(cast: Cast) -> None:
    await said(cast)
    [phone] = (await shares(cast, "product")).items
    assert (phone.posts, phone.people) == (2, 2)
    assert (await those(cast, "product", "iphone 12")).posts == 2


async def test_other_days_and_inboxes_have_none_of_it(cast: Cast) -> None:
    await said(cast)
    before = (date(2026, 1, 1), date(2026, 1, 2))
    assert (await shares(cast, "aspect", days=before)).items == []
    assert (await shares(cast, "aspect", inboxes=frozenset())).items == []
    assert (await those(cast, "aspect", "nothing of the kind")).posts == 0


async def test_a_busy_week_says_that_it_was_not_read_whole(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling, "MOST_POSTS", 4)
    monkeypatch.setattr(rolling, "AT_ONCE", 1)
    await said(cast)
    found = await shares(cast, "product")
    assert (found.whole, found.looked_at) == (False, 4)
    posts = await those(cast, "product", "iPhone 12")
    assert (len(posts.items), posts.posts) == (1, 2)
