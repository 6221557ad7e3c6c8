"""Asks a channel's network something while an agent waits: outside of any transaction."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from earful.accounts.secrets import Keyring
from earful.desk.ports import open_connector
from earful.kit.clock import Clock
from earful.kit.refusal import Refused
from earful.networks.contract import Connector, NetworkError, Uncertain
from earful.networks.registry import network
from earful.store.pool import Database

ASK_FOR = 15.0
"""Seconds an agent waits for a network before she is told that it does not answer."""


@asynccontextmanager
async def asking(
    database: Database, keyring: Keyring, clock: Clock, channel: Mapping[str, Any]
) -> AsyncIterator[Connector]:
    """The connector of a channel's row, for one call. Raises Refused in words for the agent."""
    if channel["state"] == "off":
        raise Refused("held", "The channel of this conversation was disconnected.")
    title = network(channel["network"]).manifest.title
    try:
        connector = open_connector(database, keyring, clock, channel)
        try:
            async with asyncio.timeout(ASK_FOR):
                yield connector
        finally:
            with contextlib.suppress(Exception):
                await connector.close()
    except (Uncertain, TimeoutError) as error:
        raise Refused(
            "network", f"{title} did not answer. Look there whether it was done, or try again."
        ) from error
    except (NetworkError, OSError) as error:
        raise Refused("network", f"{title}: {error}") from error
