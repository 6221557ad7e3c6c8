"""Where to go after signing in: a path of this site, and nothing that a browser reads otherwise."""

from __future__ import annotations

import re
from urllib.parse import quote

_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,2000}")
_OURS = ("/sign-in", "/sign-out", "/setup", "/invitation", "/password", "/rate")


def safe_next(text: str | None) -> str:
    """`text` if it is a path of this site that is not the way in itself, else "/"."""
    if text is None or not _PATH.fullmatch(text) or text.startswith(_OURS):
        return "/"
    return text


def with_next(path: str, next_: str) -> str:
    """`path`, remembering where to go on."""
    return path if next_ == "/" else f"{path}?next={quote(next_, safe='')}"
