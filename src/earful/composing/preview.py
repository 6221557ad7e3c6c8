"""What a reply would look like on its network: counted and split as sending does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from earful.kit.refusal import Refused
from earful.kit.text import storable
from earful.networks.contract import Visibility, Warns
from earful.networks.measure import Measure, measure
from earful.networks.registry import network as find_network

MOST_PARTS = 10
"""Posts one reply may be split into where the network knows threads."""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """`length` and `limit` in the network's own count; `parts` are the posts it goes out as.

    `refusal` says in words why it would not go out as it stands; empty when it would.
    `warnings` say what the writer should know before she sends.
    """

    length: int
    limit: int
    counted_in: str
    parts: list[str]
    refusal: str = ""
    warnings: list[str] = msgspec.field(default_factory=list)


class Channel(msgspec.Struct, frozen=True):
    """What a preview must know of a channel: its network, its server's limits, what was typed."""

    network: str
    limits: Mapping[str, Any]
    config: Mapping[str, str]


def signed(text: str, initials: str) -> str:
    """`text` with the agent's sign-off ("^AB") at its end, once."""
    body = text.strip()
    sign = f"^{initials}"
    return body if not initials or body.endswith(sign) else f"{body} {sign}"


def fitting(measure: Measure, text: str, visibility: str = Visibility.PUBLIC) -> list[str]:
    """The posts a signed text goes out as. Raises Refused when they would be too many."""
    limits = measure.manifest
    direct, each = visibility == Visibility.DIRECT, measure.longest(visibility)
    if not each:
        raise Refused("invalid", f"There are no private messages from here on {limits.title}.")
    most = each * (MOST_PARTS if limits.threads and not direct else 1)
    if (length := measure.count(text)) > most:
        raise Refused("too-long", f"{length - most} too many: {limits.title} takes {most}.")
    parts = [text] if direct else measure.split(text)
    if len(parts) > MOST_PARTS:
        raise Refused("too-long", f"{len(parts)} posts are too many: at most {MOST_PARTS} at once.")
    return parts


def preview(channel: Channel, text: str, initials: str, visibility: Visibility) -> Preview:
    """How `text` would go out by this channel, signed."""
    measured = measure(channel.network, channel.limits)
    full = signed(storable(text), initials)
    refusal, parts = "", []
    try:
        parts = fitting(measured, full, visibility)
    except Refused as error:
        refusal = error.detail
    return Preview(
        length=measured.count(full),
        limit=measured.longest(visibility),
        counted_in=measured.manifest.counted_in,
        parts=parts,
        refusal=refusal,
        warnings=_warnings(channel, full, visibility),
    )


def _warnings(channel: Channel, text: str, visibility: Visibility) -> list[str]:
    network = find_network(channel.network)
    return network.warn(text, visibility, channel.config) if isinstance(network, Warns) else []
