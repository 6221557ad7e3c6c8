"""`earful channel add NETWORK` as an operator runs it, on a server of the network nearby."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from earful.cli.channels import _add_command
from earful.store.address import Addresses
from earful.store.pool import Database
from tests.cast import Cast, gather
from tests.desk.acts import rows


class Command:
    """A desk, and the command run on it."""

    def __init__(self, cast: Cast, addresses: Addresses, folder: Path) -> None:
        self.cast, self._folder = cast, folder
        self.environ = {
            "EARFUL_DATA_DIR": str(folder),
            "EARFUL_DATABASE_URL": addresses.app,
            "EARFUL_SECRET_KEY": "k" * 32,
        }

    async def run(
        self, network: str, config: Mapping[str, str], secrets: Mapping[str, str]
    ) -> Result:
        """The command, secrets in files."""
        words = [part for name, value in config.items() for part in (_flag(name), value)]
        for name, value in secrets.items():
            file = self._folder / f"secret-{name}"
            file.write_text(f"{value}\n")
            words += [f"{_flag(name)}-file", str(file)]
        runner, command = CliRunner(env=self.environ), _add_command(network)
        return await asyncio.to_thread(runner.invoke, command, [*words, "--json"])

    async def connects(
        self, network: str, config: Mapping[str, str], secrets: Mapping[str, str]
    ) -> str:
        """The handle that it says was connected; an active channel with these settings stands."""
        done = await self.run(network, config, secrets)
        assert done.exit_code == 0, done.output
        made = json.loads(done.output)
        [row] = await rows(
            self.cast, "SELECT network, state, config FROM channel WHERE id = $1", made["id"]
        )
        assert (row["network"], row["state"]) == (network, "active")
        assert {name: row["config"][name] for name in config} == dict(config)
        assert not any(secret in str(row["config"]) for secret in secrets.values())
        return str(made["handle"])


async def commanded(database: Database, addresses: Addresses, folder: Path) -> Command:
    """A fresh desk's."""
    return Command(await gather(database), addresses, folder)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
