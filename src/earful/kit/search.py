"""Words for the full-text index, the same for what is stored and what is asked.

PostgreSQL's parser splits on white space and signs. Scripts that write without spaces (Chinese,
Japanese, Thai, and Korean particles) would become one long word each; here their runs become
overlapping pairs of characters, which finds any part of a word. A character asked for by itself is
the beginning of a pair; so that it is found at the end of a run, too, that stands alone as well.
"""

from __future__ import annotations

import msgspec
import regex

from earful.kit.text import folded

_RUN = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]+"
)
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_APART = {n: " " for n in range(128) if not chr(n).isalnum()}
INDEX_LIMIT = 20_000
"""Characters of one message that can be found."""
WORD_LIMIT = 200


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def words(text: str) -> list[str]:
    """The searchable words of `text`, folded, in order."""
    plain = folded(text[:INDEX_LIMIT])
    if plain.isascii():
        found = plain.translate(_APART).split()
        return found if len(plain) <= WORD_LIMIT else [word[:WORD_LIMIT] for word in found]
    if not _RUN.search(plain):
        return [word[:WORD_LIMIT] for word in _WORD.findall(plain)]
    found = []
    for word in _WORD.findall(plain):
        end = 0
        for run in _RUN.finditer(word):
            if run.start() > end:
                found.append(word[end : run.start()])
            found.extend(_pairs(run.group(0)))
            end = run.end()
        if end < len(word):
            found.append(word[end:])
    return [word[:WORD_LIMIT] for word in found]


def indexable(text: str) -> str:
    """`text` as words parted by spaces, for `to_tsvector('simple', ...)`."""
    found = words(text)
    if text.isascii():
        return " ".join(found)
    ends = (run.group(0)[-1] for run in _RUN.finditer(folded(text[:INDEX_LIMIT])))
    return " ".join([*found, *dict.fromkeys(ends)])


class Query(msgspec.Struct, frozen=True):
    """Words that must all be there, and the beginning of one more ("" for none)."""

    words: tuple[str, ...]
    beginning: str

    def __str__(self) -> str:
        """As a tsquery."""
        return " & ".join([*self.words, f"{self.beginning}:*"] if self.beginning else self.words)


def parse(text: str) -> Query | None:
    """What is asked for: every word, the last one as a beginning; None without words."""
    asked = words(text)[:12]
    if not asked:
        return None
    if not text[-1:].isspace() and len(asked[-1]) > 2:
        return Query(_whole(asked[:-1]), asked[-1])
    return Query(_whole(asked), "")


def _whole(asked: list[str]) -> tuple[str, ...]:
    """Words as they are looked up: one character of a script kept in pairs begins its pairs."""
    return tuple(f"{word}:*" if len(word) == 1 and _RUN.match(word) else word for word in asked)


def query(text: str) -> str | None:
    """The tsquery of `text`; None without words."""
    asked = parse(text)
    return None if asked is None else str(asked)
