"""Ids are uuid7 strings: they cluster in an index by age, but are never an order of events."""

from __future__ import annotations

import re
from datetime import datetime

import uuid_utils

_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """A fresh uuid7 as a string of 36 characters."""
    return str(uuid_utils.uuid7())


def id_at(instant: datetime) -> str:
    """An id that sorts below all that were made from `instant` on."""
    digits = f"{int(instant.timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}-7000-8000-000000000000"


def is_id(text: str) -> bool:
    """Whether `text` has the shape of an id (lower case, with hyphens)."""
    return _SHAPE.fullmatch(text) is not None
