"""Mastodon is connected by command, the server's address a setting."""

from __future__ import annotations

from pathlib import Path

from earful.store.address import Addresses
from earful.store.pool import Database
from tests.networks.by_command import commanded
from tests.networks.mastodon.server import Account, MockServer


async def test_it_is_connected_by_command(
    database: Database, addresses: Addresses, tmp_path: Path, mastodon: MockServer, brand: Account
) -> None:
    command = await commanded(database, addresses, tmp_path)
    config, secrets = {"instance": mastodon.url}, {"token": brand.token}
    assert (await command.connects("mastodon", config, secrets)).startswith(brand.acct)
    refused = await command.run("mastodon", config, {"token": "wrong"})
    assert refused.exit_code == 1
    assert "Mastodon" in refused.output + str(refused.exception)
