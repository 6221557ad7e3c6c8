"""What a connector can do: the least, and what is found with `isinstance`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import msgspec

from earful.networks.contract.drafts import Draft, Receipt, Target
from earful.networks.contract.manifest import Identity, Limits
from earful.networks.contract.posts import Batch, Change, Post


@runtime_checkable
class Connector(Protocol):
    """One connected account."""

    async def probe(self) -> Identity:
        """Sign in and say who we are. Raises Reauthorize, Rejected or RetryLater."""

    async def close(self) -> None:
        """Let go of connections."""


@runtime_checkable
class Streams(Protocol):
    """Listens by a lasting connection. Ends or raises on trouble; the caller reconnects."""

    def stream(self, since: Mapping[str, Any] | None) -> AsyncIterator[Batch]:
        """Batches from the cursor on, gap-filled; None means from now, minus a short look back."""


@runtime_checkable
class Polls(Protocol):
    """Listens by asking."""

    async def fetch(self, since: Mapping[str, Any] | None) -> Batch:
        """All that is new since the cursor."""


@runtime_checkable
class Sends(Protocol):
    """Publishes."""

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Publish once. `key` (a uuid7) names the delivery and is the same at every attempt."""


@runtime_checkable
class Settles(Protocol):
    """Finds out what became of a delivery whose outcome is unknown."""

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """The receipt if all parts stand on the network, else None."""


@runtime_checkable
class Looks(Protocol):
    """Looks one post up, for parents that were never delivered."""

    async def look(self, external_id: str) -> Post | None:
        """The post, or None when it is gone or not for us to see."""


@runtime_checkable
class Revisits(Protocol):
    """Finds out what became of posts, on a network that does not tell of every deletion."""

    async def revisit(self, external_ids: Sequence[str]) -> tuple[Change, ...]:
        """Deletions and edits among these; those it has no word of are left out. Asked each night
        about all that are held, the newest first, which may take hours. Raises a NetworkError."""


@runtime_checkable
class Shows(Protocol):
    """Fetches pictures that lie where only the connector gets: addresses of its own scheme."""

    async def picture(self, url: str) -> bytes | None:
        """The picture, or None when it is gone."""


class Reach(msgspec.Struct, frozen=True):
    """Whether a person can be written to in private, and in words why not."""

    can: bool
    why: str = ""


@runtime_checkable
class Reaches(Protocol):
    """Knows who takes private messages."""

    async def reach(self, target: Target) -> Reach:
        """Whether the author of `target` takes a private message from us. May ask the network."""


@runtime_checkable
class Hides(Protocol):
    """Hides others' replies under our posts."""

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        """Hide a reply from those who read our thread, or show it again."""


@runtime_checkable
class Removes(Protocol):
    """Takes our own posts away."""

    async def remove(self, external_id: str) -> None:
        """Delete a post of ours. One that is gone already is no error."""


@runtime_checkable
class Limited(Protocol):
    """Has limits of its own server."""

    async def limits(self) -> Limits:
        """What the server says it allows."""


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at: `state` is good, warn or bad; `words` say what it means, what to do."""

    state: str
    title: str
    words: str


@runtime_checkable
class Describes(Protocol):
    """Knows what our own account says of itself."""

    async def describe(self) -> str:
        """Our profile's words, as text; empty for none. Raises a NetworkError."""


@runtime_checkable
class Checks(Protocol):
    """Can look its own set-up over."""

    async def check(self) -> tuple[Finding, ...]:
        """What was found, the worst first."""
