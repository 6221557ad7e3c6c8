"""Many ways of saying something, looked for at once: each where a word opens as it does.

A pattern with hundreds of alternatives tries all of them at each word. Here four letters decide
which few are tried, at most places none; the same is found, at a twentieth of the cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import regex

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NEXT = _LETTERS + " '-"
_ODD = "0123456789@éяß中"
"""Signs a way may open with that are no plain letter; some stand for all of their kind."""
_OPENS = re.compile(r"[\w@](?<!\w.)", re.S)
_SURE = re.compile(rf"[{_LETTERS}][{_LETTERS} '-]{{0,3}}")
_BEHIND = re.compile(r"\(\?<[=!][^()]*\)")
"""What must stand before a way, of which its first signs say nothing."""
_SIGNS = 4
_ANY = 20
"""Of the signs that may come next: a way that takes more of them takes any."""
MOST_OPENINGS = 4_000
"""Openings whose patterns are kept: with odd signs there is no end of them."""
MOST_KNOWN = 20_000
"""Openings of which is kept whether they open anything."""
Starts = list[tuple[int, str]]
"""Where words begin in a text, and their first signs."""


def starts_of(plainly: str) -> Starts:
    """Where words, and handles, begin."""
    return [(at := found.start(), plainly[at : at + _SIGNS]) for found in _OPENS.finditer(plainly)]


class Ways:
    """Alternatives in their order, of which the first that fits at the first place is found.

    Each is a pattern without anchors of its own; `ends` is what must hold after it.
    """

    def __init__(self, ways: Sequence[str], ends: str) -> None:
        self._ways, self._ends = ways, ends
        self._exact, self._open = _sorted(ways)
        self._put: dict[str, re.Pattern[str] | None] = {}
        self._made: dict[tuple[int, ...], re.Pattern[str]] = {}

    def search(self, plainly: str, starts: Starts) -> re.Match[str] | None:
        """The first place where one fits."""
        put = self._put
        for at, signs in starts:
            pattern = put[signs] if signs in put else self._put_together(signs)
            if pattern and (found := pattern.match(plainly, at)):
                return found
        return None

    def open_with(self, signs: str) -> list[int]:
        """Numbers of the ways that may open with these signs, in their order."""
        sure = _SURE.match(signs)
        known = sure.group() if sure else "?"
        found = set(self._exact.get(known, ()))
        for many in range(len(known)):
            found.update(self._open.get(known[:many], ()))
        return sorted(found)

    def _put_together(self, signs: str) -> re.Pattern[str] | None:
        """One pattern of all that may open so, in their order; made when first asked for."""
        numbers = tuple(self.open_with(signs))
        if numbers and numbers not in self._made:
            pattern = "|".join(f"(?:{self._ways[number]}){self._ends}" for number in numbers)
            self._made[numbers] = re.compile(pattern)
        made = self._made[numbers] if numbers else None
        if len(self._put) < MOST_OPENINGS:
            self._put[signs] = made
        return made


class Near:
    """Of the places where words begin, those where one of many ways may open: few."""

    def __init__(self, ways: Iterable[Ways]) -> None:
        self._ways = list(ways)
        self._known: dict[str, bool] = {}

    def of(self, starts: Starts) -> Starts:
        """Those of `starts` that need to be searched at all."""
        known = self._known
        return [
            start for start in starts
            if (known[start[1]] if start[1] in known else self._learn(start[1]))
        ]  # fmt: skip

    def _learn(self, signs: str) -> bool:
        found = any(ways.open_with(signs) for ways in self._ways)
        if len(self._known) < MOST_KNOWN:
            self._known[signs] = found
        return found


_Numbers = dict[str, list[int]]


def _sorted(ways: Sequence[str]) -> tuple[_Numbers, _Numbers]:
    """Numbers of the ways that can open with one to four signs ("?" for any odd one); and of
    those that after so many signs, or none, may go on with any."""
    exact: _Numbers = {}
    goes_on: _Numbers = {}
    for number, way in enumerate(ways):
        begins = regex.compile(_BEHIND.sub("", way), cache_pattern=False)
        if any(begins.fullmatch(odd, partial=True) for odd in _ODD):
            exact.setdefault("?", []).append(number)
        known = [""]
        for many in range(_SIGNS):
            known = _longer(begins, known, _LETTERS if not many else _NEXT, number, goes_on)
            for signs in known:
                exact.setdefault(signs, []).append(number)
    return exact, goes_on


def _longer(
    begins: regex.Pattern[str], known: list[str], signs: str, number: int, goes_on: _Numbers
) -> list[str]:
    """Openings a sign longer; those that may go on with any are noted instead."""
    found = []
    for one in known:
        more = [one + sign for sign in signs if begins.fullmatch(one + sign, partial=True)]
        if len(more) > _ANY or (one and begins.match(one)):
            goes_on.setdefault(one, []).append(number)
        else:
            found += more
    return found
