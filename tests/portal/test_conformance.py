"""The one conformance suite, on the portal: its visitors come by the real pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from earful.networks.conformance import CASES, Case, Fault, name_of
from earful.networks.contract import Draft, Network, Ports, RetryLater, Said, Uncertain
from earful.networks.portal import NETWORK
from earful.networks.portal.connector import PortalConnector
from earful.portal.board import PortalBoard
from tests.desk.acts import rows
from tests.portal.conftest import Desk, Visitor

NOTHING_HAPPENED = (Fault.UNREACHABLE, Fault.LIMITED, Fault.BROKEN, Fault.HANGS)


class Shaky(PortalBoard):
    """A board whose database goes away on request."""

    fault: Fault | None = None

    async def since(self, seq: int, most: int) -> list[Said]:
        if Shaky.fault is Fault.CUT_STREAM:
            raise RetryLater("the connection broke")
        return await super().since(seq, most)

    async def publish(self, draft: Draft, key: str) -> str:
        if Shaky.fault in NOTHING_HAPPENED:
            raise RetryLater("the connection broke")
        message_id = await super().publish(draft, key)
        if Shaky.fault is not None:
            raise Uncertain("the connection broke")
        return message_id


class PortalHarness:
    """The brand's portal, and a new visitor for each message."""

    network: Network = NETWORK

    def __init__(self, desk: Desk) -> None:
        self.desk, self.number = desk, 0
        self.talks: dict[str, tuple[Visitor, str]] = {}

    def channel(self) -> PortalConnector:
        """A connector with a board of its own."""
        desk = self.desk
        key = (desk.cast.workspace_id, desk.channel_id)
        board = Shaky(desk.cast.database, desk.cast.time, desk.shared.media, key, "")
        ports = Ports(desk.cast.time, self.wait, self, self, board=board)  # type: ignore[arg-type]
        opened = NETWORK.open({"slug": "help"}, {}, ports)
        assert isinstance(opened, PortalConnector)
        return opened

    async def wait(self, _: float) -> None:
        """Time flies."""
        await asyncio.sleep(0.01)

    def intruder(self) -> PortalConnector:
        """Nobody signs in here."""
        raise NotImplementedError("the portal has no secrets")

    async def expire(self) -> None:
        """Nor is there a session."""
        raise NotImplementedError("the portal has no session")

    async def write(self, text: str, *, at: Any = None, below: str | None = None) -> str | None:
        """Somebody fills in the form; the time she claims is nowhere on it."""
        del at
        self.number += 1
        visitor, path = Visitor(self.desk, f"203.0.113.{self.number}"), "/portal/help"
        if below is not None:
            visitor, path = self.talks[below]
        sent = await visitor.write(text, path)
        if sent.status_code != 303:
            return None
        [row] = await rows(
            self.desk.cast, "SELECT id FROM portal_message ORDER BY seq DESC LIMIT 1"
        )
        if below is None:
            path = sent.headers["location"].partition("?")[0]
        self.talks[row["id"]] = (visitor, path)
        return str(row["id"])

    async def erase(self, external_id: str) -> None:
        """Nobody takes back what she wrote here."""
        raise NotImplementedError("the portal recalls nothing")

    async def standing(self) -> list[str]:
        """All that the brand has put up."""
        found = await rows(self.desk.cast, "SELECT text FROM portal_message WHERE own ORDER BY seq")
        return [row["text"] for row in found]

    @asynccontextmanager
    async def _shaken(self, fault: Fault) -> AsyncIterator[None]:
        Shaky.fault = fault
        ending = None
        if fault is Fault.CUT_STREAM:  # it comes back by itself
            ending = asyncio.get_running_loop().call_later(0.2, self._mended)
        try:
            yield
        finally:
            if ending is not None:
                ending.cancel()
            self._mended()

    def _mended(self) -> None:
        Shaky.fault = None

    def fault(self, fault: Fault) -> Any:
        """Disturb the board for a while."""
        return self._shaken(fault)


@pytest.mark.parametrize("case", CASES, ids=name_of)
async def test_conforms(case: Case, desk: Desk) -> None:
    await case(PortalHarness(desk))
