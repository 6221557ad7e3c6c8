"""Lengths and cuts, as Mastodon counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earful.kit.text import graphemes
from earful.networks.mastodon.length import Ruler


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("👩\u200d👧e\u0301", 2),
        ("see https://example.com/" + "a" * 100, 27),
        ("http://a.de.", 24),
        ("(https://example.com/x_(y)).", 26),
        ("https://localhost/path", 22),
        ("example.com/no/scheme", 21),
        ("hi @carol@other.example!", 10),
        ("@carol@other.example", 6),
        ("mail carol@other.example", 24),
        ("https://example.com/@carol@other.example", 23),
        ("https://пример.рф/тест", 23),
    ],
)
def test_counts(text: str, length: int) -> None:
    assert Ruler().count(text) == length


def test_a_server_may_count_links_otherwise() -> None:
    assert Ruler(link=25).count("https://example.com/") == 25


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
