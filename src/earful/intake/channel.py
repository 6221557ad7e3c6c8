"""The channel a batch came by."""

from __future__ import annotations

from typing import Any

import msgspec


class Channel(msgspec.Struct, frozen=True):
    """What intake must know of the channel a batch came by."""

    id: str
    network: str
    inbox_id: str
    handle: str
    external_id: str


def channel_of(row: Any) -> Channel:
    """The channel of a row."""
    return Channel(**{name: row[name] for name in Channel.__struct_fields__})
