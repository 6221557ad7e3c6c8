"""What every connector must do, as cases that its tests run against a real peer.

A test gives a `Harness` for its network and runs each of `CASES` on it::

    @pytest.mark.parametrize("case", CASES, ids=name_of)
    async def test_conforms(case: Case, harness: Harness) -> None:
        await case(harness)

A case raises `Broken` (an AssertionError) with what was promised and not kept.
"""

from __future__ import annotations

from earful.networks.conformance.ear import Ear
from earful.networks.conformance.harness import Broken, Case, Channel, Fault, Harness, name_of
from earful.networks.conformance.hearing import HEARING
from earful.networks.conformance.line import FaultyLine
from earful.networks.conformance.speaking import SPEAKING

CASES: tuple[Case, ...] = (*HEARING, *SPEAKING)

__all__ = ["CASES", "Broken", "Case", "Channel", "Ear", "Fault", "FaultyLine", "Harness", "name_of"]
