"""Pure: how long a post is as X counts it, where its links are, and a long text into a thread.

X weighs: most scripts 1, East Asian signs and emoji 2, any link 23 however long, 280 in all. The
rules are the third version of twitter-text. web/src/desk/weighted.ts counts the same for the
screen; counts.json beside it holds both to the same answers.
"""

from __future__ import annotations

import functools
import importlib
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import regex

LENGTH = 280
LINK = 23

Span = tuple[int, int]
"""From and to, in characters."""

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_PART = r"\p{Extended_Pictographic}[\U0001F3FB-\U0001F3FF\uFE0F]?(?:[\U000E0020-\U000E007F]+)?"
_EMOJI = regex.compile(
    r"[\U0001F1E6-\U0001F1FF]{2}|[0-9#*]\uFE0F?\u20E3"
    rf"|(?=\p{{Emoji_Presentation}}|.[\uFE0F\u200D\U0001F3FB-\U0001F3FF]){_PART}(?:\u200D{_PART})*"
)
_BROKEN = regex.compile("[\ufffe\uffff\ufeff]")
_SENTENCE = regex.compile(r"(?:[.!?…][\"'”’»)]*\s+|[。！？]\s*|\n+)")
_WORD = regex.compile(r"\s+")


def weigh(text: str, *, emojis: bool = True) -> int:
    """The weighted length of `text`.

    Without `emojis` as before version 3, when the signs of a sequence weighed one by one.
    """
    text = _normal(text)
    if text.isascii() and "." not in text:
        return len(text)  # nothing weighs more, and there is no link
    return sum(weight for _, weight in _pieces(text, links(text), emojis=emojis))


def fits(text: str) -> bool:
    """Whether one post takes `text`."""
    return weigh(text) <= LENGTH


def acceptable(text: str) -> bool:
    """Whether X takes `text` as one post: it says something, fits, and holds no broken sign."""
    return bool(text) and fits(text) and not _BROKEN.search(text)


def links(text: str) -> list[Span]:
    """Where X sees links in `text`, those without `https://` too."""
    if "." not in text:
        return []
    return [(first, last) for first, last in (found["indices"] for found in _finder()(text))]


def split(text: str) -> list[str]:
    """Parts that each fit: cut between sentences, else words, else signs, never in a link.

    A text that fits is returned as it is.
    """
    if fits(text):
        return [text]
    parts = []
    rest = _normal(text).strip()
    while not fits(rest):
        at = _cut(rest)
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")


def _pieces(text: str, found: list[Span], *, emojis: bool = True) -> Iterator[tuple[int, int]]:
    """The end and weight of every link, emoji and other sign, in order."""
    linked = dict(found)
    at = 0
    while at < len(text):
        if end := linked.get(at):
            at, weight = end, LINK
        elif emojis and (emoji := _EMOJI.match(text, at)) is not None:
            at, weight = emoji.end(), 2
        else:
            sign = ord(text[at])
            at, weight = at + 1, 1 if any(low <= sign <= high for low, high in _LIGHT) else 2
        yield at, weight


def _cut(text: str) -> int:
    """Where to cut a text that does not fit: a position in characters, above 0."""
    found = links(text)
    window = size = 0
    for end, weight in _pieces(text, found):
        size += weight
        if size > LENGTH:
            break
        window = end
    for pattern in (_SENTENCE, _WORD):
        for match in reversed(list(pattern.finditer(text, 0, window + 1))):
            at = min(match.end(), window)
            if at <= window // 3:
                break
            # A shorter text may read as other links than the whole: what is cut must fit again.
            if not any(first < at < last for first, last in found) and fits(text[:at].rstrip()):
                return at
    while window > 1 and not fits(text[:window].rstrip()):
        window -= 1
    return window


@functools.cache
def _finder() -> Callable[[str], list[dict[str, Any]]]:
    """Loaded at the first link: the package reads a large table when it is imported."""
    package = importlib.import_module("twitter_text")
    finder: Callable[[str], list[dict[str, Any]]] = package.extract_urls_with_indices
    return finder
