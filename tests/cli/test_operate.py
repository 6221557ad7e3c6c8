"""What a script does by commands is audited as what a person does on the screen."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from earful.cli.channels import channel
from earful.cli.operate import token, user
from earful.store.address import Addresses
from earful.store.pool import Database
from tests.cast import Cast, gather
from tests.desk.acts import rows

COMMANDS: dict[str, click.Command] = {"user": user, "token": token, "channel": channel}
LAST = "SELECT act, actor_kind, object_id FROM audit ORDER BY seq DESC LIMIT 1"


@pytest.fixture
async def cast(database: Database) -> Cast:
    """A desk that runs."""
    return await gather(database)


@pytest.fixture
def say(cast: Cast, addresses: Addresses, tmp_path: Path) -> Any:
    """Runs a command and gives its answer."""
    environ = {
        "EARFUL_DATA_DIR": str(tmp_path),
        "EARFUL_DATABASE_URL": addresses.app,
        "EARFUL_SECRET_KEY": "k" * 32,
    }

    async def run(*words: str) -> dict[str, Any]:
        runner, command = CliRunner(env=environ), COMMANDS[words[0]]
        said = await asyncio.to_thread(runner.invoke, command, [*words[1:], "--json"])
        assert said.exit_code == 0, said.output
        told: dict[str, Any] = json.loads(said.output)
        return told

    return run


async def test_rights_given_by_a_command_are_in_the_audit_log(say: Any, cast: Cast) -> None:
    mail = "root@northwind.example"
    added = await say("user", "add", "--name", "Rut", "--email", mail, "--role", "owner")
    assert [tuple(row) for row in await rows(cast, LAST)] == [
        ("agent.added", "system", added["agent_id"])
    ]
    made = await say("token", "create", "--email", mail, "--name", "t", "--scope", "admin")
    assert [tuple(row) for row in await rows(cast, LAST)] == [
        ("token.created", "system", made["id"])
    ]
    await say("user", "reset", "--email", mail)
    assert [tuple(row) for row in await rows(cast, LAST)] == [
        ("password.link_made", "system", added["agent_id"])
    ]
    account = await say("channel", "add", "rehearsal", "--handle", "Second")
    assert [tuple(row) for row in await rows(cast, LAST)] == [
        ("channel.connected", "system", account["id"])
    ]


async def test_who_was_added_by_a_command_is_told_whole(say: Any, cast: Cast) -> None:
    await say("user", "add", "--name", "Rut Arn", "--email", "rut@northwind.example")
    [told] = await rows(cast, "SELECT data FROM event WHERE kind = 'agent.added'")
    shown = told["data"]["agent"]
    assert (shown["name"], shown["initials"], shown["role"]) == ("Rut Arn", "RA", "agent")
