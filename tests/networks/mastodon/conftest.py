"""One server for the session; a fresh brand, connector and customer for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.networks.mastodon.bench import Bench
from tests.networks.mastodon.server import Account, MockServer, mock_server
from tests.networks.mastodon.village_server import VillageServer, village_server


@pytest.fixture(scope="session")
async def mastodon(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MockServer]:
    """A server that speaks the whole API."""
    folder: Path = tmp_path_factory.mktemp("mastodon")
    async with mock_server(folder) as running:
        yield running


@pytest.fixture
async def brand(mastodon: MockServer) -> Account:
    """The account that the connector speaks for."""
    return await mastodon.account("northwind")


@pytest.fixture
async def carol(mastodon: MockServer) -> Account:
    """Somebody who writes in."""
    return await mastodon.account("carol")


@pytest.fixture
async def bench(mastodon: MockServer, brand: Account) -> AsyncIterator[Bench]:
    """The brand's connector, with ports held in memory."""
    made = Bench(mastodon.url, brand.token)
    yield made
    await made.close()


@pytest.fixture
async def village() -> AsyncIterator[VillageServer]:
    """A stand-in for GoToSocial."""
    async with village_server() as running:
        yield running


@pytest.fixture
async def northwind(village: VillageServer) -> Account:
    """The brand in the village."""
    return await village.account("northwind")


@pytest.fixture
async def dana(village: VillageServer) -> Account:
    """Somebody in the village who writes in."""
    return await village.account("dana")


@pytest.fixture
async def there(village: VillageServer, northwind: Account) -> AsyncIterator[Bench]:
    """The brand's connector in the village."""
    made = Bench(village.url, northwind.token)
    yield made
    await made.close()
