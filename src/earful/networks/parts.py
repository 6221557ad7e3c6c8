"""Pure: a text too long for one post, cut into the posts of a thread."""

from __future__ import annotations

from collections.abc import Callable

import regex

_SENTENCE = regex.compile(r"(?:[.!?…][\"'”’»)]*\s+|[。！？]\s*|\n+)")
_WORD = regex.compile(r"\s+")

Fits = Callable[[str], bool]
Window = Callable[[str], int]
Closed = Callable[[str], list[tuple[int, int]]]


def cut(text: str, fits: Fits, window: Window, closed: Closed) -> list[str]:
    """Parts that each fit: cut between sentences, else words, else where the window ends.

    `window` tells how many characters from the start of a text fit (at least one), `closed` which
    stretches (start, end) are not cut: links, mentions, unless one alone is longer than a post. A
    text that fits is returned as it is.
    """
    parts = []
    rest = text.strip() if not fits(text) else text
    while not fits(rest):
        at = _cut(rest, window(rest), closed(rest))
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    if rest or not parts:
        parts.append(rest)
    return parts


def _cut(text: str, window: int, closed: list[tuple[int, int]]) -> int:
    """Where to cut a text that does not fit: a position in characters, above 0."""
    closed = [span for span in closed if span[0] < window]
    for pattern, least in ((_SENTENCE, window // 3), (_WORD, window // 3)):
        for match in reversed(list(pattern.finditer(text, 0, window + 1))):
            at = min(int(match.end()), window)
            if at <= least:
                break
            if not any(start < at < end for start, end in closed):
                return at
    for start, end in closed:
        if 0 < start < window < end:
            return start
    return window
