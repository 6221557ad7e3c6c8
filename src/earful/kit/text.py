"""Text from strangers, made safe to keep and to show in a list."""

from __future__ import annotations

import unicodedata

import regex

TEXT_LIMIT = 100_000
"""Characters kept of one message; the networks' own limits are far below."""

_GRAPHEME = regex.compile(r"\X")


def storable(text: str, limit: int = TEXT_LIMIT) -> str:
    """`text` without what PostgreSQL cannot store (NUL, lone surrogates), cut at `limit`."""
    clean = text.replace("\x00", "")
    if not clean.isascii():
        clean = clean.encode("utf-8", "replace").decode("utf-8")
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def one_line(text: str, limit: int = 200) -> str:
    """`text` on one line, white space folded, cut at `limit` characters."""
    flat = " ".join(text[: limit * 4].split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def graphemes(text: str) -> int:
    """Number of user-perceived characters (Unicode extended grapheme clusters, UAX 29)."""
    return len(_GRAPHEME.findall(text))


def folded(text: str) -> str:
    """`text` for comparing: compatibility-normalised and case-folded."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold()
