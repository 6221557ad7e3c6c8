"""The words a text is found by."""

from __future__ import annotations

import re

import regex
from hypothesis import given
from hypothesis import strategies as st

from earful.kit.search import WORD_LIMIT, words
from earful.kit.text import folded, one_line, storable

WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_english_is_split_as_every_script_is(text: str) -> None:
    assert words(text) == [word[:WORD_LIMIT] for word in WORD.findall(folded(text))]


def test_long_words_are_cut_and_scripts_without_spaces_become_pairs() -> None:
    assert words("x" * 500) == ["x" * WORD_LIMIT]
    assert words("東京都 Straße_2") == ["東京", "京都", "strasse", "2"]


@given(st.text())
def test_folding_plain_letters_quickly_changes_nothing(text: str) -> None:
    assert folded(text) == folded(f"{text}é")[:-1]
    assert storable(text).encode().decode() == storable(text)


@given(st.text(st.sampled_from("a b\n\t\x1c\x85\u2003\u00a0"), max_size=60))
def test_a_line_has_no_white_space_but_single_spaces(text: str) -> None:
    assert one_line(text) == re.sub(r"\s+", " ", text).strip()
