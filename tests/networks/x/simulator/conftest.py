"""A simulator in this process, with a clock that only tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from earful.networks.x.simulator import Plan, simulated

from .client import Brand

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def plan() -> Plan:
    """What the simulator is laid out with; tests may ask for another."""
    return Plan(brands=("Northwind", "NorthwindHelp"), keep_alive=0.05)


@pytest.fixture
async def brand(plan: Plan) -> AsyncIterator[Brand]:
    """The account @Northwind, signed in."""
    async with simulated(plan, now=lambda: START) as state:
        signed_in = Brand(state)
        yield signed_in
        await signed_in.close()
