"""Search: words in any script, beginnings, pages that lose nothing, and hostile questions."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earful.desk.search import PAGE, Found, _weigh, search
from earful.kit.paging import BadToken, to_token
from earful.kit.search import Query, query, words
from tests.cast import DAVE, START, Cast, post
from tests.desk.acts import take


async def find(cast: Cast, asked: str, inboxes: Any = None, **more: Any) -> Found:
    """Search as the API does."""
    async with cast.database.snapshot() as db:
        return await search(db, cast.workspace_id, inboxes, asked, cast.time(), **more)  # type: ignore[arg-type]


async def ids(cast: Cast, asked: str, **more: Any) -> list[str]:
    return [hit.message["text"] for hit in (await find(cast, asked, **more)).items]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("My router is broken", "ROUTER broken"),
        ("My router is broken", "rout"),
        ("Straße gesperrt", "STRASSE"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("我的路由器坏了", "路由器"),
        ("我的路由器坏了", "路由"),
        ("インターネットが遅い", "ネット"),
        ("인터넷이 너무 느려요", "인터넷"),
        ("อินเทอร์เน็ตช้ามาก", "ช้ามาก"),
        ("my 路由器 is broken", "路由器 broken"),
        ("我的路由器坏了", "路"),
        ("我的路由器坏了", "了"),
        ("배송이 아직 안 왔어요", "안 왔"),
        ("배송이 아직 안 왔어요", "안 배송"),
        ("הנתב שלי מקולקל", "מקולקל"),
        ("order #4711-B", "4711"),
        ("write to a@b.example", "b.example"),
        ("it's C++ & Go", "c++"),
    ],
)
async def test_words_are_found_in_any_script(cast: Cast, text: str, asked: str) -> None:
    await take(cast, post("1", text), post("2", "nothing of the kind", author=DAVE))
    assert await ids(cast, asked) == [text]


async def test_all_words_are_asked_for_and_names_too(cast: Cast) -> None:
    await take(cast, post("1", "red router"), post("2", "red phone", author=DAVE))
    assert await ids(cast, "red router") == ["red router"]
    assert await ids(cast, "router phone") == []
    assert await ids(cast, "carol") == ["red router"]


async def test_only_a_finished_word_is_whole(cast: Cast) -> None:
    await take(cast, post("1", "cancellation"))
    assert len(await ids(cast, "cancel")) == 1
    assert await ids(cast, "cancel ") == []


async def test_pages_lose_nothing_of_one_moment(cast: Cast) -> None:
    """A batch of posts is received in one instant; the page's edge falls inside it."""
    people = [DAVE.__class__(f"p{n}", f"p{n}", "") for n in range(PAGE + 7)]
    await take(cast, *(post(str(n), f"needle {n}", author=who) for n, who in enumerate(people)))
    cast.time.pass_(days=30)
    await take(cast, post("late", "needle late"))
    first = await find(cast, "needle")
    assert (len(first.items), first.items[0].message["text"]) == (PAGE, "needle late")
    second = await find(cast, "needle", after=first.next)
    found = {hit.message["id"] for hit in (*first.items, *second.items)}
    assert (len(found), second.next, second.complete) == (PAGE + 8, None, True)


async def test_it_says_which_period_it_searched(cast: Cast) -> None:
    await take(cast, post("1", "needle"))
    cast.time.pass_(days=100)
    found = await find(cast, "needle", since=cast.time() - timedelta(days=50))
    assert (found.items, found.complete) == ([], True)
    assert found.period["from"] == cast.time() - timedelta(days=50)
    naive = (START + timedelta(days=1)).replace(tzinfo=None)
    assert len((await find(cast, "needle", until=naive)).items) == 1


