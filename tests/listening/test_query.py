"""The language of searches: read, written back, matched; and what is refused, where and why."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earful.listening.matching import alike, found_words, matches, prepare
from earful.listening.query import And, BadSearch, Near, Node, Not, Or, Term, read, write
from earful.listening.ways import MOST, doubts, slips, ways, without

WORDS = st.sampled_from(
    ["northwind", "router", "broken", "fiber", "or", "zürich", "ナイキ", "acme"]
)
TERMS: st.SearchStrategy[Node] = st.one_of(
    WORDS.map(lambda word: Term("word", (word.replace("ü", "u"),))),
    st.tuples(WORDS, WORDS).map(
        lambda pair: Term("phrase", tuple(word.replace("ü", "u") for word in pair))
    ),
    st.just(Term("tag", ("northwindfail",))),
    st.just(Term("like", ("northwind",))),
    st.just(Term("url", ("northwind.example",))),
    st.just(Near(Term("word", ("router",)), Term("word", ("broken",)), 3)),
)
ANCHOR = Term("word", ("northwind",))
NODES: st.SearchStrategy[Node] = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        inner.filter(lambda node: not isinstance(node, Not)).map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: _flat(And, some)),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: _flat(Or, some)),
    ),
    max_leaves=6,
)
TEXTS = st.lists(
    st.sampled_from(
        ["Northwind", "router", "is", "broken", "nortwind", "#NorthwindFail", "Zürich", "fiber",
         "https://shop.northwind.example/a", "ナイキの靴", "or", "ACME,"]
    ),
    max_size=12,
).map(" ".join)  # fmt: skip


def _flat(kind: Any, parts: list[Node]) -> Node:
    found: list[Node] = []
    for part in parts:
        found.extend(part.of if isinstance(part, kind) else (part,))
    made: Node = kind(tuple(found))
    return made


@given(NODES)
def test_what_is_written_is_read_as_the_same(node: Node) -> None:
    whole = And((ANCHOR, *(node.of if isinstance(node, And) else (node,))))
    assert read(write(whole)) == whole


@given(NODES, NODES, TEXTS)
def test_or_and_and_not_mean_what_they_say(one: Node, other: Node, text: str) -> None:
    seen = prepare(text)
    first, second = matches(one, seen), matches(other, seen)
    assert matches(And((one, other)), seen) == (first and second)
    assert matches(Or((one, other)), seen) == (first or second)
    assert matches(Not(one), seen) != first


@settings(deadline=None)
@given(NODES, TEXTS)
def test_a_network_asked_by_words_is_asked_for_all_that_matches(node: Node, text: str) -> None:
    """Whatever a search finds has all the words of one of its ways, but for likeness."""
    seen = prepare(text)
    try:
        asked = ways(node)
    except BadSearch:
        return
    if "like" in str(node) or not matches(node, seen):
        return
    assert any(all(matches(_asked(word), seen) for word in way) for way in asked)


def _asked(word: str) -> Node:
    if word.startswith("#"):
        return Term("tag", (word[1:],))
    if word.startswith("url:"):
        return Term("url", (word[4:],))
    words = tuple(word.split())
    return Or((Term("phrase", words), Term("word", ("".join(words),))))


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_search_or_an_error_with_its_place(text: str) -> None:
    try:
        node = read(text)
    except BadSearch as error:
        told, at = error.words, error.at
    else:
        told, at = "read", 0
        assert read(write(node)) == node
        matches(node, prepare(text))
    assert told
    assert 0 <= at <= len(text)


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("", 0, "Name at least one word"),
        ("the", 0, "Nearly everything"),
        ("x", 0, "Nearly everything"),
        ("-northwind", 0, "Nearly everything"),
        ("northwind OR lang:en", 0, "Nearly everything"),
        ("northwind OR NOT acme", 0, "Nearly everything"),
        ("*", 0, "at least 3 letters"),
        ("no*", 0, "at least 3 letters"),
        ("~acme", 0, "at least 5 letters"),
        ("northwind (router", 10, "never closed"),
        ("northwind router)", 16, "never opened"),
        ('northwind "router', 10, "never closed"),
        ("northwind OR", 12, "missing at the end"),
        ("northwind AND OR router", 14, "missing before OR"),
        ("northwind NEAR/99 router", 10, "1 to 20"),
        ("northwind NEAR (a OR b)", 10, "between two words"),
        ("northwind lang:klingon", 10, "language's code"),
        ("northwind url:nowhere", 10, "takes a domain"),
        ("northwind place:Nowheresville", 10, "No place called “Nowheresville”"),
        ('northwind place:"New York', 16, "never closed"),
        ('northwind place:""', 10, "No place called"),
        ("(" * 13 + "northwind" + ")" * 13, 12, "At most 12"),
        ("northwind " + "a " * 60, 128, "at most 60"),
        ("n" * 1001, 1000, "at most 1000"),
        ("!!! ???", 0, "no letter or digit"),
    ],
)
def test_what_is_refused_says_where_and_why(text: str, at: int, words: str) -> None:
    with pytest.raises(BadSearch, match=words.replace("?", "[?]")) as caught:
        read(text)
    assert caught.value.at == at


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("northwind", "NORTHWIND's router", True),
        ("zurich", "in Zürich", True),
        ('"north wind"', "The north, wind and all", True),
        ('"north wind"', "wind north", False),
        ("router NEAR/2 broken", "my router is so broken", True),
        ("broken NEAR/1 router", "my router is so broken", False),
        ("~northwind", "nortwhind and northwnd", True),
        ("~northwind", "northwinds northwest", True),
        ("~northwind", "southwind", False),
        ("north*", "northwinder", True),
        ("#northwind_fail", "so #NorthwindFail", True),
        ("url:northwind.example", "see https://www.shop.northwind.example/x?y", True),
        ("url:northwind.example/help", "northwind.example/help/1", True),
        ("url:northwind.example", "notnorthwind.example", False),
        ("ナイキ", "新しいナイキの靴", True),
        ("northwind -from:northwind", "northwind says", False),
        ("northwind lang:en", "northwind says", True),
        ("northwind lang:de", "northwind says", False),
        ("northwind place:New_York", "Northwind in New York", True),
        ('northwind place:"New York"', "Northwind in New York", True),
        (
            'northwind (place:"Newcastle upon Tyne" OR kettle)',
            "Northwind, Newcastle upon Tyne",
            True,
        ),
        ('northwind place:"New York"', "Northwind in York, new", False),
        ("o'brien", "Mr. O’Brien", True),
        ("northwind", "N̷̡̛o̵̢r̸͎t̶̼h̵w̸i̴n̷d is down", True),
        ("northwind", "north\u200bwi\u00adnd", True),
        ("northwind", "𝓝𝓸𝓻𝓽𝓱𝔀𝓲𝓷𝓭 ＮＯＲＴＨＷＩＮＤ", True),
        ("می‌خواهم", "می‌خواهم نورث‌ویند", True),
        ("노스윈드", "노스윈드가 느려요", True),
        ("노스윈드", "사우스윈드가 느려요", False),
    ],
)
def test_what_is_found(query: str, text: str, found: bool) -> None:
    assert matches(read(query), prepare(text, "en-GB", "@Northwind")) is found


def test_hostile_text_takes_no_longer_than_its_length() -> None:
    """Nothing here goes back: each of these would take hours if it did."""
    node = read('(~northwind NEAR/20 north*) OR "a a a a a a a b" OR url:northwind.example')
    for text in ("a " * 50_000, "north " * 20_000, "http://" * 20_000, "#" * 100_000, "." * 99_999):
        matches(node, prepare(text))
        found_words(node, prepare(text))


def test_slips_of_the_fingers() -> None:
    assert all(alike("northwind", one) for one in slips("northwind"))
    assert not alike("northwind", "northwandd")
    assert alike("acme", "came")  # two in each other's place, the first among them
    assert not alike("acme", "bcme")


def test_what_a_network_may_leave_out() -> None:
    node = read('northwind -acme NOT ("north wind" OR #fail) -from:northwind -url:a.example -nor*')
    assert without(node) == ["acme", "north wind", "#fail", "from:northwind"]
    # What must not be there together may be there alone.
    assert without(read("northwind NOT (a b) (c OR -d)")) == []
    assert without(read("northwind OR (acme -router)")) == []


def test_what_is_likely_meant_otherwise_is_told() -> None:
    assert "parentheses" in doubts(read("northwind OR acme -job"))[0]
    for fine in ("(northwind OR acme) -job", "northwind -job OR acme -job", "northwind OR acme"):
        assert doubts(read(fine)) == []


def test_networks_are_asked_in_a_bounded_number_of_ways() -> None:
    assert ways(read("(a1 OR b1) (c1 OR d1)")) == [
        ("a1", "c1"), ("a1", "d1"), ("b1", "c1"), ("b1", "d1"),
    ]  # fmt: skip
    assert ways(read("Zürich -acme")) == [("zurich",), ("zürich",)]
    assert ways(read("Йогурт #한국 O’Brien")) == [
        ("#한국", "o'brien", "йогурт"), ("#한국", "obrien", "йогурт"),
    ]  # fmt: skip
    assert ways(read("@Northwind")) == [("@northwind",), ("northwind",)]
    assert ways(read("url:www.Northwind.example/Help")) == [("url:northwind.example/help",)]
    assert ways(read("northwind OR (northwind router)")) == [("northwind",)]
    assert len(ways(read("~northwind"))) <= MOST
    for wide in (" ".join(f"(a{n} OR b{n})" for n in range(10)), "from:northwind", "north*"):
        with pytest.raises(BadSearch):
            ways(read(wide))
