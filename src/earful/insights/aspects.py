"""Of which side of the business a post speaks: pure, by words of eight languages; not of whom.

Staff is an aspect, a name is none: who served somebody is nowhere kept.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Aspect = Literal[
    "price", "delivery", "quality", "availability", "waiting", "staff", "cleanliness", "payment",
    "app", "information", "safety",
]  # fmt: skip
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
MOST = 5000
"""Characters that are read of a post."""

_NAMED = re.compile(r"https?://\S+|www\.\S+|[@#]\w+")


def aspects_of(text: str) -> list[Aspect]:
    """The sides it speaks of, in the order of ASPECTS; empty where it names none."""
    plain = _NAMED.sub(" ", text[:MOST]).lower()
    known = _known()
    return [one for one in ASPECTS if known[one].search(plain)]


@cache
def _known() -> dict[str, re.Pattern[str]]:
    """What the words of each aspect look like."""
    lines = (Path(__file__).parent / "aspects.txt").read_text("utf-8").splitlines()
    found = {}
    for line in lines:
        if not line.startswith("#"):
            name, _, words = line.partition(":")
            either = "|".join(_looks(word) for word in words.split())
            found[name] = re.compile(rf"(?<!\w)(?:{either})(?!\w)")
    return found


def _looks(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace(r"\|", r"\s+")
