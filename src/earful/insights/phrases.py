"""The words of a post that may be a theme: single ones, and two or three that stand together.

Pure. What names somebody (handles, one's own brand) and what names nothing (links, numbers, stop
words of seven languages) is never one. Scripts without spaces are cut into pairs of characters.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import regex

MOST = 2000
"""Characters that are read of a post."""
LONGEST = 32
"""Letters of a word; what is longer is no word."""

_GONE = regex.compile(r"https?://\S+|www\.\S+|[@＠][\w.\-]+|\S+@\S+")
_PART = regex.compile(r"[.!?;:,()\[\]{}\"“”«»\n|/…–—]+")
_WORD = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}\p{N}]*(?:['’\-][\p{L}\p{M}\p{N}]+)*|[\p{L}\p{N}]+")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]+")


@cache
def stop_words() -> frozenset[str]:
    """Those of all languages together."""
    text = (Path(__file__).parent / "stops.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(word for line in lines for word in line.split())


def parts_of(text: str, brands: Collection[str] = ()) -> list[list[str]]:
    """The words of each part of a text between its marks, in small letters; a stop word is "".

    `brands` are words of one's own name: they name whom one speaks to, not of what.
    """
    plain = _plain(text[:MOST])
    stops = stop_words()
    found = []
    for part in _PART.split(plain):
        words = []
        for word in _words(part):
            wide = _UNSPACED.fullmatch(word) is not None
            names = word in brands or word in stops or len(word) > LONGEST
            words.append("" if names or not (wide or len(word) > 2) or word.isdigit() else word)
        if any(words):
            found.append(words)
    return found


def _plain(text: str) -> str:
    """Without links and handles, and without more marks on a letter than any language has."""
    bare = _GONE.sub(" . ", html.unescape(text)).replace("’", "'")
    if bare.isascii():
        return bare.lower()
    folded = unicodedata.normalize("NFKC", bare).casefold()
    return regex.sub(r"(\p{M}{2})\p{M}+", "", folded)


def _words(part: str) -> Iterator[str]:
    for found in _WORD.findall(part):
        if _UNSPACED.search(found) and not found.isascii():
            for run in _UNSPACED.findall(found):
                yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))
        else:
            yield found.removesuffix("'s")


def singles(parts: list[list[str]]) -> set[str]:
    """The single words."""
    return {word for words in parts for word in words if word}


def together(
    parts: list[list[str]], kept: Collection[str], firsts: Collection[str] | None = None
) -> set[str]:
    """Two or three words that follow each other, each `kept`, the first one of `firsts`."""
    begin = kept if firsts is None else firsts
    found = set()
    for words in parts:
        for at, word in enumerate(words[:-1]):
            after = words[at + 1]
            if word not in begin or after not in kept or word == after:
                continue
            found.add(f"{word} {after}")
            third = words[at + 2] if at + 2 < len(words) else ""
            if third in kept and third != after:
                found.add(f"{word} {after} {third}")
    return found


def fingerprint(text: str) -> str:
    """What two posts share that say the same, whomever they name; "" where that is too little."""
    words = _WORD.findall(_plain(text[:MOST]))
    return " ".join(words) if len(words) >= SAME_WORDS else ""


SAME_WORDS = 4
"""Words below which two people may well say the same by chance."""
