"""The picture of a day on the desk's own posts: figures are the posts behind them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from earful.desk.privacy import erase_person
from earful.desk.resolve import resolve
from earful.insights import drawing, showing
from earful.insights.reach import Reach, reach_of_conversation
from earful.insights.reading import MOST, SLICES
from earful.insights.table import to_csv
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound
from earful.networks.contract import Person, Visibility
from tests.cast import START, Cast, post
from tests.desk.acts import home_of, rows, take

TODAY = START.date()


def person(name: str) -> Person:
    return Person(f"did:{name}", f"{name}.example", name.title())


async def say(cast: Cast, name: str, text: str, author: str | None = None) -> None:
    """A post of its own conversation, received at the cast's time."""
    who = person(author or name)
    await take(cast, post(name, text, who, published_at=cast.time()))


async def draw_all(cast: Cast) -> int:
    drawn = 0
    while await drawing.draw_next(cast.works, cast.workspace_id, cast.time()):
        drawn += 1
    return drawn


async def picture(cast: Cast, span: Any = "day", inboxes: Any = None) -> showing.Picture:
    async with cast.database.acquire() as db:
        return await showing.load_picture(db, cast.workspace_id, inboxes, TODAY, span)


async def pages(cast: Cast, theme_id: str, inboxes: Any = None) -> list[showing.Sample]:
    found: list[showing.Sample] = []
    after = None
    while True:
        async with cast.database.acquire() as db:
            page = await showing.load_posts(
                db, cast.workspace_id, inboxes, theme_id, after=after, limit=2
            )
        found += page.items
        after = page.next
        if after is None:
            assert (page.posts, page.authors) == (
                len(found), len({one.author_handle for one in found}),
            )  # fmt: skip
            return found


async def the_day(cast: Cast) -> None:
    """Five people on parcels, one of them thrice; one on the weather; spam that says the same."""
    for name in ("ann", "ben", "cem", "dot", "eve"):
        await say(cast, name, f"@Northwind parcel lost again, greetings {name}")
        cast.time.pass_(minutes=1)
    for n in (2, 3):
        await say(cast, f"ann{n}", "parcel lost!!", author="ann")
    await say(cast, "sun", "what lovely weather")


async def test_figures_are_the_posts_behind_them(cast: Cast) -> None:
    await the_day(cast)
    assert await draw_all(cast) == 56
    assert await draw_all(cast) == 0, "nothing came in since"
    found = await picture(cast)
    assert (found.posts, found.read, found.authors) == (8, 8, 6)
    [theme] = found.items
    assert theme.label == "parcel lost"
    assert (theme.authors, theme.posts, theme.waiting, theme.trend) == (5, 7, 7, "new")
    assert len({one.author_handle for one in theme.samples}) == len(theme.samples) == 3
    listed = await pages(cast, theme.id)
    assert len(listed) == theme.posts
    assert len({one.author_handle for one in listed}) == theme.authors
    assert theme.oldest
    assert theme.oldest.author_handle == "ann.example"
    assert theme.oldest.at == START

    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await resolve(work, await home_of(cast, "ann"), "solved", "done")
    [after] = (await picture(cast)).items
    assert after.waiting == sum(one.unanswered for one in await pages(cast, theme.id)) == 4
    assert after.oldest
    assert after.oldest.author_handle == "ben.example"
    [line] = to_csv(found).decode("utf-8-sig").splitlines()[1:]
    assert line.startswith("parcel lost,5,7,0.0,new,")
    week = await picture(cast, "week")
    assert [(one.label, one.authors) for one in week.items] == [("parcel lost", 5)]


