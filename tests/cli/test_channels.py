"""Channels by command: secrets from files and pipes, sign-in on a network's pages, checks."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from earful.cli.channels import _add_command, channel
from earful.desk import authorize
from earful.networks.contract import Finding
from earful.networks.registry import networks
from earful.store.address import Addresses
from earful.store.pool import Database
from tests.cast import Cast, gather
from tests.desk.acts import rows
from tests.networks import doors

STATE = "s" * 43
BACK = f"http://127.0.0.1:8420/oauth/callback?state={STATE}&code=good"


@pytest.fixture
async def cast(database: Database, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A desk that runs, and a network with pages of its own."""
    monkeypatch.setattr(doors, "TOWN", doors.Town())
    monkeypatch.setitem(networks(), doors.NAME, doors.NETWORK)
    monkeypatch.setattr(authorize, "new_state", lambda: STATE)
    return await gather(database)


@pytest.fixture
def run(cast: Cast, addresses: Addresses, tmp_path: Path) -> Any:
    """Runs a command with this standard input."""
    assert cast.workspace_id
    environ = {
        "EARFUL_DATA_DIR": str(tmp_path),
        "EARFUL_DATABASE_URL": addresses.app,
        "EARFUL_SECRET_KEY": "k" * 32,
    }

    async def ask(command: click.Command, *words: str, said: str = "") -> Result:
        runner = CliRunner(env=environ)
        return await asyncio.to_thread(runner.invoke, command, list(words), input=said)

    return ask


async def test_secrets_and_the_pasted_address_come_by_standard_input(run: Any, cast: Cast) -> None:
    add = _add_command("doors")
    done = await run(add, "--app", "a1", "--key-file", "-", "--json", said=f"s3cret\n{BACK}\n")
    assert done.exit_code == 0, done.output
    url, made = map(json.loads, done.output.strip().splitlines())
    assert url == {"url": f"https://doors.example/authorize?state={STATE}"}
    assert made["handle"] == "Eastwind"
    assert doors.TOWN.asked[-1][1]["key"] == "s3cret"
    [row] = await rows(cast, "SELECT state, session FROM channel WHERE network = 'doors'")
    assert row["state"] == "active"
    assert row["session"]
    [line] = await rows(cast, "SELECT act, actor_kind FROM audit ORDER BY seq DESC LIMIT 1")
    assert tuple(line) == ("channel.connected", "system")


@pytest.mark.parametrize(
    "pasted",
    ["", "nonsense\n", BACK.replace("sss", "ttt") + "\n", BACK.replace("good", "no") + "\n"],
)
async def test_another_address_connects_nothing(
    run: Any, cast: Cast, tmp_path: Path, pasted: str
) -> None:
    secret = tmp_path / "key"
    secret.write_text("s3cret\n")
    done = await run(_add_command("doors"), "--key-file", str(secret), said=pasted)
    assert done.exit_code == 1
    assert await rows(cast, "SELECT 1 FROM channel WHERE network = 'doors'") == []


async def test_channels_are_listed_and_looked_over(run: Any, cast: Cast) -> None:
    await rows(cast, "UPDATE channel SET network = 'doors'")
    doors.TOWN.findings = (Finding("good", "SPF", "is set"), Finding("warn", "DKIM", "is weak"))
    listed = json.loads((await run(channel, "list", "--json")).output)
    [one] = listed["channels"]
    assert (one["id"], one["handle"]) == (cast.channel.id, "Northwind")
    fine = await run(channel, "check", one["id"], "--json")
    assert fine.exit_code == 0, fine.output
    assert [f["title"] for f in json.loads(fine.output)["findings"]] == ["DKIM", "SPF"]
    doors.TOWN.findings = (Finding("bad", "DKIM", "is missing"),)
    bad = await run(channel, "check", one["id"])
    assert (bad.exit_code, bad.output) == (1, "bad   DKIM: is missing\n")
    for nobody in ("nonsense", cast.workspace_id):
        assert (await run(channel, "check", nobody)).exit_code == 1
