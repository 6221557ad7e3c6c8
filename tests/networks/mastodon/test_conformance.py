"""The one conformance suite, on two servers that speak Mastodon's API each in its own way."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest

from earful.networks.conformance import CASES, Case, Harness, name_of
from earful.networks.mastodon.network import MastodonNetwork
from tests.networks.faulty_line import FaultyLine
from tests.networks.mastodon.bench import Bench
from tests.networks.mastodon.harness import MastodonHarness
from tests.networks.mastodon.server import Account, MockServer
from tests.networks.mastodon.village_server import VillageServer


class Roomy(MastodonNetwork):
    """The network as that server's limits make it."""

    manifest = msgspec.structs.replace(MastodonNetwork.manifest, length=5000)


STRIKES = "POST /api/v1/statuses"


@pytest.fixture
async def harness(
    mastodon: MockServer, brand: Account, carol: Account
) -> AsyncIterator[MastodonHarness]:
    """The brand's connector reaches its server over a line that can be disturbed."""
    line = FaultyLine(mastodon.url, strikes=STRIKES)
    await line.open()
    bench = Bench(line.url, brand.token)
    yield MastodonHarness(bench, line, mastodon, brand=brand, carol=carol)
    await bench.close()
    await line.close()


@pytest.fixture
async def strict(
    village: VillageServer, northwind: Account, dana: Account
) -> AsyncIterator[MastodonHarness]:
    """The same on the stand-in for GoToSocial."""
    line = FaultyLine(village.url, strikes=STRIKES)
    await line.open()
    bench = Bench(line.url, northwind.token)
    yield MastodonHarness(bench, line, village, brand=northwind, carol=dana, network=Roomy())
    await bench.close()
    await line.close()


@pytest.mark.parametrize("case", CASES, ids=name_of)
async def test_conforms(case: Case, harness: Harness) -> None:
    """Each case raises Broken with the promise that was not kept."""
    await case(harness)


@pytest.mark.parametrize("case", CASES, ids=name_of)
async def test_conforms_where_less_is_spoken(case: Case, strict: Harness) -> None:
    """WebSocket only, the key ignored, no rate headers, ids that are no numbers."""
    await case(strict)
