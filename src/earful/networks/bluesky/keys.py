"""Record keys and times made from the delivery key alone, so that a repeat is the same record."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

PARTS = 100  # the most posts one delivery may be split into
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"


def record_key(key: str, part: int) -> str:
    """The TID (13 characters, sorted by time) of the delivery's `part`, counted from 0.

    A TID holds microseconds and 10 bits of clock id. The uuid7 gives milliseconds; its random
    bits give the rest, so that two deliveries of one millisecond stay apart, and the part is
    added last, so that the parts of a thread sort in order.
    """
    if not 0 <= part < PARTS:
        raise ValueError(f"a delivery has at most {PARTS} parts")
    number = uuid.UUID(key).int
    chance = number & ((1 << 62) - 1)
    micros = (number >> 80) * 1000 + (chance >> 10) % (1000 - PARTS) + part
    value = (micros & ((1 << 53) - 1)) << 10 | (chance & 1023)
    return "".join(_SORTABLE[(value >> shift) & 31] for shift in range(60, -1, -5))


def made_at(key: str) -> datetime:
    """When the delivery key was made, to the millisecond."""
    millis = uuid.UUID(key).int >> 80
    return datetime.fromtimestamp(millis // 1000, UTC).replace(microsecond=millis % 1000 * 1000)


def stamp(instant: datetime) -> str:
    """An instant as records carry it."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
