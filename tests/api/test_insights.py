"""The whole picture over the API: for leads, in words that help, and as a table."""

from __future__ import annotations

import csv
import io

import pytest

from tests.api.client import Client
from tests.api.world import World, furnish
from tests.cast import Cast


@pytest.fixture
async def world(cast: Cast, alice: Client) -> World:
    return await furnish(cast, alice)


async def test_a_lead_sees_themes_and_who_is_in_them(
    world: World, alice: Client, bob: Client
) -> None:
    found = (await alice.get("/insights/themes")).json()
    assert (found["day"], found["span"], found["made_at"]) == ("2026-11-02", "day", None)
    [theme] = found["items"]
    assert (theme["authors"], theme["posts"], theme["sentiment"]) == (1, 1, 0.0)
    assert theme["samples"][0]["conversation_id"] == world.conversation
    page = (await alice.get(f"/insights/themes/{world.theme}/posts")).json()
    assert (page["posts"], len(page["items"]), page["next"]) == (1, 1, None)
    week = (await alice.get("/insights/themes?span=week&day=2026-11-01")).json()
    assert (week["starts_at"], week["items"]) == ("2026-10-26T00:00:00Z", [])
    for path in (
        "/insights/themes",
        "/insights/themes.csv",
        f"/insights/themes/{world.theme}/posts",
    ):
        assert (await bob.get(path)).status_code == 403


async def test_a_table_is_sent_to_keep(world: World, alice: Client) -> None:
    answer = await alice.get("/insights/themes.csv")
    assert answer.headers["content-disposition"].endswith('"themes-day-2026-11-02.csv"')
    [line] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (line["theme"], line["authors"], line["posts"]) == ("secret-word", "1", "1")


@pytest.mark.parametrize("query", ["day=2026-09-01", "day=2026-11-03", "day=soon", "span=year"])
async def test_what_is_asked_wrongly_is_said(world: World, alice: Client, query: str) -> None:
    answer = await alice.get(f"/insights/themes?{query}")
    assert (answer.status_code, bool(answer.json()["detail"])) == (422, True)
    answer = await alice.get(f"/insights/themes/{world.theme}/posts?after=nonsense")
    assert answer.status_code in {400, 422}
