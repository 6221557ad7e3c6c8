"""E-mail addresses as names to sign in with."""

from __future__ import annotations

import re

from earful.accounts.errors import Invalid

_SHAPE = re.compile(r"[^\s@\x00-\x1f\x7f]{1,64}@[^\s@\x00-\x1f\x7f]{1,189}")


def clean_email(text: str) -> str:
    """`text` trimmed and in lower case. Raises Invalid when it is no address."""
    email = text.strip().lower()
    if len(email) > 254 or not _SHAPE.fullmatch(email) or not _encodable(email):
        raise Invalid("email", "Write an e-mail address, such as alice@example.org.")
    return email


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
