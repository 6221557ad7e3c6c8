"""A simulated X for every test, and a connector's bench on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from earful.networks.x import NETWORK
from earful.networks.x.connector import XConnector
from earful.networks.x.simulator import Plan, simulated
from earful.networks.x.simulator.state import State
from earful.networks.x.simulator.wire import Listening
from tests.networks.x.bench import BRAND, Bench
from tests.networks.x.samples import US
from tests.networks.x.standin import StandIn


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


@pytest.fixture
async def x() -> StandIn:
    """An X that says what it is told."""
    made = StandIn()
    session = {"access_token": "a", "id": US.id, "handle": US.handle}
    await made.memory.tokens.save(session)
    return made


@pytest.fixture
async def connector(x: StandIn, request: pytest.FixtureRequest) -> AsyncIterator[XConnector]:
    """Asks it for mentions and messages; a parameter names other ways, by the app's token."""
    server = Listening(x.handle)
    ways = getattr(request, "param", "")
    config = {"api": await server.open(0), "listen": ways or "mentions,messages"}
    made = NETWORK.open(config, {"bearer_token": "b"} if ways else {}, x.memory.ports)
    assert isinstance(made, XConnector)
    yield made
    await made.close()
    await server.close()
