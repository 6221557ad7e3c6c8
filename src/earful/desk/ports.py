"""What connectors are handed: clock, patience, and what is kept of a channel in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from earful.accounts.secrets import Keyring, context_of
from earful.desk.budgets import AppBudget, ChannelBudget, app_of
from earful.desk.channels import change_channel
from earful.desk.spend import ChannelSpend
from earful.kit.clock import Clock
from earful.kit.text import one_line, storable
from earful.media.files import MediaStore
from earful.networks.contract import Connector, Ports
from earful.networks.registry import network
from earful.portal.board import PortalBoard
from earful.store.pool import Database
from earful.stream.work import Works

LONGEST_NOTICE = 500
"""Characters of what a connector tells of its channel."""


class ChannelTokens:
    """A channel's session, sealed in its row; saving commits at once."""

    def __init__(
        self, database: Database, keyring: Keyring, workspace_id: str, channel_id: str
    ) -> None:
        self._database, self._keyring = database, keyring
        self._key = (workspace_id, channel_id)
        self._context = context_of(workspace_id, "channel.session", channel_id)

    async def load(self) -> Mapping[str, Any] | None:
        """The last session, or None."""
        async with self._database.acquire() as db:
            sealed = await db.fetchval(
                "SELECT session FROM channel WHERE workspace_id = $1 AND id = $2", *self._key
            )
        if sealed is None:
            return None
        session: Mapping[str, Any] = msgspec.json.decode(
            self._keyring.open(sealed, context=self._context)
        )
        return session

    async def save(self, session: Mapping[str, Any]) -> None:
        """Keep a new session."""
        sealed = self._keyring.seal(msgspec.json.encode(session), context=self._context)
        async with self._database.acquire() as db:
            await db.execute(
                "UPDATE channel SET session = $3 WHERE workspace_id = $1 AND id = $2",
                *self._key,
                sealed,
            )


def open_connector(
    database: Database,
    keyring: Keyring,
    clock: Clock,
    row: Mapping[str, Any],
    public_url: str = "",
    *,
    media: MediaStore | None = None,
) -> Connector:
    """The connector of a channel's row. Does not touch the network yet.

    `public_url` is where networks can call this desk; empty where they can't. `media` is needed
    where pictures lie with us already.
    """
    key, app = (row["workspace_id"], row["id"]), app_of(row)

    async def tell(words: str) -> None:
        async with Works(database, clock).open(key[0]) as work:
            await change_channel(work, key[1], "notice", one_line(storable(words), LONGEST_NOTICE))

    ports = Ports(
        now=clock,
        wait=asyncio.sleep,
        tokens=ChannelTokens(database, keyring, *key),
        budget=ChannelBudget(database, clock, *key),
        app_budget=AppBudget(database, clock, key[0], app) if app else None,
        spend=ChannelSpend(database, clock, *key),
        tell=tell,
        hook=hook_of(public_url, key[1]),
        board=PortalBoard(database, clock, media, key, public_url),
    )
    return network(row["network"]).open(row["config"], secrets_of(keyring, row), ports)


def secrets_of(keyring: Keyring, row: Mapping[str, Any]) -> dict[str, str]:
    """The secret fields of a channel's row."""
    if not row["secret"]:
        return {}
    context = context_of(row["workspace_id"], "channel.secret", row["id"])
    found: dict[str, str] = msgspec.json.decode(keyring.open(row["secret"], context=context))
    return found


def hook_of(public_url: str, channel_id: str) -> str:
    """Where a network calls a channel; empty without a public address."""
    return f"{public_url.rstrip('/')}/hooks/{channel_id}" if public_url else ""
