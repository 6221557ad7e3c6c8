"""Ids are uuid7 strings: they cluster in an index by age, but are never an order of events."""

from __future__ import annotations

import re

import uuid_utils

_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """A fresh uuid7 as a string of 36 characters."""
    return str(uuid_utils.uuid7())


def is_id(text: str) -> bool:
    """Whether `text` has the shape of an id (lower case, with hyphens)."""
    return _SHAPE.fullmatch(text) is not None
