"""`earful set-aside` as an operator types it, beside a desk that runs."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from earful.cli.set_aside import set_aside
from earful.networks.contract import Unreadable
from earful.store.address import Addresses
from earful.store.pool import Database
from tests.cast import Cast, gather, post
from tests.desk.acts import rows, take


@pytest.fixture
async def cast(database: Database) -> Cast:
    """Three posts wait: two were kept whole, of the third nothing readable is left."""
    cast = await gather(database)
    for number in (1, 2):
        whole = msgspec.json.encode(post(f"p{number}", f"@Northwind parcel {number}")).decode()
        await take(cast, Unreadable(external_id=f"p{number}", reason="odd", payload=whole))
        cast.time.pass_(seconds=1)
    await take(cast, Unreadable(external_id="p3", reason="cut off", payload="{"))
    # Nobody listens there.
    await rows(cast, "UPDATE channel SET config = $1", {"service": "http://127.0.0.1:9"})
    return cast


@pytest.fixture
def say(cast: Cast, addresses: Addresses, tmp_path: Path) -> Any:
    """Runs the command."""
    environ = {
        "EARFUL_DATA_DIR": str(tmp_path),
        "EARFUL_DATABASE_URL": addresses.app,
        "EARFUL_SECRET_KEY": "k" * 32,
    }

    async def run(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner(env=environ).invoke, set_aside, list(words))

    return run


async def test_they_are_listed_newest_first_with_the_reason(say: Any) -> None:
    plain = await say("list")
    assert plain.exit_code == 0
    assert plain.output.splitlines()[-1] == "3 set aside"
    assert plain.output.index("cut off") < plain.output.index("p1")
    found = json.loads((await say("list", "--json")).output)["items"]
    assert [(one["external_id"], one["readable"]) for one in found] == [
        ("p3", False),
        ("p2", True),
        ("p1", True),
    ]
    assert found[1]["text"] == "@Northwind parcel 2"


async def test_one_is_taken_in_by_its_id_once(say: Any, cast: Cast) -> None:
    found = json.loads((await say("list", "--json")).output)["items"]
    for new in (True, False):
        said = await say("replay", found[1]["id"], "--json")
        assert said.exit_code == 0, said.output
        done = json.loads(said.output)
        assert (done["failed"], done["done"][0]["new"]) == (0, new)
    [message] = await rows(cast, "SELECT text FROM message")
    assert message["text"] == "@Northwind parcel 2"


async def test_all_are_taken_in_as_they_came_and_what_fails_is_told(say: Any, cast: Cast) -> None:
    said = await say("replay", "--all", "--json")
    assert said.exit_code == 1, "one still fails"
    answer = json.loads(said.output)
    assert answer["failed"] == 1
    assert [bool(one["trouble"]) for one in answer["done"]] == [False, False, True]
    assert "can't be asked for it now" in answer["done"][2]["trouble"]
    texts = await rows(cast, "SELECT text FROM message ORDER BY text")
    assert [row["text"] for row in texts] == ["@Northwind parcel 1", "@Northwind parcel 2"]
    assert json.loads((await say("list", "--json")).output)["items"][0]["external_id"] == "p3"


@pytest.mark.parametrize("words", [[], ["--all", "01890000-0000-7000-8000-000000000000"]])
async def test_either_ids_or_all(say: Any, words: list[str]) -> None:
    said = await say("replay", *words)
    assert said.exit_code == 2
    assert "say --all" in said.output


@pytest.mark.parametrize("key", ["nonsense", "01890000-0000-7000-8000-000000000000"])
async def test_an_id_that_is_none_is_told(say: Any, key: str) -> None:
    said = await say("replay", key)
    assert said.exit_code == 1
    assert "no such post" in said.output
