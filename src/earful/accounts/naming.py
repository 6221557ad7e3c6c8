"""Handles and initials made from a person's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator


def initials_for(name: str, taken: Container[str]) -> str:
    """Two or three letters that sign public replies, such as AB; none of `taken` (upper case)."""
    return next(text for text in _initials(name) if text not in taken)


def handle_for(name: str, taken: Container[str]) -> str:
    """A short handle such as alice; not one of `taken` (lower case)."""
    words = _words(name) or ["agent"]
    first = words[0].lower()
    whole = "-".join(word.lower() for word in words)[:40]
    for text in (first[:40], whole):
        if text not in taken:
            return text
    return next(text for n in _from_two() if (text := f"{first[:40]}{n}") not in taken)


def _initials(name: str) -> Iterator[str]:
    words = [word.upper() for word in _words(name)] or ["A"]
    first, last = words[0], words[-1]
    if len(words) == 1:
        yield first[:2]
    else:
        yield first[0] + last[0]
        yield first[0] + last[:2]
        yield first[:2] + last[0]
    yield from (f"{first[0]}{last[0]}{n}" for n in _from_two())


def _from_two() -> Iterator[int]:
    n = 2
    while True:
        yield n
        n += 1


def _words(name: str) -> list[str]:
    """The name's words, with accents taken off Latin letters (É becomes E, ß becomes ss)."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))
