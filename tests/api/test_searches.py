"""Saved searches and mentions through their door: who may, what is refused and where, once."""

from __future__ import annotations

from typing import Any

import pytest

from earful.kit.ids import new_id
from tests.api.client import Client
from tests.cast import Cast
from tests.desk.acts import rows

SEARCH = {"name": "Us", "query": "northwind OR ~northwind"}


async def mention(cast: Cast, state: str = "new") -> str:
    key = new_id()
    await rows(
        cast,
        """INSERT INTO mention (workspace_id, id, channel_id, network, external_id, search_ids,
             author_external_id, author_handle, author_name, author_avatar, text, language, url,
             post, kind, sentiment, severity, state, published_at, found_at)
           VALUES ($1, $2, $3, 'rehearsal', $4, '{}', 'zoe', 'zoe', 'Zoe', '', 'northwind?', 'en',
             '', $5, 'question', 0, 4, $6, $7, $7)""",
        cast.workspace_id, key, cast.channel.id, key,
        {
            "type": "post", "external_id": key, "text": "northwind?",
            "author": {"external_id": "zoe", "handle": "zoe"},
            "published_at": cast.time.now.isoformat(),
        },
        state, cast.time.now,
    )  # fmt: skip
    return key


async def test_a_lead_saves_changes_and_removes_searches(
    cast: Cast, alice: Client, bob: Client, eve: Client
) -> None:
    one = (await alice.post("/searches", SEARCH)).json()
    assert (one["on"], one["found_week"], one["price_month"]) == (True, 0, None)
    changed = await alice.put(f"/searches/{one['id']}", SEARCH | {"on": False, "alert": True})
    assert (changed.json()["on"], changed.json()["alert"]) == (False, True)
    assert [saved["id"] for saved in (await bob.get("/searches")).json()] == [one["id"]]
    assert (await bob.post("/searches", SEARCH)).status_code == 403
    assert (await eve.put(f"/searches/{one['id']}", SEARCH)).status_code == 404
    assert (await alice.delete(f"/searches/{one['id']}")).status_code == 204
    assert (await alice.delete(f"/searches/{one['id']}")).status_code == 404
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]
    assert acts == ["search.changed", "search.changed", "search.removed"]


@pytest.mark.parametrize(
    ("body", "status", "at"),
    [
        ({}, 400, None),
        (SEARCH | {"surprise": 1}, 400, None),
        (SEARCH | {"name": " \x00"}, 422, None),
        (SEARCH | {"query": "the"}, 422, 0),
        (SEARCH | {"take_in": ["anything"]}, 422, None),
        (SEARCH | {"take_in": "question"}, 400, None),
        (SEARCH | {"query": "northwind (x"}, 422, 10),
        (SEARCH | {"query": "northwind place:Nowhereby"}, 422, 10),
        (SEARCH | {"query": "n " * 100_000}, 422, 1000),
        (SEARCH | {"query": "from:northwind"}, 422, 0),
        (SEARCH | {"channels": ["x"]}, 404, None),
        (SEARCH | {"channels": [new_id()]}, 404, None),
        (SEARCH | {"languages": ["english, please"]}, 422, None),
        (SEARCH | {"languages": ["en"] * 21}, 422, None),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(
    cast: Cast, alice: Client, body: dict[str, Any], status: int, at: int | None
) -> None:
    answer = await alice.post("/searches", body)
    assert answer.status_code == status, answer.text
    assert answer.json().get("at") == at
    assert await rows(cast, "SELECT 1 FROM saved_search") == []


async def test_a_preview_says_how_much_there_is_and_keeps_nothing(
    cast: Cast, alice: Client, bob: Client
) -> None:
    refused = await alice.post("/search-previews", {"query": "the"})
    assert (refused.status_code, refused.json()["at"]) == (422, 0)
    told = await alice.post("/search-previews", {"query": "northwind"})
    assert told.status_code == 200
    assert [one["network"] for one in told.json()["per_network"]] == ["rehearsal"]
    assert (await bob.post("/search-previews", {"query": "northwind"})).status_code == 403
    assert await rows(cast, "SELECT 1 FROM mention") == []


async def test_an_agent_takes_in_and_puts_aside(cast: Cast, bob: Client, eve: Client) -> None:
    one, two = await mention(cast), await mention(cast)
    page = (await bob.get("/mentions")).json()
    assert {item["id"] for item in page["items"]} == {one, two}
    assert (await eve.get("/mentions")).json()["items"] == []
    assert (await bob.get("/mentions/count")).json() == {"new": 2, "more": False}
    assert (await eve.get("/mentions/count")).json() == {"new": 0, "more": False}
    homes = [(await bob.put(f"/mentions/{one}/taken")).json() for _ in range(2)]
    assert homes[0] == homes[1]
    assert (await bob.get(f"/conversations/{homes[0]['conversation_id']}")).status_code == 200
    assert (await eve.put(f"/mentions/{two}/taken")).status_code == 404
    assert (await bob.put(f"/mentions/{two}/dismissed")).status_code == 204
    assert (await bob.get("/mentions")).json()["items"] == []
    assert (await bob.get("/mentions/count")).json()["new"] == 0
    assert (await bob.delete(f"/mentions/{two}/dismissed")).status_code == 204
    assert [item["id"] for item in (await bob.get("/mentions")).json()["items"]] == [two]
    assert (await bob.put(f"/mentions/{one}/dismissed")).status_code == 409
    for wrong in ("state=lost", "after=x", "search=x"):
        assert (await bob.get(f"/mentions?{wrong}")).status_code in (404, 422)


async def test_what_cannot_be_taken_in_says_so(cast: Cast, bob: Client) -> None:
    one = await mention(cast)
    await rows(cast, "UPDATE channel SET state = 'off'")
    answer = await bob.put(f"/mentions/{one}/taken")
    assert answer.status_code == 409
    assert "disconnected" in answer.json()["detail"]
