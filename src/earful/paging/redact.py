"""Secrets of an address, taken out of what a service or the library said about it."""

from __future__ import annotations

import re
from urllib.parse import unquote

from earful.kit.text import one_line, storable

_PARTS = re.compile(r"[^/?&=:@,\s]+")
_SHORTEST = 4
HIDDEN = "…"


def redacted(words: str, address: str, host: str) -> str:
    """`words` on one line, without any part of `address` other than its `host`.

    Also parts that were written in another way (percent-encoded), and whatever follows a host.
    """
    said = storable(words, 2000)
    rest = address.partition("://")[2]
    parts = {part for text in (rest, unquote(rest)) for part in _PARTS.findall(text)}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _SHORTEST and part.lower() != host.lower():
            said = said.replace(part, HIDDEN)
    return one_line(re.sub(r"(https?://[^/\s]+)/\S*", rf"\1/{HIDDEN}", said), 300)
