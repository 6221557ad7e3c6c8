"""The manifest of the rehearsal network, and how a channel is opened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from earful.kit.text import graphemes
from earful.networks.contract import (
    Connector,
    Field,
    Identity,
    Manifest,
    Ports,
    Rejected,
    Samples,
)
from earful.networks.rehearsal.connector import RehearsalConnector
from earful.networks.rehearsal.doors import Door, LocalDoor
from earful.networks.rehearsal.remote import RemoteDoor
from earful.networks.rehearsal.town import IMAGES, LENGTH, PRIVATE_LENGTH, Plan

MOST_RATE, MOST_BACKLOG = 6_000, 10_000
"""Posts a minute, and posts at the start: more would fill the worker that serves everybody."""
_FIELDS = (
    Field("handle", "Handle", default="Northwind", help="The brand account this channel is"),
    Field(
        "handles",
        "All handles of the brand",
        help="Separated by spaces; channels that share a ledger or a service share the town",
    ),
    Field("seed", "Seed", default="1", help="The same seed plays the same customers"),
    Field("rate", "Posts per minute", default="6", help="0 for a silent town"),
    Field("backlog", "Posts at the start", default="25", help="Spread over the last 20 minutes"),
    Field("started_at", "Start", help="ISO 8601; empty for the first time it is opened"),
    Field(
        "ledger",
        "Ledger",
        help="A file that keeps what was published; empty for memory only",
        local=True,
    ),
    Field(
        "service",
        "Service",
        help="http://127.0.0.1:PORT of a rehearsal server; empty for none",
        place=True,
        nowhere=("",),
    ),
)


class RehearsalNetwork:
    """Runs on this machine alone: nothing read, sent or linked here reaches anybody."""

    manifest = Manifest(
        network="rehearsal",
        stays_home=True,
        title="Rehearsal",
        fields=_FIELDS,
        length=LENGTH,
        outreach="This is a rehearsal: nobody real is written to.",
        images=IMAGES,
        image_bytes=5_000_000,
        image_types=("image/png", "image/jpeg", "image/webp", "image/gif"),
        settle_for=60.0,
        direct_length=PRIVATE_LENGTH,
        direct_images=IMAGES,
        removes=True,
    )

    def open(
        self, config: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
    ) -> Connector:
        """A channel. Raises Rejected when the config makes no sense; touches nothing yet."""
        del secrets  # there are none: nobody signs in to a rehearsal
        handle = config.get("handle", "").strip().lstrip("@") or "Northwind"
        return RehearsalConnector(_door(config, handle, ports), handle)

    def invitation(self, identity: Identity) -> str:
        """Where a person begins a private talk; it leads nowhere, like all links of a rehearsal."""
        return f"https://rehearsal.invalid/messages/{identity.handle}"

    def samples(self) -> Samples:
        """See Sampled."""
        from earful.networks.rehearsal import samples  # noqa: PLC0415 - for who measures

        return samples

    def count(self, text: str) -> int:
        """Length in graphemes."""
        return graphemes(text)


def _door(config: Mapping[str, str], handle: str, ports: Ports) -> Door:
    if service := config.get("service", "").strip():
        return RemoteDoor(service)
    return LocalDoor(plan(config, handle), ports.now, ports.wait)


def plan(config: Mapping[str, str], handle: str) -> Plan:
    """The town that `config` describes. Raises Rejected for values that make no sense."""
    handles = config.get("handles", "").replace("@", "").split()
    try:
        start = config.get("started_at", "")
        return Plan(
            seed=int(config.get("seed") or 1),
            rate=_within(float(config.get("rate") or 6), MOST_RATE),
            backlog=int(_within(int(config.get("backlog") or 25), MOST_BACKLOG)),
            handles=tuple(handles) if handle in handles else (handle, *handles),
            started_at=_instant(start) if start else None,
            ledger=Path(config["ledger"]) if config.get("ledger") else None,
        )
    except ValueError as error:
        raise Rejected(
            f"the rehearsal network does not understand its settings: {error}"
        ) from error


def _within(value: float, most: float) -> float:
    if not 0 <= value <= most:
        raise ValueError(f"{value:g} is not between 0 and {most:g}")
    return value


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
