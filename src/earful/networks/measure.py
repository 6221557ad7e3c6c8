"""What one channel takes: its server's own limits over those of the network's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from earful.networks.contract import (
    AnswersThere,
    Invites,
    Limits,
    Manifest,
    Measures,
    Network,
    Splits,
    Visibility,
    Warns,
    Welcomes,
)
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

    def longest(self, visibility: str) -> int:
        """The length of one message that these may read; 0 where there are none from here."""
        if visibility != Visibility.DIRECT:
            return self.length
        # Where a private message is a post like any other, the server's limit is that of both.
        alike = self.manifest.direct_length == self.manifest.length
        return self.length if alike else self.manifest.direct_length

    def most_images(self, visibility: str) -> int:
        """How many pictures one message may have that these read."""
        return self.manifest.direct_images if visibility == Visibility.DIRECT else self.images

    def can(self) -> dict[str, Any]:
        """What can be done by the channel beside public posts.

        `direct` is None where there are no private messages, and where there is nothing else.
        """
        manifest, found = self.manifest, self._network
        direct = None
        if manifest.direct_length and not manifest.private:
            direct = {
                "length": self.longest(Visibility.DIRECT),
                "images": manifest.direct_images,
                "note": manifest.direct_note,
            }
        return {
            "direct": direct,
            "private": manifest.private,
            "hides": manifest.hides,
            "removes": manifest.removes,
            "warnings": manifest.warnings,
            "invites": isinstance(found, Invites),
            "welcomes": found.way if isinstance(found, Welcomes) else "",
            "answers_there": isinstance(found, AnswersThere),
        }

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
            "files": self.manifest.files,
            "file_bytes": self.manifest.file_bytes,
            "file_types": list(self.manifest.file_types),
            "alt_text_required": self.manifest.alt_text_required,
            "threads": self.manifest.threads,
            "warns": isinstance(self._network, Warns),
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
