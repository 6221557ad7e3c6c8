"""Many ways of saying something, looked for at once: each where a word opens as it does.

A pattern with hundreds of alternatives tries all of them at each word. Here two letters decide
which few are tried; the same is found, at a tenth of the cost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import regex

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SECOND = _LETTERS + " '-"
_ODD = "0123456789@éяß中"
"""Signs a way may open with that are no plain letter; some stand for all of their kind."""
_OPENS = re.compile(r"(?<!\w)[\w@]")
MOST_OPENINGS = 4000
"""Openings whose patterns are kept: with odd signs there is no end of them."""
Starts = list[tuple[int, str]]
"""Where words begin in a text, and their first two signs."""


def starts_of(plainly: str) -> Starts:
    """Where words, and handles, begin."""
    return [(at := found.start(), plainly[at : at + 2]) for found in _OPENS.finditer(plainly)]


class Ways:
    """Alternatives in their order, of which the first that fits at the first place is found.

    Each is a pattern without anchors of its own; `ends` is what must hold after it.
    """

    def __init__(self, ways: Sequence[str], ends: str) -> None:
        self._ways, self._ends = ways, ends
        self._by_two, self._by_one = _sorted(ways)
        self._put: dict[str, re.Pattern[str] | None] = {}

    def search(self, plainly: str, starts: Starts) -> re.Match[str] | None:
        """The first place where one fits."""
        put = self._put
        for at, two in starts:
            pattern = put[two] if two in put else self._put_together(two)
            if pattern and (found := pattern.match(plainly, at)):
                return found
        return None

    def _put_together(self, two: str) -> re.Pattern[str] | None:
        """One pattern of all that may open so, in their order; made when first asked for."""
        numbers = self._by_two.get(two, ())
        if not numbers and _unsure(two):
            # Two signs say nothing of what may come: the first alone decides.
            numbers = self._by_one.get(two[0], self._by_one["?"])
        pattern = "|".join(f"(?:{self._ways[number]}){self._ends}" for number in numbers)
        made = re.compile(pattern) if numbers else None
        if len(self._put) < MOST_OPENINGS:
            self._put[two] = made
        return made


def _unsure(two: str) -> bool:
    """Whether two signs say nothing of what may come."""
    return len(two) < 2 or two[0] not in _LETTERS or two[1] not in _SECOND


def _sorted(ways: Sequence[str]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Numbers of the ways that can open with two signs; and with one, "?" for any odd one."""
    by_two: dict[str, list[int]] = {}
    by_one: dict[str, list[int]] = {letter: [] for letter in (*_LETTERS, "?")}
    for number, way in enumerate(ways):
        begins = regex.compile(way)
        for letter in _LETTERS:
            if not begins.fullmatch(letter, partial=True):
                continue
            by_one[letter].append(number)
            for second in _SECOND:
                if begins.fullmatch(letter + second, partial=True) or begins.match(letter):
                    by_two.setdefault(letter + second, []).append(number)
        if any(begins.fullmatch(odd, partial=True) for odd in _ODD):
            by_one["?"].append(number)
    return by_two, by_one
