"""The one conformance suite, on a server that speaks Mastodon's API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from earful.networks.conformance import CASES, Case, Harness, name_of
from tests.networks.faulty_line import FaultyLine
from tests.networks.mastodon.bench import Bench
from tests.networks.mastodon.harness import MastodonHarness
from tests.networks.mastodon.server import Account, MockServer


@pytest.fixture
async def harness(
    mastodon: MockServer, brand: Account, carol: Account
) -> AsyncIterator[MastodonHarness]:
    """The brand's connector reaches its server over a line that can be disturbed."""
    line = FaultyLine(mastodon.url, strikes="POST /api/v1/statuses")
    await line.open()
    bench = Bench(line.url, brand.token)
    yield MastodonHarness(bench, line, mastodon, brand, carol)
    await bench.close()
    await line.close()


@pytest.mark.parametrize("case", CASES, ids=name_of)
async def test_conforms(case: Case, harness: Harness) -> None:
    """Each case raises Broken with the promise that was not kept."""
    await case(harness)
