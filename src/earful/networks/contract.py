"""What a network must be able to say and do: the contract every connector keeps.

A connector is a translator. It never sees the database and never sleeps on its own account:
clock, tokens, rate budget and cursor are handed in as `Ports`. What it can do is what it
implements: `Connector` is the least; `Streams`, `Polls`, `Sends`, `Settles`, `Looks` and `Shows`
are added as separate protocols and found with `isinstance`.

Errors carry the decision (design law 8)::

    NetworkError
    +-- RetryLater(after)    nothing happened; try again after so many seconds
    +-- Rejected             will never work as it stands; tell the agent why
    +-- Reauthorize          the channel must be signed in again; hold it
    +-- Uncertain            it may or may not have happened; settle by looking, not by resending
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import msgspec


class Visibility(StrEnum):
    """Who can read a message."""

    PUBLIC = "public"
    DIRECT = "direct"
    EMAIL = "email"
    INTERNAL = "internal"


class Person(msgspec.Struct, frozen=True):
    """Somebody on a network. `external_id` is stable; `handle` (without @) and `name` change.

    `avatar` is the address of their picture; empty for none, or where the network does not say.
    """

    external_id: str
    handle: str
    name: str = ""
    bot: bool = False
    avatar: str = ""


class Attachment(msgspec.Struct, frozen=True):
    """A picture or film in an incoming post, still on the network at `url`.

    Pictures are fetched: by HTTP under guard, or, where `url` has another scheme, by the
    connector's `Shows`. What `mime` calls a film is a link only; then `url` is a page to watch it.
    """

    url: str
    mime: str = ""
    alt: str = ""
    width: int | None = None
    height: int | None = None


class Post(msgspec.Struct, frozen=True, kw_only=True, tag="post"):
    """A message as the network tells it: created, or with `edited_at` a newer text of a known one.

    `ref` is the connector's own luggage (such as a content hash) that it needs to reply later; it
    is kept as JSON and handed back untouched in `Target.ref`. Instants are aware, in UTC.
    `addressed` tells whether the post names us, quotes us or stands in a thread we are in.
    `own` tells that our own account wrote it; `key` is then the delivery key if the connector can
    read it back.
    """

    external_id: str
    author: Person
    text: str
    published_at: datetime
    uri: str = ""
    parent_id: str | None = None
    root_id: str | None = None
    quoted_id: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    language: str = ""
    attachments: tuple[Attachment, ...] = ()
    addressed: bool = True
    own: bool = False
    edited_at: datetime | None = None
    ref: Mapping[str, Any] = msgspec.field(default_factory=dict)


class Deletion(msgspec.Struct, frozen=True, kw_only=True, tag="deletion"):
    """A post that was taken away on the network at `at` (or seen to be gone then)."""

    external_id: str
    at: datetime


class Unreadable(msgspec.Struct, frozen=True, kw_only=True, tag="unreadable"):
    """A payload that could not be translated: set aside with `reason`, never dropped."""

    external_id: str
    reason: str
    payload: str


Change = Post | Deletion | Unreadable


class Batch(msgspec.Struct, frozen=True):
    """Changes in the order the network told them, and the cursor that covers them.

    `cursor` is the connector's own JSON object; it is stored in the transaction that accepts the
    changes and handed to `stream` or `fetch` after a restart. Repeats are allowed.
    """

    changes: tuple[Change, ...]
    cursor: Mapping[str, Any]


class Target(msgspec.Struct, frozen=True):
    """The post that is answered: its network id and the luggage its `Post.ref` carried."""

    external_id: str
    handle: str
    ref: Mapping[str, Any]


class Upload(msgspec.Struct, frozen=True):
    """A picture to publish: bytes, mime type, alt text (never empty) and size in pixels."""

    data: bytes
    mime: str
    alt: str
    width: int
    height: int


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be published. `root` is the first post of the thread, where the network asks."""

    text: str
    reply_to: Target | None = None
    root: Target | None = None
    uploads: tuple[Upload, ...] = ()
    visibility: Visibility = Visibility.PUBLIC
    language: str = ""


class Published(msgspec.Struct, frozen=True):
    """One post that stands on the network."""

    external_id: str
    uri: str
    text: str
    ref: Mapping[str, Any]


class Receipt(msgspec.Struct, frozen=True):
    """Proof of publication: the parts (one, or several for a thread) in order."""

    parts: tuple[Published, ...]


class Field(msgspec.Struct, frozen=True):
    """One thing a person must give to connect a channel."""

    name: str
    label: str
    secret: bool = False
    default: str = ""
    help: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a network allows. `length` is counted in graphemes, characters or as weighted."""

    network: str
    title: str
    fields: tuple[Field, ...]
    length: int
    counted_in: str = "graphemes"
    threads: bool = False
    images: int = 0
    image_bytes: int = 0
    image_types: tuple[str, ...] = ()
    alt_text_required: bool = True
    idempotent_send: bool = False
    settle_for: float = 600.0


class NetworkError(Exception):
    """The root of what a connector may raise.

    `begun` is set by `Sends.send`: how many of the draft's parts stand on the network all the same.
    """

    begun = 0


class RetryLater(NetworkError):
    """Nothing happened. Try again after `after` seconds."""

    def __init__(self, reason: str, after: float = 5.0) -> None:
        super().__init__(reason)
        self.after = after


class Rejected(NetworkError):
    """The network will not take this as it stands; the message says why in words for an agent."""


class Reauthorize(NetworkError):
    """The account's rights ran out or were withdrawn; the channel is held until signed in again."""


class Uncertain(NetworkError):
    """The call may have worked. It must be settled by looking."""


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


class Ports(msgspec.Struct, frozen=True):
    """What a connector is handed: instants from `now`, waits through `wait`, tokens, budget."""

    now: Callable[[], datetime]
    wait: Callable[[float], Awaitable[None]]
    tokens: Tokens
    budget: RateBudget


class Identity(msgspec.Struct, frozen=True):
    """Who we are on the network."""

    external_id: str
    handle: str
    name: str = ""


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
class Shows(Protocol):
    """Fetches pictures that lie where only the connector gets: addresses of its own scheme."""

    async def picture(self, url: str) -> bytes | None:
        """The picture, or None when it is gone."""


@runtime_checkable
class Hosts(Protocol):
    """A network whose channels name their own server, which may stand on a private address."""

    def origins(self, config: Mapping[str, str]) -> tuple[str, ...]:
        """Origins (`http://10.0.0.5:3000`) that whoever connected the channel typed.

        Pictures are fetched from exactly these even where the guard allows no private address.
        """


class Network(Protocol):
    """What the entry point names: the manifest, and how to open a channel."""

    manifest: Manifest

    def open(
        self, config: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
    ) -> Connector:
        """A connector for one account. Does not touch the network yet."""

    def count(self, text: str) -> int:
        """The length of `text` as this network counts it."""


@runtime_checkable
class Splits(Protocol):
    """A network that publishes a long text as several posts, one under the other."""

    def split(self, text: str) -> list[str]:
        """The posts a text goes out as; the very same cuts `Sends.send` makes."""
