"""Lengths and cuts, as Mastodon counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earful.kit.text import graphemes
from earful.networks.contract import Limits
from earful.networks.mastodon import NETWORK
from earful.networks.mastodon.length import Ruler
from earful.networks.measure import measure

CASES = json.loads(
    (Path(__file__).parents[3] / "web" / "src" / "desk" / "shortened.json").read_text()
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(case["text"]))
def test_counts_as_the_screen_does(case: dict[str, Any]) -> None:
    # The same file runs through web/src/desk/count.test.ts.
    limits = Limits(link_length=case["link_length"])
    assert NETWORK.count_by(case["text"], limits) == case["length"]


def test_the_screen_is_told_how_to_count() -> None:
    shown = measure("mastodon", {"length": 5000, "link_length": 25}).shown()
    assert (shown["counted_in"], shown["length"], shown["link_length"]) == ("shortened", 5000, 25)


def test_cuts_between_sentences_and_never_in_a_link() -> None:
    text = "This is a sentence of some length. " * 14 + "https://example.com/" + "b" * 200 + " end."
    parts = Ruler(500).split(text)
    assert len(parts) == 2
    assert parts[0].endswith(".")
    assert "https://example.com/" + "b" * 200 in parts[1]


@given(st.text(alphabet="ab. @/:hteps\n👩\u200d👧ж", max_size=200), st.integers(24, 60))
def test_parts_fit_and_lose_nothing(text: str, length: int) -> None:
    ruler = Ruler(length)
    parts = ruler.split(text)
    assert all(ruler.count(part) <= length for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_what_fits_by_graphemes_is_left_alone() -> None:
    family = "👨\u200d👩\u200d👧\u200d👦" * 500
    assert graphemes(family) == 500
    assert Ruler(500).split(family) == [family]
