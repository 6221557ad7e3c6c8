"""Ways sorted by how they open find what all of them in one pattern find."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from earful.triage.openings import Ways, starts_of

WAYS = ("my (?:mum|dad) died", "di(?:e|ed)", "(?:i|we) (?:lost|miss)", r"\w+ly sad", "@\\w+ wins",
        "i", "ma|mam", "(?:a )?funeral", "4 ever", "é?tat")  # fmt: skip
WORDS = st.sampled_from(
    ["my", "mum", "dad", "died", "die", "i", "we", "lost", "miss", "really", "sad", "@me", "wins",
     "ma", "mam", "mama", "a", "funeral", "4", "ever", "état", "tat", "x", "-", "'s", "_i", "i_"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_the_same_is_found_at_the_same_place(text: str) -> None:
    ways = Ways(WAYS, r"(?!\w)")
    whole = re.compile(rf"(?<!\w)(?=[\w@])(?:{'|'.join(WAYS)})(?!\w)")
    found, expected = ways.search(text, starts_of(text)), whole.search(text)
    assert (found and found.span()) == (expected and expected.span())
