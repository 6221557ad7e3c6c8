"""What people say in so many words, in eight languages: the patterns of said.txt.

That they have asked before, that they shame a company before everybody, that it can't wait.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from earful.triage.openings import Starts, Ways, starts_of

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
"""Languages whose ways of speaking are known."""
_META = re.compile(r"\{([a-z]+)\}")
_TRIES = 4
"""Ways of saying that one asked before, among which one that says how often is looked for."""
_TIMES = re.compile(r"\d{1,3}")
_COUNTS = {
    word: count
    for count, words in (
        (2, "two twice second 2nd zwei zweite zweiten deux deuxieme dos segunda due seconda twee "
            "tweede duas dwa drugi"),
        (3, "three third 3rd drei dritte dritten trois troisieme tres tercera tre terza drie derde "
            "terceira trzy trzeci"),
        (4, "four fourth vier vierte vierten quatre quatrieme cuatro cuarta quattro "
        "quarta vierde quatro "
            "cztery czwarty"),
        (5, "five fifth funf funfte funften cinq cinquieme cinco quinta cinque vijf "
        "vijfde piec piaty"),
    )
    for word in words.split()
}  # fmt: skip


class Said(NamedTuple):
    """A way of speaking that was found, as plain words; how often it says so, where it does."""

    words: str
    times: int | None = None


@cache
def _ways() -> dict[str, Ways]:
    """By topic, the ways of all languages. Read when first asked for."""
    names: dict[str, str] = {}
    ways: dict[str, list[str]] = {}
    here: list[str] = []
    for line in Path(__file__).with_name("said.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            here = ways.setdefault(line.strip("[]").partition(":")[0], [])
        elif ways and line:
            here.append(_META.sub(lambda found: names[found[1]], line))
        elif line and not line.startswith("#"):
            name, _, pattern = line.partition(" = ")
            names[name] = pattern
    return {topic: Ways(found, r"(?:(?<=@)|(?!\w))") for topic, found in ways.items()}


def topics() -> list[Ways]:
    """The ways of speaking that are looked for."""
    return list(_ways().values())


def said(topic: str, plainly: str, starts: Starts | None = None) -> Said | None:
    """The first way of speaking of a topic ("prior", "shame", "now", "today") in a plained text.

    Of earlier contact the first that says how often, where one does.
    """
    ways, first = _ways()[topic], None
    left = starts_of(plainly) if starts is None else starts
    for _ in range(_TRIES if topic == "prior" else 1):
        found = ways.search(plainly, left)
        if found is None:
            break
        words, at = found.group().strip(), found.start()
        left = [start for start in left if start[0] > at]
        told = Said(words, _times(words))
        if told.times:
            return told
        first = first or told
    return first


def _times(words: str) -> int | None:
    if number := _TIMES.search(words):
        return int(number.group()) or None
    told = (_COUNTS.get(word) for word in words.replace("mal ", " ").split())
    return next((count for count in told if count), None)
