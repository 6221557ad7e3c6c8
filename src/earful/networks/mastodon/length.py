"""Pure: the length of a text as Mastodon counts it, and the posts that a long one becomes.

Graphemes, but every link counts as 23 (a server may say otherwise), and of a person on another
server only the name: `@carol@other.example` is six long. The screen counts the same way
(`web/src/desk/shortened.ts`); `shortened.json` beside it runs through both.
"""

from __future__ import annotations

from collections.abc import Callable

import regex

from earful.kit.text import graphemes
from earful.networks.parts import cut

LENGTH = 500
LINK = 23
NAME = 32
"""Room left in every post for the name of whom it answers: names have at most 30 characters."""

_LINK = regex.compile(
    r"(?<![A-Za-z0-9_@$#./-])https?://(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}(?::[0-9]+)?"
    r"(?:[/?#][\p{L}\p{N}!*';:=+,.$/%#\[\]_~&|@()?-]*)?",
    regex.IGNORECASE,
)
_MENTION = regex.compile(r"(?<![A-Za-z0-9_/])@([A-Za-z0-9_]+)@[A-Za-z0-9.-]*[A-Za-z0-9]")
_GRAPHEME = regex.compile(r"\X")
_TRAILING = ".,;:!?'"


class Ruler:
    """Measures texts for posts of `length` characters in which a link counts as `link`; with
    `every` each character of it counts, as of everything."""

    def __init__(self, length: int = LENGTH, link: int = LINK, *, every: bool = False) -> None:
        self.length, self._link, self._every = length, link, every

    def count(self, text: str) -> int:
        """The length of `text`."""
        if self._every:
            return len(text)
        if "://" not in text and "@" not in text:
            return graphemes(text)
        return sum(weight for _, _, weight in self._pieces(text))

    def split(self, text: str) -> list[str]:
        """The posts a text goes out as; no link or mention is cut.

        Once a text must be cut anyway, every character counts as one, for some servers count so.
        """
        if self.count(text) <= self.length:
            return [text]
        return cut(text, self._fits, self._window, self._closed)

    def _fits(self, text: str) -> bool:
        return sum(weight for _, _, weight in self._pieces(text, len)) <= self.length

    def _window(self, text: str) -> int:
        """How many characters from the start fit, whole graphemes only (at least one)."""
        left = self.length
        end = 0
        closed = {start for start, _ in self._closed(text)}
        for start, stop, weight in self._pieces(text, len):
            if weight <= left:
                left, end = left - weight, stop
                continue
            if start not in closed:
                end = _whole(text, start, start + left) or end
            break
        return end or _first(text)

    def _closed(self, text: str) -> list[tuple[int, int]]:
        return [(start, end) for start, end, _ in self._special(text)]

    def _special(self, text: str) -> list[tuple[int, int, int]]:
        """Links and mentions of people elsewhere: where they stand, and what they count."""
        found = [(*span, self._link) for span in map(_link_span, _LINK.finditer(text))]
        taken = [(start, end) for start, end, _ in found]
        for match in _MENTION.finditer(text):
            if not any(start <= match.start() < end for start, end in taken):
                found.append((match.start(), match.end(), 1 + len(match[1])))
        if self._every:
            found = [(start, end, end - start) for start, end, _ in found]
        return sorted(found)

    def _pieces(
        self, text: str, measure: Callable[[str], int] = graphemes
    ) -> list[tuple[int, int, int]]:
        """The whole text in order, as stretches with what each counts."""
        pieces, at = [], 0
        for start, end, weight in self._special(text):
            if start > at:
                pieces.append((at, start, measure(text[at:start])))
            pieces.append((start, end, weight))
            at = end
        if at < len(text):
            pieces.append((at, len(text), measure(text[at:])))
        return pieces


def _first(text: str) -> int:
    found = _GRAPHEME.match(text)
    return found.end() if found else 1


def _whole(text: str, start: int, stop: int) -> int:
    """The end of the last grapheme that ends by `stop`; 0 when none does."""
    end = 0
    for match in _GRAPHEME.finditer(text, start):
        if match.end() > stop:
            break
        end = match.end()
    return end


def cuts(text: str, length: int, link: int = LINK, *, every: bool = False) -> list[str]:
    """The posts of a text where `length` characters are left for it in each."""
    return Ruler(max(1, length), link, every=every).split(text)


def _link_span(match: regex.Match[str]) -> tuple[int, int]:
    """A link without the signs of the sentence that it stands in."""
    address = match[0].rstrip(_TRAILING)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(_TRAILING)
    return match.start(), match.start() + len(address)
