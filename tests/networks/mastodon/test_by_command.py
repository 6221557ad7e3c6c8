"""Mastodon is connected by command, the server's address a setting."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from earful.store.address import Addresses
from earful.store.pool import Database
from tests.networks.by_command import commanded
from tests.networks.mastodon.server import Account, MockServer
from tests.networks.mastodon.village_server import VillageServer


async def test_it_is_connected_by_command(
    database: Database, addresses: Addresses, tmp_path: Path, mastodon: MockServer, brand: Account
) -> None:
    command = await commanded(database, addresses, tmp_path)
    config, secrets = {"instance": mastodon.url}, {"token": brand.token}
    assert (await command.connects("mastodon", config, secrets)).startswith(brand.acct)
    refused = await command.run("mastodon", config, {"token": "wrong"})
    assert refused.exit_code == 1
    assert "Mastodon" in refused.output + str(refused.exception)


async def test_with_a_token_on_a_plain_local_server(
    database: Database, addresses: Addresses, tmp_path: Path, village: VillageServer,
    northwind: Account,
) -> None:  # fmt: skip
    """`http://127.0.0.1` needs no setting: it is what the operator typed."""
    command = await commanded(database, addresses, tmp_path)
    assert village.url.startswith("http://127.0.0.1:")
    config, secrets = {"instance": village.url}, {"token": northwind.token}
    assert await command.connects("mastodon", config, secrets) == northwind.full


async def test_signed_in_by_command_on_a_plain_local_server(
    database: Database, addresses: Addresses, tmp_path: Path, village: VillageServer
) -> None:
    """Without a token the command says where to sign in, and takes where that ends, as a person at
    a terminal or a script would give it."""
    command = await commanded(database, addresses, tmp_path)
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "earful", "channel", "add", "mastodon"),
        *("--instance", village.url, "--json"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": ":".join(sys.path), **command.environ},
    )
    assert running.stdin is not None
    assert running.stdout is not None
    page = json.loads(await running.stdout.readline())["url"]
    sent = await village.http.get(page, follow_redirects=False)
    running.stdin.write(f"{sent.headers['location']}\n".encode())
    out, _ = await running.communicate()
    assert running.returncode == 0
    assert json.loads(out)["handle"].endswith("@village.example")
