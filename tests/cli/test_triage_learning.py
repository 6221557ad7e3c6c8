"""`earful triage train`, `models`, `use` and `corrections` as an operator types them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from earful.cli.triage import triage
from earful.store.address import Addresses
from earful.store.pool import Database
from tests.cast import Cast, gather
from tests.desk.acts import rows
from tests.triage.test_adapting import decisions


@pytest.fixture
async def cast(database: Database) -> Cast:
    """Alice, Bob and a channel in an empty database."""
    return await gather(database)


@pytest.fixture
def say(cast: Cast, addresses: Addresses, tmp_path: Path) -> Any:
    """Runs the command."""
    assert cast.alice.id
    environ = {
        "EARFUL_DATA_DIR": str(tmp_path),
        "EARFUL_DATABASE_URL": addresses.app,
        "EARFUL_SECRET_KEY": "k" * 32,
    }

    async def run(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, triage, list(words), env=environ)

    return run


async def test_learnt_from_a_file_listed_undone_and_audited(
    cast: Cast, say: Any, tmp_path: Path
) -> None:
    file = tmp_path / "labelled.jsonl"
    lines = [json.dumps({"text": one.text, "kind": one.kind}) for one in decisions(8)]
    file.write_text("\n".join([*lines, "", ""]))
    done = json.loads((await say("train", "--file", str(file), "--json")).output)
    assert (done["replaced"], done["decisions"]) == (True, 32)
    kept = json.loads((await say("models", "--json")).output)
    assert kept["in_use"] == done["model"] == kept["models"][0]["id"]
    assert (await say("use", "previous")).output == "In use from now on: shipped.\n"
    assert "* shipped" in (await say("models")).output
    told = json.loads((await say("corrections", "--json")).output)
    assert (told["judged"], told["items"]) == (0, [])
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]
    assert acts == ["triage.trained", "triage.chosen"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There are no posts in this file"),
        ("\n \n", "There are no posts in this file"),
        ("{", "Line 1 is no JSON"),
        ("[" * 100_000, "Line 1 is no JSON"),
        ('{"text": 5, "kind": "spam"}', "Line 1 is no object"),
        ('{"text": "x", "kind": "spam"}\n{"text": "x", "kind": "angry"}', "Line 2: `kind` is one"),
        ('{"text": "x", "kind": "spam"}', "There are 1 decisions"),
        ('{"text": "x", "kind": "spam"}\n' * 30, "All 30 decisions say spam"),
    ],
)
async def test_what_cannot_be_learnt_from(say: Any, tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text(text)
    done = await say("train", "--file", str(file))
    assert done.exit_code != 0
    assert words in done.output
    assert (await say("use", "nonsense")).exit_code != 0
