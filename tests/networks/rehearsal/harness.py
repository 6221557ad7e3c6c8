"""The rehearsal's harness for the conformance suite: its server behind a line with faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any

from earful.networks.conformance import Fault
from earful.networks.rehearsal import NETWORK
from earful.networks.rehearsal.connector import RehearsalConnector
from earful.networks.rehearsal.remote import RemoteDoor

from ..faulty_line import FaultyLine
from .serving import Server


class RehearsalHarness:
    """The brand behind the line; a guest writes to the server directly."""

    network = NETWORK

    def __init__(self, server: Server, line: FaultyLine) -> None:
        self._server, self._line = server, line
        self._mine: set[str] = set()

    def channel(self) -> RehearsalConnector:
        """A connector for the brand, patient for two seconds."""
        return RehearsalConnector(RemoteDoor(self._line.url, 2.0), "Northwind")

    def intruder(self) -> RehearsalConnector:
        """Nobody signs in to a rehearsal."""
        raise NotImplementedError("a rehearsal has no secrets")

    async def expire(self) -> None:
        """Nor is there a session."""
        raise NotImplementedError("a rehearsal has no session")

    async def write(
        self, text: str, *, at: datetime | None = None, below: str | None = None
    ) -> str | None:
        """A guest posts."""
        said: Mapping[str, Any] = {"text": text, "parent": below}
        if at:
            said = {**said, "at": at.isoformat()}
        answer = self._server.http.post("/guests", json=said)
        return str(answer.json()["id"]) if answer.status_code == 201 else None

    async def erase(self, external_id: str) -> None:
        """The guest takes it back."""
        self._server.ask("/asides", id=external_id, kind="deletion")

    async def standing(self) -> list[str]:
        """What the ledger says that the brand published."""
        return [entry.text for entry in self._server.entries() if entry.own]

    def fault(self, fault: Fault) -> AbstractAsyncContextManager[None]:
        """Disturb the line where it publishes; listening is cut by the server itself."""
        return self._cut() if fault is Fault.CUT_STREAM else self._line.fault(fault)

    @asynccontextmanager
    async def _cut(self) -> AsyncIterator[None]:
        self._server.ask("/faults", kind="half", on="changes")
        yield
