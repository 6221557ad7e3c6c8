"""The one conformance suite, on the rehearsal network's own server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from earful.networks.conformance import CASES, Case, Harness, name_of

from ..faulty_line import FaultyLine
from .harness import RehearsalHarness
from .serving import Server


@pytest.fixture
async def harness(server: Server) -> AsyncIterator[RehearsalHarness]:
    """The brand's connector reaches the server over a line that can be disturbed."""
    line = FaultyLine(server.url, strikes="POST /posts")
    await line.open()
    yield RehearsalHarness(server, line)
    await line.close()


@pytest.mark.parametrize("case", CASES, ids=name_of)
async def test_conforms(case: Case, harness: Harness) -> None:
    """Each case raises Broken with the promise that was not kept."""
    await case(harness)
