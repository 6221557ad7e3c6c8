"""A mailbox is connected by command, its servers' addresses settings."""

from __future__ import annotations

from pathlib import Path

from earful.store.address import Addresses
from earful.store.pool import Database
from tests.networks.by_command import commanded
from tests.networks.email.bench import Bench
from tests.networks.email.imap_server import PASSWORD, USER


async def test_it_is_connected_by_command(
    database: Database, addresses: Addresses, tmp_path: Path, bench: Bench
) -> None:
    command = await commanded(database, addresses, tmp_path)
    config = {name: value for name, value in bench.config.items() if name != "answer_within"}
    assert await command.connects("email", config, {"password": PASSWORD}) == USER
    refused = await command.run("email", config, {"password": "wrong"})
    assert refused.exit_code == 1
