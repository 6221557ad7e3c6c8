"""Bluesky is connected by command, the server's and the relay's addresses settings."""

from __future__ import annotations

from pathlib import Path

from earful.store.address import Addresses
from earful.store.pool import Database
from tests.networks.bluesky.network import Account, BlueskyNetwork
from tests.networks.by_command import commanded


async def test_it_is_connected_by_command(
    database: Database,
    addresses: Addresses,
    tmp_path: Path,
    network: BlueskyNetwork,
    brand: Account,
) -> None:
    command = await commanded(database, addresses, tmp_path)
    config = {"service": network.pds, "firehose": network.pds, "handle": brand.handle}
    config |= {"pictures": "server", "chat": "off"}
    secrets = {"app_password": brand.password}
    assert await command.connects("bluesky", config, secrets) == brand.handle
    refused = await command.run("bluesky", config, {"app_password": "wrong"})
    assert refused.exit_code == 1
