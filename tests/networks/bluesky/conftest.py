"""One Bluesky network for the session; a fresh brand, connector and customer for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from earful.store.address import ADMIN, socket_uri
from earful.store.running import Running
from tests.networks.bluesky.bench import Bench
from tests.networks.bluesky.network import Account, BlueskyNetwork, local_bluesky


@pytest.fixture(scope="session")
async def network(
    server: Running, admin: asyncpg.Connection[asyncpg.Record]
) -> AsyncIterator[BlueskyNetwork]:
    """The network, its AppView's tables in the test session's own PostgreSQL."""
    await admin.execute("CREATE DATABASE bluesky_appview")
    async with local_bluesky(socket_uri(server.socket_dir, ADMIN, "bluesky_appview")) as running:
        yield running
    await admin.execute("DROP DATABASE bluesky_appview WITH (FORCE)")


@pytest.fixture
async def brand(network: BlueskyNetwork) -> Account:
    """The account that the connector speaks for."""
    return await network.account("northwind", "Northwind")


@pytest.fixture
async def carol(network: BlueskyNetwork) -> Account:
    """Somebody who writes in."""
    return await network.account("carol", "Carol 🌻")


@pytest.fixture
async def bench(network: BlueskyNetwork, brand: Account) -> AsyncIterator[Bench]:
    """The brand's connector, with ports held in memory."""
    made = Bench(network.pds, brand)
    yield made
    await made.close()
