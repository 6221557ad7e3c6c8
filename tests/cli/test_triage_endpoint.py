"""`earful triage endpoint` and `predict --endpoint` as an operator types them."""

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
from tests.triage.endpoint import standing


@pytest.fixture
async def cast(database: Database) -> Cast:
    """Alice, Bob and a channel in an empty database."""
    return await gather(database)


@pytest.fixture
def say(cast: Cast, addresses: Addresses, tmp_path: Path) -> Any:
    """Runs the command."""
    environ = {
        "EARFUL_DATA_DIR": str(tmp_path),
        "EARFUL_DATABASE_URL": addresses.app,
        "EARFUL_SECRET_KEY": "k" * 32,
    }
    assert cast.alice.id

    async def run(*words: str, said: str = "") -> Result:
        return await asyncio.to_thread(
            CliRunner().invoke, triage, list(words), env=environ, input=said
        )

    return run


async def test_set_shown_and_turned_off(cast: Cast, say: Any, tmp_path: Path) -> None:
    assert "stays on this machine" in (await say("endpoint")).output
    key = tmp_path / "key"
    key.write_text("sk-secret\n")
    async with standing() as stand:
        words = ("endpoint", "--url", stand.url, "--model", "small", "--key-file", str(key))
        done = await say(*words)
        assert done.exit_code == 0, done.output
        assert f"small at {stand.url} is asked since" in done.output
        assert len(stand.asked) == 1
        assert stand.headers[0]["authorization"] == "Bearer sk-secret"
    shown = json.loads((await say("endpoint", "--json")).output)["endpoint"]
    assert (shown["model"], shown["has_key"], shown["trouble"]) == ("small", True, "")
    assert "sk-secret" not in json.dumps(shown)
    assert "stays on this machine" in (await say("endpoint", "--off")).output
    assert json.loads((await say("endpoint", "--off", "--json")).output) == {"endpoint": None}
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]
    assert acts == ["triage.asked", "triage.left_alone"]


@pytest.mark.parametrize(
    ("url", "model", "words"),
    [
        ("", "small", "looks like"),
        ("localhost:11434", "small", "looks like"),
        ("ftp://localhost/v1", "small", "looks like"),
        ("http://user:pass@localhost/v1", "small", "looks like"),
        ("http://localhost/v1?key=1", "small", "looks like"),
        ("http://exa\x01mple/v1", "small", "no web address"),
        ("http://localhost:99999999/v1", "small", "looks like"),
        ("http://[", "small", "can't be reached"),
        ("http://localhost/v1", " ", "a model's name"),
        ("http://localhost/" + "v" * 600, "small", "500 signs"),
        ("http://127.0.0.1:9/v1", "small", "can't be reached"),
    ],
)
async def test_what_can_not_be_asked_changes_nothing(
    cast: Cast, say: Any, url: str, model: str, words: str
) -> None:
    done = await say("endpoint", "--url", url, "--model", model)
    assert done.exit_code != 0
    assert words in done.output
    assert "Nothing was changed" in done.output
    assert await rows(cast, "SELECT 1 FROM triage_endpoint") == []
    assert (await say("endpoint", "--url", url, "--off")).exit_code == 2


@pytest.mark.parametrize("kept", [None, b"\xff\xfe", b"two\nlines", "schl\u00fcssel".encode()])
async def test_a_file_that_holds_no_key_is_refused(
    say: Any, tmp_path: Path, kept: bytes | None
) -> None:
    file = tmp_path / "key"
    if kept is None:
        file.mkdir()
    else:
        file.write_bytes(kept)
    words = ("--url", "http://127.0.0.1:9/v1", "--model", "small", "--key-file", str(file))
    done = await say("endpoint", *words)
    assert done.exit_code == 1
    assert " key" in done.output
    there = ("--endpoint", "http://127.0.0.1:9/v1", "--endpoint-model", "small")
    done = await say("predict", *there, "--key-file", str(file), said="{}")
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)


async def test_predict_asks_there_and_reads_on(say: Any) -> None:
    lines = ['{"text": "what a day", "id": 7}', "{", '{"text": "again"}']
    async with standing() as stand:
        stand.statuses = [200, 503]
        words = ("predict", "--endpoint", stand.url, "--endpoint-model", "small")
        done = await say(*words, said="\n".join(lines))
    told = [json.loads(line) for line in done.output.splitlines()]
    assert (told[0]["kind"], told[0]["given"]) == ("complaint", {"id": 7})
    assert told[1] == {"line": 2, "error": "this line is no JSON"}
    assert told[2] == {"line": 3, "error": "The endpoint answers 503."}
    assert (await say("predict", "--endpoint", "nowhere", said="{}")).exit_code == 1
    assert (await say("predict", "--endpoint", "x", "--model", "y")).exit_code == 2
