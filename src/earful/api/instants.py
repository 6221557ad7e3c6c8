"""Instants that callers name: with a zone, and near enough to be counted from."""

from __future__ import annotations

from datetime import datetime

from earful.kit.refusal import Refused

FIRST, LAST = 2000, 2199


def sensible(instant: datetime) -> datetime:
    """`instant`, if it has a zone and lies within two centuries. Raises Refused."""
    if instant.tzinfo is None:
        raise Refused("invalid", "Write instants with their zone, such as 2026-12-24T00:00:00Z.")
    if not FIRST <= instant.year <= LAST:
        raise Refused("invalid", f"Ask for instants from {FIRST} to {LAST}.")
    return instant
