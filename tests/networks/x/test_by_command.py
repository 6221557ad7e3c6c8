"""X is connected by command, every address a setting: here that of a simulated X."""

from __future__ import annotations

from pathlib import Path

from earful.store.address import Addresses
from earful.store.pool import Database
from tests.networks.by_command import commanded
from tests.networks.x.bench import Bench


async def test_it_is_connected_by_command(
    database: Database, addresses: Addresses, tmp_path: Path, bench: Bench
) -> None:
    command = await commanded(database, addresses, tmp_path)
    assert await command.connects("x", bench.config, bench.secrets) == "Northwind"
    refused = await command.run("x", bench.config, {**bench.secrets, "access_token": "wrong"})
    assert refused.exit_code == 1
