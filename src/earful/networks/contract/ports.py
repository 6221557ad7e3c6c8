"""What a connector is handed: clock, patience, tokens, rate budget, spend."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from earful.networks.contract.drafts import Draft


class Tokens(Protocol):
    """The channel's secret session, stored encrypted; `save` commits before it returns."""

    async def load(self) -> Mapping[str, Any] | None:
        """The last saved session, or None."""

    async def save(self, session: Mapping[str, Any]) -> None:
        """Commit a new session (a rotated refresh token must never be lost)."""


class RateBudget(Protocol):
    """The channel's rate budget, shared by all processes."""

    async def take(self, bucket: str, cost: int = 1) -> None:
        """Raise RetryLater when the budget of `bucket` is spent."""

    async def learn(self, bucket: str, remaining: int, resets_at: datetime) -> None:
        """Note what the network's headers said."""


class Spend(Protocol):
    """What a channel's calls cost, by UTC day. Money is in millionths of a dollar."""

    async def charge(self, kind: str, micros: int, count: int = 1) -> None:
        """Note `count` calls or resources of a kind that cost `micros` in all."""

    async def today(self) -> int:
        """What was charged since midnight UTC."""


class Unmetered:
    """The spend of a network that costs nothing."""

    async def charge(self, kind: str, micros: int, count: int = 1) -> None:
        """Nothing is kept."""

    async def today(self) -> int:
        """Nothing."""
        return 0


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a visitor on the desk's own pages; `seq` is the order in which they were kept.

    `before` is the id of the message above it, `person` the visitor's id, `pictures` are names for
    `Board.picture`, `invitation` the code she came with. With `gone_at` she took it back then.
    """

    id: str
    seq: int
    thread: str
    person: str
    name: str
    text: str
    at: datetime
    public: bool
    uri: str = ""
    before: str | None = None
    pictures: tuple[str, ...] = ()
    invitation: str = ""
    gone_at: datetime | None = None


class Board(Protocol):
    """The desk's own pages, for a network whose server is this very desk.

    Writing raises RetryLater when nothing was written, Uncertain when that is not known, and
    Rejected for a thread that is gone.
    """

    async def since(self, seq: int, most: int) -> list[Said]:
        """What visitors wrote after `seq`, in order. Raises RetryLater."""

    async def publish(self, draft: Draft, key: str) -> str:
        """Put a message up, once for each key. Returns its id."""

    async def find(self, key: str) -> str | None:
        """The id of what was put up under that key. Raises RetryLater."""

    async def picture(self, name: str) -> bytes | None:
        """A picture that a visitor sent, None when it is gone."""

    async def hide(self, message_id: str, *, hidden: bool) -> None:
        """Take a message off the public page, or put it back."""


async def unheard(words: str) -> None:
    """Where nobody listens to what a connector has to say."""


class Ports(msgspec.Struct, frozen=True):
    """What a connector is handed: instants from `now`, waits through `wait`, tokens, budget.

    `tell` puts words on the channel for its people while it goes on working ("listening only by
    mentions: the day's cap is near"); empty words take them away. `hook` is the address at which
    the network can call this channel, empty while the desk has no public one. `app_budget` is for
    limits that hold for the app, which several channels may share (see `Manifest.app_field`); None
    where a channel stands alone. `board` is there for
    a channel that is kept, where the network's server is the desk itself.
    """

    now: Callable[[], datetime]
    wait: Callable[[float], Awaitable[None]]
    tokens: Tokens
    budget: RateBudget
    spend: Spend = msgspec.field(default_factory=Unmetered)
    tell: Callable[[str], Awaitable[None]] = unheard
    hook: str = ""
    board: Board | None = None
    app_budget: RateBudget | None = None
