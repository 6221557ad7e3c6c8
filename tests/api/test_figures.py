"""The figures over the API: for leads, in all and split, as a table, and whom they count."""

from __future__ import annotations

import csv
import io

import pytest

from earful.figures import counting
from tests.api.client import Client
from tests.api.world import World, furnish
from tests.cast import Cast

ROUTES = ("/figures", "/figures.csv", "/figures/cases")


@pytest.fixture
async def world(cast: Cast, alice: Client) -> World:
    made = await furnish(cast, alice)
    async with cast.works.open(cast.workspace_id) as work:
        assert await counting.count(work)
    return made


async def test_a_lead_sees_figures_and_whom_they_count(
    cast: Cast, world: World, alice: Client, bob: Client
) -> None:
    found = (await alice.get("/figures?by=channel&zone=Europe/Berlin")).json()
    assert (found["first_day"], found["last_day"]) == ("2026-10-06", "2026-11-02")
    assert (found["by"], found["zone"]) == ("channel", "Europe/Berlin")
    [row] = found["rows"]
    assert (row["key"], row["name"]) == (world.channel, "Northwind")
    assert (row["waits"], row["waiting"], row["promises_made"]) == (1, 1, 1)
    assert found["total"] | {"key": row["key"], "name": row["name"]} == row
    page = (await alice.get(f"/figures/cases?which=waiting&channel={world.channel}")).json()
    [case] = page["items"]
    assert case["conversation"]["id"] == world.conversation
    assert (case["state"], case["agent_id"], page["next"]) == ("waiting", cast.bob.id, None)
    none = await alice.get("/figures/cases?which=waiting&team=none&from=2026-10-06&to=2026-10-07")
    assert none.json() == {"items": [], "next": None}
    for path in ROUTES:
        assert (await bob.get(path)).status_code == 403


async def test_a_table_is_sent_to_keep(world: World, alice: Client) -> None:
    answer = await alice.get("/figures.csv?from=2026-11-01&to=2026-11-02")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="figures-2026-11-01-2026-11-02-by-day.csv"'
    )
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    said = [(line["day"], line["waits"], line["attainment"]) for line in lines]
    assert said == [("2026-11-01", "0", ""), ("2026-11-02", "1", ""), ("all", "1", "")]


async def test_where_agents_are_not_measured_nobody_is(
    world: World, alice: Client, cast: Cast
) -> None:
    assert (await alice.get("/figures?by=agent")).json()["rows"][0]["name"] == "Bob"
    answer = await alice.ask("PATCH", "/workspace", {"agent_figures": False})
    assert answer.json()["agent_figures"] is False
    for query in ("?by=agent", f"?agent={cast.bob.id}", "?agent=none"):
        for path in ROUTES:
            answer = await alice.get(path + query)
            assert (answer.status_code, answer.json()["type"]) == (409, "off"), path + query
    assert (await alice.get("/figures?by=team")).status_code == 200
    [case] = (await alice.get("/figures/cases")).json()["items"]
    assert case["agent_id"] is None


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-11-02&to=2026-11-01",
        "from=2026-01-01&to=2026-11-01",
        "from=yesterday",
        "zone=Mars/Base",
        "by=mood",
        "severity=grave",
        "severity=9",
        "severity=0",
        "from=2026-13-45",
    ],
)
async def test_what_makes_no_sense_is_refused_in_the_same_way(alice: Client, query: str) -> None:
    for path in ROUTES:
        answer = await alice.get(f"{path}?{query}")
        said = answer.json()
        assert (answer.status_code, said["type"]) == (422, "invalid"), answer.text
        assert "/figures" not in said["detail"], "words, and not the address that was asked"
        if query in ("by=mood", "severity=grave", "from=yesterday", "from=2026-13-45"):
            assert said["detail"].startswith(f"`{query.partition('=')[0]}`: ")


async def test_a_team_that_there_is_not(alice: Client) -> None:
    for path in ROUTES:
        assert (await alice.get(f"{path}?team=billing")).status_code in (404, 422)


@pytest.mark.parametrize("query", ["which=everything", "order=best", "after=nonsense"])
async def test_cases_are_asked_for_by_what_there_is(alice: Client, query: str) -> None:
    answer = await alice.get(f"/figures/cases?{query}")
    assert answer.status_code == 422, answer.text
