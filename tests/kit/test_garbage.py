"""Memory that a burst needed goes back to the system."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from earful.kit.garbage import OLD, give_back, kept_small


class Knot:
    """Something that refers to itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector() -> Iterator[None]:
    """Python's collector, as it was before."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
async def test_what_was_loaded_is_left_alone_and_later_garbage_goes() -> None:
    async with kept_small():
        assert gc.get_freeze_count() > 1000
        assert gc.get_threshold()[2] == OLD
        knot = weakref.ref(Knot())
        give_back()
        assert knot() is None
