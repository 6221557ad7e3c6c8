"""Connectors of channels that networks call, kept open from one call to the next."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from earful.desk.ports import open_connector
from earful.networks.contract import Connector

MOST_OPEN = 200
_SETTINGS = ("network", "config", "secret", "session")


class _Open:
    """An open connector, the settings that it was opened with, and how many use it now."""

    def __init__(self, connector: Connector, settings: tuple[object, ...]) -> None:
        self.connector, self.settings = connector, settings
        self.users = 0
        self.stale = False

    async def leave(self) -> None:
        """Close it as soon as nobody uses it."""
        self.stale = True
        if not self.users:
            with contextlib.suppress(Exception):
                await self.connector.close()


class OpenHooks:
    """One connector a channel, opened anew when its settings or its session changed."""

    def __init__(self, state: Any) -> None:
        self._state = state
        self._open: dict[str, _Open] = {}

    @asynccontextmanager
    async def of(self, row: Mapping[str, Any]) -> AsyncIterator[Connector]:
        """The connector of a channel's row, for one call."""
        held = await self._held(row)
        try:
            yield held.connector
        finally:
            held.users -= 1
            if held.stale:
                await held.leave()

    async def close(self) -> None:
        """Close all."""
        held, self._open = list(self._open.values()), {}
        for one in held:
            await one.leave()

    async def _held(self, row: Mapping[str, Any]) -> _Open:
        settings = tuple(row[name] for name in _SETTINGS)
        before = self._open.pop(row["id"], None)
        if before is not None and before.settings == settings:
            self._open[row["id"]] = before  # the last used stands last
            before.users += 1
            return before
        state = self._state
        public_url = state.settings.public_url or ""
        opened = open_connector(state.database, state.keyring, state.now, row, public_url)
        made = self._open[row["id"]] = _Open(opened, settings)
        made.users += 1
        old = [before] if before is not None else []
        while len(self._open) > MOST_OPEN:
            old.append(self._open.pop(next(iter(self._open))))
        for one in old:
            await one.leave()
        return made
