"""Accounts that look like ours: pure. A hint to look; nobody is blocked for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

SHORTEST = 5
"""Letters of a name below which nothing looks like it: many words do."""
LONG = 12
"""Letters from which two changes are still alike."""
SERVICE = (
    "help", "support", "care", "service", "team", "official", "hilfe", "kundenservice", "aide",
    "ayuda", "assist", "refund", "desk",
)  # fmt: skip
"""What those add who pretend to be somebody's service."""

# Cyrillic, Greek, digits and signs that are drawn like a Latin letter (Unicode TR 39).
_DRAWN = str.maketrans({
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j",
    "ѕ": "s", "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "м": "m", "т": "t", "н": "h", "к": "k",
    "в": "b", "г": "r", "α": "a", "ο": "o", "ρ": "p", "υ": "u", "ν": "v", "ι": "i", "κ": "k",
    "τ": "t", "χ": "x", "ω": "w", "ı": "i", "ł": "l", "0": "o", "1": "l", "3": "e", "4": "a",
    "5": "s", "7": "t", "8": "b", "$": "s", "@": "a", "!": "i", "|": "l",
})  # fmt: skip


def looks_like(handle: str, name: str, ours: Collection[str], names: Collection[str]) -> str:
    """Which of our names an account looks like, "" for none.

    `ours` are our handles on its network: they are us. `names` are what we are called anywhere.
    """
    if handle.casefold() in {own.casefold() for own in ours}:
        return ""
    local = _drawn(handle.partition("@")[0].split(".")[0])
    called = _drawn(name)
    for own in sorted(names):
        wanted = _drawn(own.partition("@")[0].split(".")[0])
        if len(wanted) >= SHORTEST and (_alike(local, wanted) or called == wanted):
            return own
    return ""


def _drawn(text: str) -> str:
    """How it looks: small letters without marks; what is drawn alike is one."""
    marked = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in marked if not unicodedata.combining(one)).translate(_DRAWN)
    letters = "".join(one for one in plain if one.isalnum())
    return letters.replace("rn", "m").replace("vv", "w").replace("l", "i")


def _alike(local: str, wanted: str) -> bool:
    if wanted in local:
        rest = local.replace(wanted, "", 1)
        return not rest or any(_drawn(word) in rest for word in SERVICE)
    return _distance(local, wanted, 2 if len(wanted) >= LONG else 1)


def _distance(one: str, other: str, most: int) -> bool:
    """Whether at most `most` letters are added, left out, changed or swapped between them."""
    if abs(len(one) - len(other)) > most:
        return False
    two_before: list[int] = []
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, against in enumerate(other, start=1):
            cost = min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != against))
            swapped = row > 1 and column > 1 and letter == other[column - 2]
            if swapped and one[row - 2] == against:
                cost = min(cost, two_before[column - 2] + 1)
            now.append(cost)
        two_before, before = before, now
    return before[-1] <= most
