"""What a reply would look like on its network: counted and split as sending does it."""

from __future__ import annotations

import msgspec

from earful.kit.refusal import Refused
from earful.kit.text import storable
from earful.networks.contract import Splits
from earful.networks.registry import network as find_network

MOST_PARTS = 10
"""Posts one reply may be split into where the network knows threads."""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """`length` and `limit` in the network's own count; `parts` are the posts it goes out as.

    `refusal` says in words why it would not go out as it stands; empty when it would.
    """

    length: int
    limit: int
    counted_in: str
    parts: list[str]
    refusal: str = ""


def signed(text: str, initials: str) -> str:
    """`text` with the agent's sign-off ("^AB") at its end, once."""
    body = text.strip()
    sign = f"^{initials}"
    return body if not initials or body.endswith(sign) else f"{body} {sign}"


def fitting(network_name: str, text: str) -> list[str]:
    """The posts a signed text goes out as. Raises Refused when they would be too many."""
    network = find_network(network_name)
    limits = network.manifest
    most = limits.length * (MOST_PARTS if limits.threads else 1)
    if (length := network.count(text)) > most:
        raise Refused("too-long", f"{length - most} too many: {limits.title} takes {most}.")
    parts = network.split(text) if isinstance(network, Splits) else [text]
    if len(parts) > MOST_PARTS:
        raise Refused("too-long", f"{len(parts)} posts are too many: at most {MOST_PARTS} at once.")
    return parts


def preview(network_name: str, text: str, initials: str) -> Preview:
    """How `text` would go out, signed."""
    network = find_network(network_name)
    full = signed(storable(text), initials)
    refusal, parts = "", []
    try:
        parts = fitting(network_name, full)
    except Refused as error:
        refusal = error.detail
    return Preview(
        length=network.count(full),
        limit=network.manifest.length,
        counted_in=network.manifest.counted_in,
        parts=parts,
        refusal=refusal,
    )