async def test_a_long_search_stops_says_so_and_goes_on(cast: Cast) -> None:
    """Each look at the clock finds it later than a search may take: one stretch at a time."""
    for week in range(40):
        await take(cast, post(str(week), "needle" if week % 13 == 0 else "hay"))
        cast.time.pass_(days=7)
    late = itertools.count()
    found: list[str] = []
    after, looks, searched = None, 0, cast.time() + timedelta(seconds=1)
    while True:
        page = await find(cast, "needle", after=after, timer=lambda: float(next(late)))
        found += [hit.message["id"] for hit in page.items]
        assert page.period["to"] == searched
        assert page.complete == (page.next is None)
        after, looks, searched = page.next, looks + 1, page.period["from"]
        if after is None:
            break
    assert (len(found), len(set(found))) == (4, 4)
    assert looks > 3


async def test_a_beginning_commoner_than_the_words_is_looked_for_in_their_messages(
    cast: Cast, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    people = [DAVE.__class__(f"p{n}", f"p{n}", "") for n in range(60)]
    await take(cast, *(post(str(n), f"problem {n}", author=who) for n, who in enumerate(people)))
    await take(cast, post("rare", "rare product"))
    await owner.execute("ANALYZE message")
    async with cast.database.acquire() as db:
        weighed = [
            await _weigh(db, asked)  # type: ignore[arg-type]
            for asked in (
                Query(("rare",), "pro"),
                Query(("problem",), "rar"),
                Query((), "pro"),
                Query(("problem",), ""),
            )
        ]
    assert [by for by, _ in weighed] == ["rare", "problem & rar:*", "pro:*", "problem"]
    assert weighed[0][1] < 0.1
    assert weighed[3][1] > 0.9
    assert await ids(cast, "rare pro") == ["rare product"]
    assert await ids(cast, "rare prob") == []


async def test_a_common_word_is_found_behind_a_burst_of_something_else(
    cast: Cast, owner: asyncpg.Connection[asyncpg.Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest messages do not hold it; a little further back it fills the page."""
    monkeypatch.setattr("earful.desk.search.WALK", 40)
    monkeypatch.setattr("earful.desk.search.FURTHER", 120)
    monkeypatch.setattr("earful.desk.search._INDEX", "SELECT 1 / 0")
    people = [DAVE.__class__(f"p{n}", f"p{n}", "") for n in range(100)]
    await take(cast, *(post(str(n), f"needle {n}", author=p) for n, p in enumerate(people[:60])))
    cast.time.pass_(minutes=1)
    await take(cast, *(post(f"b{n}", "burst", author=p) for n, p in enumerate(people[60:])))
    await owner.execute("ANALYZE message")
    assert len((await find(cast, "needle ")).items) == PAGE


async def test_inboxes_one_may_not_see_are_not_searched(cast: Cast) -> None:
    await take(cast, post("1", "needle"))
    assert (await find(cast, "needle", frozenset())).items == []
    assert len((await find(cast, "needle", frozenset({cast.channel.inbox_id}))).items) == 1


@pytest.mark.parametrize("asked", ["", "   ", "!!!", "& | !", "'", "\x00", "()", ":*", "\\"])
async def test_a_question_without_words_finds_nothing(cast: Cast, asked: str) -> None:
    await take(cast, post("1", "needle"))
    assert (await find(cast, asked)).items == []


@pytest.mark.parametrize("after", ["x", to_token(["2026-01-01T00:00:00", "x"]), to_token([1])])
async def test_a_token_that_is_not_ours_is_refused(cast: Cast, after: str) -> None:
    with pytest.raises(BadToken):
        await find(cast, "needle", after=after)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=st.text(max_size=60))
async def test_any_question_is_answered(cast: Cast, asked: str) -> None:
    async with cast.database.snapshot() as db:
        found = await search(db, cast.workspace_id, None, asked, cast.time())  # type: ignore[arg-type]
    assert found.items == []
    assert (query(asked) is None) == (words(asked) == [])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(min_size=1, max_size=40))
async def test_whatever_is_written_finds_itself(cast: Cast, text: str) -> None:
    """What is stored and what is asked are cut into words alike."""
    asked = query(text)
    if asked is None:
        return
    async with cast.database.acquire() as db:
        same = await db.fetchval(
            "SELECT to_tsvector('simple', $1) @@ $2::text::tsquery", " ".join(words(text)), asked
        )
    assert same
