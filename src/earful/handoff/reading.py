"""Reading what a stranger posted."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from earful.handoff.ticket import Forged


def decoded(body: bytes) -> Mapping[str, Any]:
    """The JSON object in `body`. Raises Forged."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Forged("it is no JSON") from None
    if not isinstance(said, dict):
        raise Forged("it is no JSON object")
    return said


def text_at(said: Any, *path: str) -> str:
    """The text (or number) at `path`; empty when there is none."""
    for name in path:
        said = said.get(name) if isinstance(said, dict) else None
    return str(said) if isinstance(said, str | int) and not isinstance(said, bool) else ""


def equal(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
