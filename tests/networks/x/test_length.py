"""The weighted length, links, and texts into threads; the screen runs the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from earful.networks.x import NETWORK
from earful.networks.x.length import LENGTH, acceptable, fits, links, split, weigh

DESK = Path(__file__).parents[3] / "web" / "src" / "desk"
CONFORMANCE = json.loads((DESK / "conformance.json").read_text())
COUNTS = json.loads((DESK / "counts.json").read_text())


def named(case: dict[str, Any]) -> str:
    return ascii(case["text"])[:60]


def utf16(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le")) // 2


@pytest.mark.parametrize("case", CONFORMANCE["lengths"], ids=named)
def test_length_is_the_official_one(case: dict[str, Any]) -> None:
    assert weigh(case["text"], emojis=case["emojis"]) == case["weight"]
    if case["emojis"]:
        assert acceptable(case["text"]) == case["valid"]


@pytest.mark.parametrize("case", CONFORMANCE["links"], ids=named)
def test_links_are_the_official_ones(case: dict[str, Any]) -> None:
    text, found = case["text"], links(case["text"])
    assert [text[first:last] for first, last in found] == case["urls"]
    if case["indices"] is not None:
        spans = [[utf16(text, first), utf16(text, last)] for first, last in found]
        assert spans == case["indices"]


def test_the_screen_is_told_to_weigh() -> None:
    assert NETWORK.manifest.counted_in == "weighted"
    assert NETWORK.count("日本 a.com") == 4 + 1 + 23


def test_all_152_cases_are_here() -> None:
    assert len(CONFORMANCE["lengths"]) + len(CONFORMANCE["links"]) == 152


@pytest.mark.parametrize("case", COUNTS, ids=named)
def test_counts_what_the_screen_counts(case: dict[str, Any]) -> None:
    # The same file runs through web/src/desk/count.test.ts.
    assert weigh(case["text"]) == case["weighted"]


@given(some.text(alphabet=some.sampled_from("ab .\n!é日👩\u200d👧#@:/comhttps"), max_size=1500))
def test_splitting_loses_nothing(text: str) -> None:
    parts = split(text)
    assert all(map(fits, parts))
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_splits_between_sentences_and_never_in_a_link() -> None:
    sentence = "This is one sentence of some length, more or less. "
    assert all(part.endswith(".") for part in split(sentence * 15))
    link = "https://example.com/" + "a" * 60
    first, second = split("word " * 55 + link + " more")
    assert (first.count("word"), second) == (55, f"{link} more")


def test_a_link_weighs_the_same_however_long_and_japanese_twice() -> None:
    assert weigh("https://example.com/" + "a" * 200) == 23
    assert fits("の" * 140)
    assert [weigh(part) for part in split("の" * 141)] == [LENGTH, 2]
