"""The one conformance suite, on a real Bluesky network."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from earful.networks.conformance import CASES, Case, Harness, name_of
from tests.networks.bluesky.bench import Bench
from tests.networks.bluesky.harness import BlueskyHarness
from tests.networks.bluesky.network import Account, BlueskyNetwork
from tests.networks.faulty_line import FaultyLine


@pytest.fixture
async def harness(
    network: BlueskyNetwork, brand: Account, carol: Account
) -> AsyncIterator[BlueskyHarness]:
    """The brand's connector reaches its server over a line that can be disturbed."""
    line = FaultyLine(network.pds, strikes="com.atproto.repo.putRecord")
    await line.open()
    bench = Bench(line.url, brand)
    yield BlueskyHarness(bench, line, brand, carol)
    await bench.close()
    await line.close()


@pytest.mark.parametrize("case", CASES, ids=name_of)
async def test_conforms(case: Case, harness: Harness) -> None:
    """Each case raises Broken with the promise that was not kept."""
    await case(harness)
