"""A post as the model reads it: what names somebody is taken out, what spells a mood is kept."""

from __future__ import annotations

import html
import re
from itertools import pairwise

MOST = 5000
"""Characters that are read of a text; what complains says so earlier."""

_URL = re.compile(r"https?://\S+|www\.\S+")
HANDLE = re.compile(r"@\w+")
_TAG = re.compile(r"#(\w+)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DRAWN = re.compile(r"(.)\1{2,}")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_TOKEN = re.compile(r"_\w+|[^\W\d_]+(?:'[^\W\d_]+)?|[!?]+|[^\w\s]")


def tidied(text: str) -> str:
    """The text without HTML entities, null bytes and curly quotes, at most MOST characters."""
    return html.unescape(text[:MOST]).replace("\0", " ").replace("’", "'")


def plain(tidy: str) -> str:
    """Small letters; handles, links, tags and numbers by what they are, drawn-out letters twice.

    Names of people and brands would teach the model whom people complain about, not how.
    """
    text = HANDLE.sub(" _at ", _URL.sub(" _url ", tidy))
    text = _TAG.sub(lambda found: f" _tag {_HUMP.sub(' ', found.group(1))}", text)
    return _NUMBER.sub(" _num ", _DRAWN.sub(r"\1\1", text.lower()))


def tokens(plainly: str) -> list[str]:
    """Words, marks and placeholders, in order."""
    return _TOKEN.findall(plainly)


def handles(tidy: str) -> list[str]:
    """Whom the text names, in small letters."""
    return [found.lower() for found in HANDLE.findall(tidy)]


def pairs(words: list[str]) -> list[str]:
    """Each word, and each two that follow one another."""
    return words + [f"{one} {two}" for one, two in pairwise(words)]


def pieces(tidy: str) -> list[str]:
    """Two and four characters in a row within each word, its edges as spaces.

    Three and five with them make nothing better and cost as much again.
    """
    return [piece for word in tidy.lower().split() for piece in pieces_of(word)]


def pieces_of(word: str) -> list[str]:
    """Those of one word in small letters."""
    edged = f" {word[:40]} "
    length = len(edged)
    return [edged[at : at + size] for size in (2, 4) for at in range(length - size + 1)]
