"""Searching a network for what does not address us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec

from earful.networks.contract.posts import Batch


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for: posts that have all words of one of the `ways`.

    A word may be a phrase, begin with #, or name a domain that is linked to (url:). Posts with a
    word of `without`, or by its writers (from:), may be left out. `languages` are ISO 639 codes;
    none: any. `most` is how many posts to ask for at once.
    """

    ways: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    most: int = 100


def quoted(word: str) -> str:
    """A word of a way as most networks' searches want it: what is no plain word, in quotes."""
    word = word.removeprefix("url:")
    return word if word.startswith("#") or word.isalnum() else f'"{word}"'


@runtime_checkable
class Searches(Protocol):
    """Can be asked for posts of anybody by their words."""

    async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
        """Posts newer than the cursor, and the cursor that covers them. None: those of lately.

        Where there are more than can be read at once, the cursor says what is left, and the next
        call goes on with it.

        More than was asked for is no harm: it is matched again. Raises a NetworkError.
        """


@runtime_checkable
class Charges(Protocol):
    """A network on which reading costs money."""

    def price_of_search(self) -> tuple[int, str]:
        """Millionths of a currency for each post that a search reads, and the currency."""
