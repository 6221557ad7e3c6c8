"""How likely somebody is glad to hear from us: by what they ask for, where, and in which mood."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import NamedTuple

from earful.triage.sensitive import plain


class Scored(NamedTuple):
    """From 0 to 100, and why, the weightiest first."""

    score: int
    reasons: list[str]


def score(text: str, *, kind: str, sentiment: float, places: Collection[str] = ()) -> Scored:
    """What a stranger's post promises. `places` are those that the search named."""
    said = _words(text)
    near = next((place for place in places if _words(place) in said), "")
    found = [
        (40, "asks the world for it", bool(_ways()["asks"].search(said))),
        (25, f"speaks of {near}", bool(near)),
        (20, "asks a question", kind in ("question", "request")),
        (10, "is glad", sentiment > 0.3),
        (-20, "is angry", sentiment < -0.5),
        (-25, "complains", kind == "complaint"),
        (-40, "sells something", bool(_ways()["sells"].search(said))),
    ]
    told = [(points, words) for points, words, holds in found if holds]
    told.sort(key=lambda one: -abs(one[0]))
    total = 25 + sum(points for points, _ in told)
    return Scored(max(0, min(100, total)), [words for _, words in told])


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(plain(text)))} "


_WORD = re.compile(r"[\w'#]+")


@cache
def _ways() -> dict[str, re.Pattern[str]]:
    """By what they tell, the patterns of asking.txt in one; read when first asked for."""
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for line in (Path(__file__).parent / "asking.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            here = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("# "):
            here.append(line)
    # Words stand between spaces: see _words.
    return {name: re.compile(f" (?:{'|'.join(ways)}) ") for name, ways in found.items()}
