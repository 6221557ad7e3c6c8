"""`earful sla hours` and `earful sla policy` as an operator's script uses them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from earful.cli.roster import roster
from earful.cli.sla import sla
from earful.store.address import Addresses
from tests.cast import Cast, gather
from tests.desk.acts import rows
from tests.roster.conftest import on

OFFICE = {"name": "Office", "zone": "Europe/Berlin", "week": {"mon-fri": "9-17"}}
TARGET = {"first_response": {"within": 600, "counts": "business"}}
ALL = {"name": "All", "hours": "office", "severities": {str(n): TARGET for n in range(1, 6)}}


@pytest.fixture
async def cast(database: Any) -> Cast:
    return await gather(database)


@pytest.fixture
def say(cast: Cast, addresses: Addresses, tmp_path: Path) -> Any:
    """Runs the command."""
    environ = {
        "EARFUL_DATA_DIR": str(tmp_path),
        "EARFUL_DATABASE_URL": addresses.app,
        "EARFUL_SECRET_KEY": "k" * 32,
    }

    async def run(*words: str, of: Any = sla, given: Any = None) -> Result:
        text = None if given is None else json.dumps(given)
        return await asyncio.to_thread(CliRunner().invoke, of, list(words), env=environ, input=text)

    return run


async def test_hours_and_policies_are_kept_from_files_and_change_only_where_they_differ(
    cast: Cast, say: Any
) -> None:
    assert "Office: version 1" in (await say("hours", "set", given=OFFICE)).output
    assert "Office: as it was" in (await say("hours", "set", given=[OFFICE])).output
    assert "All: version 1" in (await say("policy", "set", given=ALL)).output
    listed = json.loads((await say("hours", "list", "--json")).output)
    assert listed[0]["calendar"]["week"]["fri"] == ["09:00-17:00"]
    assert "Office: as it was" in (await say("hours", "set", given=listed)).output
    told = json.loads((await say("policy", "list", "--json")).output)
    assert told[0]["terms"]["hours"] == "Office"
    assert "All: as it was" in (await say("policy", "set", given=told)).output

    later = OFFICE | {"week": {"mon-fri": "8-18"}}
    done = json.loads((await say("hours", "set", "--json", given=later)).output)
    assert (done[0]["version"], done[0]["changed"]) == (2, True)
    vip = {**ALL, "name": "Vip", "match": {"contact_tags": ["vip"]}}
    assert (await say("policy", "set", given=vip)).exit_code == 0
    assert (await say("policy", "order", "vip", "All")).exit_code == 0
    assert (await say("policy", "list")).output.split() == ["Vip", "All"]
    refused = await say("hours", "remove", "Office")
    assert (refused.exit_code, "counts by these hours" in refused.output) == (1, True)
    for name in ("Vip", "All"):
        assert (await say("policy", "remove", name)).exit_code == 0
    assert (await say("hours", "remove", "office")).exit_code == 0
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit")]
    assert {act: acts.count(act) for act in set(acts)} == {
        "hours.changed": 2, "policy.changed": 4, "hours.removed": 1, "policy.removed": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("what", "given", "words"),
    [
        ("hours", [OFFICE, {"name": "Bad", "week": {"mon": "9-9"}}], "“Bad”: 9–9 is empty"),
        ("hours", {"week": {}}, "an object with a name"),
        ("policy", [{**ALL, "hours": None}], "needs hours"),
        ("policy", [{**ALL, "hours": "Night"}], "no such hours"),
        ("policy", [{**ALL, "hours": None, "promise": 1}], "“All”"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    cast: Cast, say: Any, what: str, given: Any, words: str
) -> None:
    found = await say(what, "set", given=given)
    assert (found.exit_code, words in found.output) == (1, True), found.output
    assert await rows(cast, "SELECT 1 FROM hours UNION ALL SELECT 1 FROM policy") == []


async def test_the_roster_goes_into_a_calendar_file(cast: Cast, say: Any) -> None:
    await on(cast, cast.bob, opens="09:00", closes="17:00")
    text = (await say("export", "--days", "14", of=roster)).output
    assert "BEGIN:VCALENDAR" in text
    assert text.count("SUMMARY:Bob on shift") >= 2
    email = (await rows(cast, "SELECT email FROM agent WHERE name = 'Alice'"))[0]["email"]
    hers = await say("export", "--agent", email, "--json", of=roster)
    assert json.loads(hers.output) == []
    wrong = await say("export", "--team", "Moon", of=roster)
    assert (wrong.exit_code, "no such team" in wrong.output) == (1, True)
