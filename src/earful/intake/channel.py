"""The channel a batch came by."""

from __future__ import annotations

import msgspec


class Channel(msgspec.Struct, frozen=True):
    """What intake must know of the channel a batch came by."""

    id: str
    network: str
    inbox_id: str
    handle: str
    external_id: str
