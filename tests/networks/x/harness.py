"""X's harness for the conformance suite: the simulator behind a line that can be cut."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from earful.networks.conformance import Fault
from earful.networks.x import NETWORK
from earful.networks.x.connector import XConnector
from earful.networks.x.simulator import faults, stage
from tests.networks.x.bench import Bench
from tests.networks.x.line import Line

_LONGEST = 25_000
_KINDS: dict[Fault, faults.Kind] = {
    Fault.HANGS: "hang",
    Fault.BROKEN: "500",
    Fault.LIMITED: "429",
    Fault.LOST_ANSWER: "drop",
    Fault.HALF_ANSWER: "half",
}


class XHarness:
    """@Northwind behind the line; @carol writes to it in X's own app."""

    network = NETWORK

    def __init__(self, bench: Bench, line: Line) -> None:
        self._bench, self._line = bench, line

    def channel(self) -> XConnector:
        """A fresh connector on the stored session."""
        return self._bench.open()

    def intruder(self) -> XConnector:
        """A connector whose tokens are nobody's."""
        self._bench.memory.tokens.saved.clear()
        return self._bench.open({"access_token": "wrong", "refresh_token": "wrong"})

    async def expire(self) -> None:
        """X takes the access token for expired, which our clock does not know."""
        self._bench.state.tokens.expire(self._bench.brand.id)

    async def write(
        self,
        text: str,
        *,
        at: datetime | None = None,  # noqa: ARG002 - see below
        below: str | None = None,
    ) -> str | None:
        """Carol mentions the brand. X takes no text longer than a long post, and nobody's word for
        when it was written: `at` makes no difference."""
        if len(text) > _LONGEST:
            return None
        return self._bench.says(f"@{self._bench.brand.username} {text}", reply_to=below)

    async def erase(self, external_id: str) -> None:
        """Carol takes it back."""
        stage.delete(self._bench.world, external_id)

    async def standing(self) -> list[str]:
        """All that stands of us."""
        return self._bench.ours()

    def fault(self, fault: Fault) -> AbstractAsyncContextManager[None]:
        """Disturb publishing, or the line."""
        return self._fault(fault)

    @asynccontextmanager
    async def _fault(self, fault: Fault) -> AsyncIterator[None]:
        pending = self._bench.state.faults
        before = pending.struck + self._line.cuts
        if fault is Fault.UNREACHABLE:
            await self._line.close()
        elif fault is Fault.CUT_STREAM:
            self._line.cutting = True
        else:
            pending.add(faults.Fault(_KINDS[fault], "publish", 0))
        try:
            yield
            if fault is Fault.CUT_STREAM:
                await self._line.cut.wait()  # asking may have told sooner than the stream
        finally:
            pending.clear()
            self._line.cutting = False
            if fault is Fault.UNREACHABLE:
                await self._line.open()
        if fault is not Fault.UNREACHABLE and pending.struck + self._line.cuts == before:
            raise AssertionError(f"the fault struck nothing: {fault}")
