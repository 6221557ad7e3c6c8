"""Pure: a text too long for one post into the posts of a thread."""

from __future__ import annotations

import regex

from earful.kit.text import graphemes
from earful.networks.bluesky.richtext import spans

LENGTH = 300  # graphemes
BYTES = 3000  # of UTF-8; a text of long emoji sequences meets this first

_GRAPHEME = regex.compile(r"\X")
_SENTENCE = regex.compile(r"(?:[.!?…][\"'”’»)]*\s+|[。！？]\s*|\n+)")
_WORD = regex.compile(r"\s+")


def split(text: str) -> list[str]:
    """Parts that each fit: cut between sentences, else words, else graphemes.

    A link, mention or hashtag is never cut, unless it alone is longer than a post. A text that
    fits is returned as it is.
    """
    parts = []
    rest = text.strip() if not fits(text) else text
    while not fits(rest):
        at = _cut(rest)
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    if rest or not parts:
        parts.append(rest)
    return parts


def fits(text: str) -> bool:
    """Whether a text is within a post's limits."""
    return len(text.encode()) <= BYTES and (len(text) <= LENGTH or graphemes(text) <= LENGTH)


def _cut(text: str) -> int:
    """Where to cut a text that does not fit: a position in characters, above 0."""
    window = _window(text)
    closed = [(span.start, span.end) for span in spans(text) if span.start < window]
    for pattern, least in ((_SENTENCE, window // 3), (_WORD, window // 3)):
        for match in reversed(list(pattern.finditer(text, 0, window + 1))):
            at = min(int(match.end()), window)
            if at <= least:
                break
            if not _inside(at, closed):
                return at
    for start, end in closed:
        if 0 < start < window < end:
            return start
    return window


def _window(text: str) -> int:
    """How many characters from the start fit, whole graphemes only (at least one)."""
    end = size = 0
    for count, match in enumerate(_GRAPHEME.finditer(text)):
        size += len(match[0].encode())
        if end and (count >= LENGTH or size > BYTES):
            break
        end = match.end()
    return end


def _inside(at: int, closed: list[tuple[int, int]]) -> bool:
    return any(start < at < end for start, end in closed)
