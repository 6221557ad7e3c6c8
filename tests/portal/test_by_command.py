"""A portal is made by command."""

from __future__ import annotations

from pathlib import Path

from earful.store.address import Addresses
from earful.store.pool import Database
from tests.networks.by_command import commanded


async def test_it_is_connected_by_command(
    database: Database, addresses: Addresses, tmp_path: Path
) -> None:
    command = await commanded(database, addresses, tmp_path)
    config = {"slug": "help", "name": "Northwind"}
    assert await command.connects("portal", config, {}) == "help"
    again = await command.run("portal", config, {})
    assert again.exit_code == 1
