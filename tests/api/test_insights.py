"""The whole picture over the API: for leads, in words that help, and as a table."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from earful.kit.ids import new_id
from tests.api.client import Client
from tests.api.world import World, furnish
from tests.cast import DAVE, Cast, post
from tests.desk.acts import take


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


async def test_what_stands_beside_the_themes(
    cast: Cast, world: World, alice: Client, bob: Client
) -> None:
    moods = {world.inbox: [4, -1.0, 2, 1], new_id(): [6, 6.0, 0, 6]}
    async with cast.database.acquire() as db:
        await db.execute(
            """INSERT INTO picture (workspace_id, day, span, made_at, posts, read, authors, counts,
                 moods) VALUES ($1, $2, 'day', $3, 10, 10, 9, '{}', $4)""",
            cast.workspace_id, cast.time().date(), cast.time(), moods,
        )  # fmt: skip
        await db.execute(
            "INSERT INTO burst_step (workspace_id, inbox_id, at, authors) VALUES ($1, $2, $3, 7)",
            cast.workspace_id, world.inbox, cast.time() - timedelta(hours=1),
        )  # fmt: skip
    found = (await alice.get("/insights/overview")).json()
    assert len(found["days"]) == 28
    assert found["days"][-1] == {
        "day": "2026-11-02", "judged": 10, "mood": 0.5, "bad": 2, "good": 7,
    }  # fmt: skip
    steps = found["steps"]
    assert [one["authors"] for one in steps if one["authors"]] == [7]
    assert 280 <= len(steps) <= 288
    assert (found["signals"], found["voices"]) == ([], [])
    assert (await bob.get("/insights/overview")).status_code == 403


async def test_posts_become_observations(
    cast: Cast, world: World, alice: Client, bob: Client
) -> None:
    await take(cast, post("o1", "@Northwind my parcel is late", DAVE))
    async with cast.database.acquire() as db:
        await db.execute(
            """INSERT INTO judgement (workspace_id, message_id, kind, sentiment, urgency, severity,
                 language, shaming, sensitive, entities, reasons, model, judged_at)
               SELECT $1, id, 'complaint', -0.5, 'none', 3, 'en', '', '',
                 '[{"kind": "place", "text": "Leeds"}]', '{}', 'shipped', $2
               FROM message WHERE workspace_id = $1 AND external_id = 'o1'""",
            cast.workspace_id,
            cast.time(),
        )
    page = (await alice.get("/insights/observations?limit=1")).json()
    pages = [page]
    while page["next"]:
        page = (await alice.get(f"/insights/observations?limit=1&after={page['next']}")).json()
        pages.append(page)
    [one] = [one for page in pages for one in page["items"]]
    assert (one["aspects"], one["place"], one["sentiment"]) == (
        ["delivery", "waiting"], "Leeds", -0.5,
    )  # fmt: skip
    assert sum(page["looked_at"] for page in pages) == 2
    answer = await alice.get("/insights/observations.csv?from=2026-11-01&to=2026-11-02")
    [line] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (line["place"], line["aspects"]) == ("Leeds", "delivery waiting")
    assert "x-next" not in answer.headers
    backwards = await alice.get("/insights/observations?from=2026-11-03&to=2026-11-02")
    assert backwards.status_code == 422
    for path in ("/insights/observations", "/insights/observations.csv"):
        assert (await bob.get(path)).status_code == 403
