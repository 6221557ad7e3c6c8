"""Entries of the ledger, made up, to measure how fast they are translated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from earful.networks.contract import Change
from earful.networks.rehearsal.crowd import Burst, crowd
from earful.networks.rehearsal.ledger import Entry, Header
from earful.networks.rehearsal.translate import to_change

_AT = datetime(2026, 11, 1, tzinfo=UTC)


def payloads(count: int) -> list[bytes]:
    """So many entries, as the rehearsal's service tells them; 40% answer an earlier one."""
    header = Header("samples", 1, _AT)
    burst = Burst(n=count, replies=0.4, repeats=0.0)
    coming = crowd(burst, header=header, handle="Northwind", first=0, at=_AT)
    return [msgspec.json.encode(entry) for entry in coming]


def translate(payload: bytes) -> Sequence[Change]:
    """What an entry becomes, the way listening does it."""
    return (to_change(msgspec.json.decode(payload, type=Entry)),)
