"""A simulated X for every test, and a connector's bench on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from earful.networks.x.simulator import Plan, simulated
from earful.networks.x.simulator.state import State
from tests.networks.x.bench import BRAND, Bench


@pytest.fixture
async def state() -> AsyncIterator[State]:
    """X, with its signs of life a little quicker."""
    async with simulated(Plan(brands=(BRAND,), keep_alive=2.0)) as running:
        yield running


@pytest.fixture
async def bench(state: State) -> AsyncIterator[Bench]:
    """The brand's connectors."""
    made = Bench(state)
    yield made
    await made.close()