async def test_whom_it_may_have_reached_is_said_where_it_is_known(cast: Cast) -> None:
    for name, followers in (("ann", 2_000), ("ben", None), ("cem", 500)):
        who = Person(f"did:{name}", f"{name}.example", name.title(), followers=followers)
        for n in (1, 2):
            text = f"@Northwind parcel lost again, says {name}"
            await take(cast, post(f"{name}{n}", text, who, published_at=cast.time()))
    whisper = Person("did:dot", "dot.example", "Dot", followers=90_000)
    text = "parcel lost, says dot"
    await take(cast, post("dot", text, whisper, visibility=Visibility.DIRECT))
    await draw_all(cast)
    [theme] = (await picture(cast)).items
    assert theme.authors == 4
    assert theme.reach == Reach(2_500, 2, 3), "once each; what is private reaches nobody"
    [line] = to_csv(await picture(cast)).decode("utf-8-sig").splitlines()[1:]
    assert line.endswith(",2500,2")
    homes = [await home_of(cast, one) for one in ("ann1", "ben1", "dot")]
    async with cast.database.acquire() as db:
        found = [await reach_of_conversation(db, cast.workspace_id, home) for home in homes]
    assert found == [Reach(2_000, 1, 1), Reach(None, 0, 1), Reach(None, 0, 0)]


async def test_its_mood_stands_beside_that_of_before(cast: Cast) -> None:
    await the_day(cast)
    await draw_all(cast)
    await judged(cast, 0.5)
    cast.time.pass_(days=1)
    for name in ("gus", "hal", "ivy"):
        await say(cast, name, f"parcel lost, says {name}")
    await draw_all(cast)
    await judged(cast, -0.5)
    async with cast.database.acquire() as db:
        day = TODAY + timedelta(days=1)
        found = await showing.load_picture(db, cast.workspace_id, None, day, "day")
    [after] = found.items
    assert (after.authors, after.sentiment, after.sentiment_before) == (3, -0.5, 0.5)
    [before] = (await picture(cast)).items
    assert (before.sentiment, before.sentiment_before) == (0.5, None)


async def judged(cast: Cast, sentiment: float) -> None:
    """All posts that were not judged yet were in this mood."""
    await rows(
        cast,
        """INSERT INTO judgement (workspace_id, message_id, kind, sentiment, urgency, severity,
             language, shaming, sensitive, entities, reasons, model, judged_at)
           SELECT workspace_id, id, 'complaint', $1, 'none', 3, 'en', '', '', '[]', '{}', 'shipped',
             received_at FROM message ON CONFLICT DO NOTHING""",
        sentiment,
    )


async def test_it_is_renewed_where_something_came_in_and_keeps_its_ids(cast: Cast) -> None:
    await the_day(cast)
    await draw_all(cast)
    [before] = (await picture(cast)).items
    await say(cast, "fay", "parcel lost too")
    await rows(cast, "UPDATE message SET disposition = 'spam' WHERE external_id = 'ben'")
    assert [one.posts for one in (await picture(cast)).items] == [6], "spam is in no figure"
    cast.time.pass_(minutes=6)
    assert await draw_all(cast) == 1, "today, and no week so soon"
    [after] = (await picture(cast)).items
    assert (after.id, after.authors, after.posts) == (before.id, 5, 7)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        [row] = await rows(cast, "SELECT author_id FROM message WHERE external_id = 'cem'")
        await erase_person(work, row["author_id"])
    assert [one.posts for one in (await picture(cast)).items] == [6], "nor is who was erased"


async def test_nobody_sees_posts_of_an_inbox_that_is_not_theirs(cast: Cast) -> None:
    await the_day(cast)
    await draw_all(cast)
    assert (await picture(cast, inboxes=frozenset({new_id()}))).items == []
    [theme] = (await picture(cast, inboxes=frozenset({cast.channel.inbox_id}))).items
    with pytest.raises(NotFound):
        await pages(cast, theme.id, inboxes=frozenset({new_id()}))


async def test_a_flood_is_read_in_part_and_says_so(cast: Cast) -> None:
    await the_day(cast)
    await rows(
        cast,
        """INSERT INTO message (workspace_id, id, conversation_id, direction, visibility,
             author_kind, author_name, author_handle, text, published_at, received_at)
           SELECT $1, gen_random_uuid(), $2, 'incoming', 'public', 'contact', 'x', 'x' || n,
             'parcel lost again', $3, $3 FROM generate_series(1, 500) AS n""",
        cast.workspace_id, await home_of(cast, "ann"), START,
    )  # fmt: skip
    await draw_all(cast)
    found = await picture(cast)
    assert (found.posts, found.read) == (508, MOST // SLICES)
    [theme] = found.items
    assert theme.posts == len(await pages(cast, theme.id))
