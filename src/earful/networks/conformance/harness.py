"""What a test gives to the conformance cases, and how they complain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from earful.networks.contract import Connector, Network, NetworkError, Sends, Settles, Streams


class Fault(StrEnum):
    """What goes wrong between us and the network while a post is published."""

    UNREACHABLE = "no connection is accepted"
    HANGS = "the request is read and never answered"
    BROKEN = "the network answers 500"
    LIMITED = "the network answers 429"
    LOST_ANSWER = "the request is carried out and the answer lost"
    HALF_ANSWER = "the request is carried out and half the answer arrives"
    CUT_STREAM = "listening connections break in the middle of a frame"


class Channel(Connector, Streams, Sends, Settles, Protocol):
    """A connector that listens and speaks."""


class Harness(Protocol):
    """One account on a real peer, somebody who writes to it, and a line that can be disturbed."""

    network: Network

    def channel(self) -> Channel:
        """A fresh connector for the account; all share one stored session."""

    def intruder(self) -> Connector:
        """A connector for the account with a wrong secret and no session (asked for where the
        manifest has a secret field)."""

    async def expire(self) -> None:
        """Make the stored session one that the network no longer takes."""

    async def write(
        self, text: str, *, at: datetime | None = None, below: str | None = None
    ) -> str | None:
        """Somebody addresses the account, below a post of their own if told. The external id, or
        None if the network takes no such text. `at` is the time that the post claims."""

    async def erase(self, external_id: str) -> None:
        """Take what `write` made away."""

    async def standing(self) -> list[str]:
        """The texts of all that the account has published, oldest first."""

    def fault(self, fault: Fault) -> AbstractAsyncContextManager[None]:
        """Disturb the line for a while."""


Case = Callable[[Harness], Awaitable[None]]


class Broken(AssertionError):
    """A promise of the contract that was not kept."""


def name_of(case: Case) -> str:
    """The case's name, for a test's id."""
    return getattr(case, "__name__", "case")


def must(holds: object, promise: str) -> None:
    """Raise Broken unless `holds`."""
    if not holds:
        raise Broken(promise)


async def raises(call: Awaitable[object], *kinds: type[NetworkError]) -> NetworkError:
    """The error that `call` ends with. Raises Broken when it is none of `kinds`."""
    try:
        await call
    except kinds as error:
        return error
    raise Broken(f"it should have raised {' or '.join(kind.__name__ for kind in kinds)}")
