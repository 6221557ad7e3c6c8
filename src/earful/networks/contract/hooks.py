"""The door at which a network calls us: webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import msgspec

from earful.networks.contract.posts import Batch


class Call(msgspec.Struct, frozen=True):
    """What a network asked of a channel's hook. Names of headers are in lower case; the body is
    untouched, for signatures are over its bytes."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = b""


class Answer(msgspec.Struct, frozen=True):
    """What the hook says. `batch` is accepted first: a network is told "yes" for what is kept.

    `revoked` says in words that our rights were withdrawn: the channel is held.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    batch: Batch | None = None
    revoked: str = ""


@runtime_checkable
class Hears(Protocol):
    """Is called by the network."""

    async def hear(self, call: Call) -> Answer:
        """Check who calls, and translate. A stranger gets a status of 401 or 403 and no batch."""
