"""`earful roster` as an operator types it, beside a desk that runs."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from earful.cli.roster import roster
from earful.store.address import Addresses
from earful.store.pool import Database
from tests.cast import Cast, gather
from tests.desk.acts import rows
from tests.roster.conftest import on

FILE = """BEGIN:VCALENDAR
BEGIN:VEVENT
SUMMARY:Late
DTSTART:20261207T090000
DTEND:20261207T170000
RRULE:FREQ=WEEKLY
END:VEVENT
BEGIN:VEVENT
SUMMARY:Moon
DTSTART:20261207T090000Z
RRULE:FREQ=YEARLY
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
async def cast(database: Database) -> Cast:
    """Bob is always on shift."""
    cast = await gather(database)
    await on(cast, cast.bob, opens="00:00", closes="24:00", from_day=date(2020, 1, 1))
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
        return await asyncio.to_thread(CliRunner().invoke, roster, list(words), env=environ)

    return run


async def test_who_is_there_now(say: Any) -> None:
    assert "On shift: Bob until 00:00 UTC" in (await say("now")).output
    told = json.loads((await say("now", "--json")).output)
    assert [one["name"] for one in told["on_shift"]] == ["Bob"]
    assert told["on_call"] == []


async def test_a_file_is_taken_in_once(cast: Cast, say: Any, tmp_path: Path) -> None:
    file = tmp_path / "late.ics"
    file.write_text(FILE)
    [row] = await rows(cast, "SELECT email FROM agent WHERE name = 'Alice'")
    words = ("import", str(file), "--agent", row["email"].upper(), "--zone", "Europe/Berlin")
    tried = await say(*words, "--dry-run")
    assert "1 shifts and 0 absences would be added" in tried.output
    assert "left out: Moon" in tried.output
    assert len(await rows(cast, "SELECT 1 FROM shift")) == 1
    assert json.loads((await say(*words, "--json")).output)["shifts"][0]["zone"] == "Europe/Berlin"
    assert "0 shifts and 0 absences added; 1 were there already" in (await say(*words)).output
    assert len(await rows(cast, "SELECT 1 FROM shift")) == 2
    audited = await rows(cast, "SELECT 1 FROM audit WHERE act = 'roster.imported'")
    assert len(audited) == 2
    wrong = await say("import", str(file), "--agent", "nobody@example.org")
    assert (wrong.exit_code, "no such agent" in wrong.output) == (1, True)
    wrong = await say(*words[:-1], "Mars")
    assert (wrong.exit_code, "time zone" in wrong.output) == (1, True)
