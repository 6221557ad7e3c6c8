"""A model's file, read part by part: all at once it would hold ten megabytes of boxed numbers."""

from __future__ import annotations

from array import array
from typing import Any

import msgspec


class Unreadable(ValueError):
    """No model, with the reason."""


class Written(msgspec.Struct):
    """A head, its weights not read yet."""

    bias: float
    signs: list[float]
    groups: dict[str, msgspec.Raw]

    def weights(self, group: str) -> array[float]:
        """Those for a group's grams."""
        return array("d", msgspec.json.decode(self.groups[group], type=list[float]))


class Vocabulary(msgspec.Struct):
    """The grams of a group, in order, and how rare each is."""

    grams: list[str]
    rarities: list[float]


class File(msgspec.Struct):
    """What a model's file says."""

    format: int
    names: list[str]
    groups: dict[str, Vocabulary]
    moods: dict[str, Written]
    means: list[float]
    scales: list[float]
    heads: dict[str, Written]
    leniency: float
    about: dict[str, Any]


def read_model(body: bytes) -> File:
    """What stands in a file. Raises Unreadable."""
    try:
        return msgspec.json.decode(body, type=File)
    except msgspec.MsgspecError as error:
        raise Unreadable(str(error)) from None
