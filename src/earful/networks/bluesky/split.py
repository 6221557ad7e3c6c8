"""Pure: a text too long for one post into the posts of a thread."""

from __future__ import annotations

import regex

from earful.kit.text import graphemes
from earful.networks.bluesky.richtext import spans
from earful.networks.parts import cut

LENGTH = 300  # graphemes
BYTES = 3000  # of UTF-8; a text of long emoji sequences meets this first

_GRAPHEME = regex.compile(r"\X")


def split(text: str) -> list[str]:
    """Parts that each fit; a link, mention or hashtag is never cut if it can be helped."""
    return cut(text, fits, _window, _closed)


def fits(text: str) -> bool:
    """Whether a text is within a post's limits."""
    return len(text.encode()) <= BYTES and (len(text) <= LENGTH or graphemes(text) <= LENGTH)


def _closed(text: str) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans(text)]


def _window(text: str) -> int:
    """How many characters from the start fit, whole graphemes only (at least one)."""
    end = size = 0
    for count, match in enumerate(_GRAPHEME.finditer(text)):
        size += len(match[0].encode())
        if end and (count >= LENGTH or size > BYTES):
            break
        end = match.end()
    return end
