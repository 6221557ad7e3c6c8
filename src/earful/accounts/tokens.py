"""Random tokens that are shown once, and the digest that is kept of them."""

from __future__ import annotations

import hashlib
import re
import secrets

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """256 random bits as 43 characters that are safe in a URL and a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is stored. Plain sha256 is enough: 256 random bits can't be guessed from it."""
    return hashlib.sha256(token.encode()).digest()


def is_token(text: str | None) -> bool:
    """Whether `text` could be a token at all, so that rubbish costs no query."""
    return text is not None and _SHAPE.fullmatch(text) is not None
