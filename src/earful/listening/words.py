"""Words of a post or a search, made alike however they are written."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_OF = re.compile("['’]s$")


def fold(text: str) -> str:
    """Small letters without accents, by compatibility (NFKD) and case folding (Unicode); without
    signs that nobody sees (Cf), which hide a word or tear it apart."""
    if text.isascii():
        return text.lower()
    # A letter may become a capital by compatibility, and another by being folded: once more each.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(
        sign
        for sign in apart
        if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a text, apostrophes left out: O'Brien is obrien, Acme's is acme."""
    found = _WORD.findall(fold(text))
    return tuple(
        re.sub("['’]", "", _OF.sub("", word)) if "'" in word or "’" in word else word
        for word in found
    )
