"""The one conformance suite, on a simulated X: by all ears, and by each way alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from earful.networks.conformance import CASES, Case, Harness, name_of
from earful.networks.conformance.hearing import HEARING
from earful.networks.x.simulator.state import State
from tests.networks.x.bench import Bench
from tests.networks.x.harness import XHarness
from tests.networks.x.line import Line


@pytest.fixture
async def harness(state: State, request: pytest.FixtureRequest) -> AsyncIterator[XHarness]:
    """The connector reaches X over a line that can be cut."""
    line = Line(state.service)
    await line.open()
    # In this X a deletion by somebody else is told by looking again only: that is done soon.
    bench = Bench(state, line.url, look_again="0.2", **getattr(request, "param", {}))
    yield XHarness(bench, line)
    await bench.close()
    await line.close()


@pytest.mark.parametrize("case", CASES, ids=name_of)
async def test_conforms(case: Case, harness: Harness) -> None:
    """Each case raises Broken with the promise that was not kept."""
    await case(harness)


# Without streams there is none to be cut.
ASKING = [case for case in HEARING if name_of(case) != "listens_on_after_a_cut"]


@pytest.mark.parametrize("case", ASKING, ids=name_of)
@pytest.mark.parametrize(
    "harness", [{"listen": "mentions", "names": "post"}], ids=["asking"], indirect=True
)
async def test_hears_by_asking_alone(case: Case, harness: Harness) -> None:
    """By questions only, and in the new words."""
    await case(harness)
