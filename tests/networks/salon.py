"""A small network for tests: private messages, hidden replies, links, rules that bar programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from earful.networks.contract import (
    Draft,
    Identity,
    Manifest,
    NetworkError,
    Ports,
    Published,
    Reach,
    Receipt,
    Target,
)

NAME = "salon"


class Asked:
    """What the network was asked in this process, and how it answers."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.reach = Reach(True)
        self.error: NetworkError | None = None

    def note(self, what: str, about: Any) -> None:
        """Note a call, or refuse it."""
        if self.error:
            raise self.error
        self.calls.append((what, about))


class SalonConnector:
    """Keeps Connector, Sends, Reaches, Hides and Removes."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    async def probe(self) -> Identity:
        """Who we are."""
        return Identity("northwind", "Northwind")

    async def close(self) -> None:
        """Nothing to let go of."""

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Publish."""
        self._asked.note("send", draft)
        return Receipt((Published(f"salon-{key}", "", draft.text, {}),))

    async def reach(self, target: Target) -> Reach:
        """Whether they take private messages."""
        self._asked.note("reach", target)
        return self._asked.reach

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        """Hide a reply."""
        self._asked.note("hide" if hidden else "show", external_id)

    async def remove(self, external_id: str) -> None:
        """Take a post away."""
        self._asked.note("remove", external_id)


class SalonNetwork:
    """Keeps Network, AnswersThere, Invites and Welcomes."""

    way = "email"
    manifest = Manifest(
        network=NAME,
        title="Salon",
        fields=(),
        length=50,
        images=1,
        direct_length=200,
        direct_images=0,
        direct_note="Read by the host too.",
        hides=True,
        removes=True,
        warnings=True,
    )

    def __init__(self) -> None:
        self.asked = Asked()

    def open(
        self, config: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
    ) -> SalonConnector:
        """A channel."""
        del config, secrets, ports
        return SalonConnector(self.asked)

    def count(self, text: str) -> int:
        """Characters."""
        return len(text)

    def answer_there(self, external_id: str, uri: str, text: str) -> str:
        """The address that opens the salon."""
        return f"https://salon.example/reply?to={external_id}&at={uri}&text={text}"

    def invitation(self, identity: Identity) -> str:
        """Where a talk begins."""
        return f"https://salon.example/talk/{identity.handle}"

    def welcome(self, identity: Identity, config: Mapping[str, str], code: str) -> str:
        """Where to write instead."""
        del config
        return f"care-{code}@{identity.handle.lower()}.example"
