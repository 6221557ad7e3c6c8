"""What an entry point names, and what only some networks know before a channel is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import msgspec

from earful.networks.contract.abilities import Connector
from earful.networks.contract.manifest import Identity, Limits, Manifest
from earful.networks.contract.ports import Ports
from earful.networks.contract.posts import Change, Visibility


@runtime_checkable
class Hosts(Protocol):
    """A network whose channels name their own server, which may stand on a private address."""

    def origins(self, config: Mapping[str, str]) -> tuple[str, ...]:
        """Origins (`http://10.0.0.5:3000`) that whoever connected the channel typed.

        Pictures are fetched from exactly these even where the guard allows no private address.
        """


class Samples(Protocol):
    """Made-up payloads, to measure how fast a network's are translated."""

    def payloads(self, count: int) -> list[bytes]:
        """So many payloads as the network sends them, each one post that names us."""

    def translate(self, payload: bytes) -> Sequence[Change]:
        """What listening makes of one, without the network and without waiting."""


@runtime_checkable
class Sampled(Protocol):
    """Can be measured."""

    def samples(self) -> Samples:
        """Its payloads; a module will do."""


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


@runtime_checkable
class Measures(Protocol):
    """A network whose servers differ in how they count (see `Limited`)."""

    def count_by(self, text: str, limits: Limits) -> int:
        """The length of `text` where `limits` hold."""

    def split_by(self, text: str, limits: Limits) -> list[str]:
        """The posts a text goes out as there; the very same cuts `Sends.send` makes."""


class Grant(msgspec.Struct, frozen=True):
    """A sign-in under way: where the person goes, and what is kept (sealed) until she is back."""

    url: str
    keep: Mapping[str, Any]


@runtime_checkable
class Authorizes(Protocol):
    """A network that is signed in to on its own pages."""

    async def begin(
        self, config: Mapping[str, str], secrets: Mapping[str, str], callback: str, state: str
    ) -> Grant:
        """Start: `state` comes back with the person and is checked by the desk."""

    async def finish(
        self,
        config: Mapping[str, str],
        secrets: Mapping[str, str],
        callback: str,
        keep: Mapping[str, Any],
        query: Mapping[str, str],
    ) -> Mapping[str, Any]:
        """The session to keep as the channel's tokens. Raises Rejected when the person said no."""


@runtime_checkable
class Warns(Protocol):
    """Knows what a writer should know before she sends (a price, a rule)."""

    def warn(self, text: str, visibility: Visibility, config: Mapping[str, str]) -> list[str]:
        """Warnings in words; none if all is well."""


@runtime_checkable
class AnswersThere(Protocol):
    """Can open the network's own app at a post, ready to answer."""

    def answer_there(self, external_id: str, uri: str, text: str) -> str:
        """The https address that opens it."""


@runtime_checkable
class Invites(Protocol):
    """Has a link by which a person begins a private talk with us."""

    def invitation(self, identity: Identity) -> str:
        """The https address, to be put into a public reply."""


@runtime_checkable
class Welcomes(Protocol):
    """Takes people in who were asked in public, on another network, to write here instead."""

    way: str
    """What the move is called: "email" or "portal"."""

    def welcome(self, identity: Identity, config: Mapping[str, str], code: str) -> str:
        """How to reach us, as it is put into a public reply, with the code in it. The first post
        that carries the code says so in `Post.invitation`."""
