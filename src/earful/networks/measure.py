"""What one channel takes: its server's own limits over those of the network's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from earful.networks.contract import Limits, Manifest, Measures, Network, Splits
from earful.networks.registry import network


class Measure:
    """How a channel counts, cuts and bounds what is written for it."""

    def __init__(self, found: Network, own: Limits) -> None:
        self._network, self._own = found, own
        self.manifest: Manifest = found.manifest
        self.length = own.length or found.manifest.length
        self.images = own.images or found.manifest.images
        self.image_bytes = own.image_bytes or found.manifest.image_bytes
        self.image_types = own.image_types or found.manifest.image_types

    def count(self, text: str) -> int:
        """The length of `text` as the channel counts it."""
        if isinstance(self._network, Measures):
            return self._network.count_by(text, self._own)
        return self._network.count(text)

    def split(self, text: str) -> list[str]:
        """The posts that `text` goes out as."""
        if isinstance(self._network, Measures):
            return self._network.split_by(text, self._own)
        return self._network.split(text) if isinstance(self._network, Splits) else [text]

    def shown(self) -> dict[str, Any]:
        """The limits as the screen knows them."""
        return {
            "length": self.length,
            "link_length": self._own.link_length,
            "counted_in": self.manifest.counted_in,
            "images": self.images,
            "image_bytes": self.image_bytes,
            "image_types": list(self.image_types),
            "alt_text_required": self.manifest.alt_text_required,
            "threads": self.manifest.threads,
        }


def told_limits(limits: Limits) -> dict[str, Any]:
    """Limits as a channel's row keeps them: only what the server said."""
    built: dict[str, Any] = msgspec.to_builtins(limits)
    return {name: value for name, value in built.items() if value}


def measure(name: str, own: Mapping[str, Any] | None = None) -> Measure:
    """The measure of a channel of the network `name` with limits of its own, as its row has them.

    Raises UnknownNetwork.
    """
    return Measure(network(name), msgspec.convert(own or {}, Limits))
