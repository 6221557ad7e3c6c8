"""Planted themes come out on top; one who writes fifty times counts once; the same in any order."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from earful.insights.phrases import fingerprint, parts_of, singles, together
from earful.insights.suspecting import Written, suspected
from earful.insights.themes import LEAST, Post, find_themes, means, trend_of
from tests.cast import START
from tests.insights.corpus import PLANTED, day

BEFORE = [find_themes(day(seed, planted=False), {}).counts for seed in range(14)]
USUAL = means(BEFORE, 1)


def test_planted_themes_come_out_on_top() -> None:
    themes = find_themes(day(99, planted=True), USUAL).themes
    top = themes[: len(PLANTED)]
    for label in PLANTED:
        [theme] = [one for one in top if label in one.phrases]
        assert theme.authors == 18
        assert len(theme.posts) == 18
        assert trend_of(theme.authors, theme.usual) == "new"
    assert len({post for theme in top for post in theme.posts}) == 54, "no post is in two of them"


def test_what_is_said_every_day_weighs_less_than_what_is_new() -> None:
    themes = find_themes(day(99, planted=True, each=8), USUAL).themes
    assert len(themes) > 3
    assert [trend_of(one.authors, one.usual) for one in themes[:3]] == ["new"] * 3
    assert all(any(word in " ".join(one.phrases) for one in themes[:3])
               for word in ("booking", "riverside", "aufzug"))  # fmt: skip
    daily = [one for one in themes if "refund" in " ".join(one.phrases)]
    assert all(trend_of(one.authors, one.usual) in ("steady", "falling") for one in daily)


def test_one_author_fifty_times_counts_once() -> None:
    posts = day(99, planted=True)
    loud = [Post(f"loud-{n:02}", "loud", "Purple elephants everywhere") for n in range(50)]
    assert find_themes([*posts, *loud], USUAL).themes == find_themes(posts, USUAL).themes
    few = [Post(f"few-{n}", f"few-{n}", "Purple elephants everywhere") for n in range(LEAST - 1)]
    [theme] = [
        one
        for one in find_themes([*posts, *loud, *few], USUAL).themes
        if one.label == "purple elephants everywhere"
    ]
    assert (theme.authors, len(theme.posts)) == (3, 52)


def test_the_same_posts_in_any_order_have_the_same_themes() -> None:
    posts = day(99, planted=True)
    mixed = posts[::-1]
    random.Random(3).shuffle(mixed)  # noqa: S311 - no secret
    assert find_themes(mixed, USUAL) == find_themes(posts, USUAL)
    assert find_themes([], USUAL).themes == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@northwind my PARCEL is lost https://x.example/1", {"parcel", "lost"}),
        ("Northwind, wo ist mein Paket?", {"paket"}),
        ("Mi pedido no llegó", {"pedido", "llegó"}),
        ("返金してください", {"返金", "金し", "して", "てく", "くだ", "ださ", "さい"}),
        ("p\u0301\u0302\u0303\u0304\u0305a\u0301\u0302\u0303rcel 123 carol@example.org", None),
        ("", set()),
        ("!!! 1234 99,50", set()),
    ],
)
def test_words_that_name_something(text: str, words: set[str] | None) -> None:
    found = singles(parts_of(text, {"northwind"}))
    if words is None:
        assert not any("carol" in word or "123" in word for word in found)
    else:
        assert found == words


def test_words_stand_together_only_within_a_part() -> None:
    parts = parts_of("Booking app crashed. Refund please")
    kept = {"booking", "app", "crashed", "refund"}
    assert together(parts, kept) == {"booking app", "app crashed", "booking app crashed"}


def written(author: str, text: str, *, days_known: float | None = 0) -> Written:
    since = None if days_known is None else START - timedelta(days=days_known)
    return Written(author, text, START, since)


@pytest.mark.parametrize(
    ("posts", "why"),
    [
        ([written("a", f"I hate it {n}") for n in range(50)], ["one_author"]),
        ([written(f"n{n}", "Everybody leave Northwind now!") for n in range(6)], ["same_text"]),
        ([written(f"o{n}", "Everybody leave Northwind now!", days_known=90) for n in range(6)], []),
        ([written(f"n{n}", "where is it") for n in range(6)], []),
        ([written(f"n{n}", f"my order number {'x' * n} is late") for n in range(6)], []),
        ([written(f"u{n}", "Everybody leave it now", days_known=None) for n in range(6)], []),
        ([], []),
    ],
)
def test_what_may_be_arranged_is_said(posts: list[Written], why: list[str]) -> None:
    assert suspected(posts) == why


def test_whom_they_name_makes_no_other_text() -> None:
    one = fingerprint("@a Everybody leave Northwind now! https://x.example/1")
    assert one == fingerprint("@b everybody LEAVE northwind now https://x.example/2") != ""
