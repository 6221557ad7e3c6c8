"""The token that proves a form was ours: derived from a secret only the browser's cookie has."""

from __future__ import annotations

import base64
import hashlib
import hmac


def csrf_for(cookie: str) -> str:
    """The token that belongs to a session's (or a visitor's) cookie."""
    mac = hmac.digest(cookie.encode("utf-8", "replace"), b"earful csrf 1", hashlib.sha256)
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def csrf_matches(cookie: str | None, token: str | None) -> bool:
    """Whether `token` belongs to `cookie`, compared in constant time."""
    if not cookie or not token:
        return False
    return hmac.compare_digest(csrf_for(cookie).encode(), token.encode("utf-8", "replace"))
