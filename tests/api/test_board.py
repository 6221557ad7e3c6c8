"""The board over the API: for leads, and of what they ask for."""

from __future__ import annotations

import pytest

from tests.api.client import Client
from tests.api.world import World, furnish
from tests.cast import Cast


@pytest.fixture
async def world(cast: Cast, alice: Client) -> World:
    return await furnish(cast, alice)


async def test_a_lead_sees_who_waits_and_an_agent_does_not(
    world: World, alice: Client, bob: Client
) -> None:
    answer = await alice.get("/board?within=240&zone=Europe/Berlin")
    assert answer.status_code == 200, answer.text
    board = answer.json()
    waiting = (await alice.get("/counts")).json()
    assert board["waiting"] == len(board["oldest"])
    assert (board["waiting"] > 0) == (waiting["unanswered"] > 0)
    assert world.agent in [one["id"] for one in board["people"]]
    assert board["rostered"] is True
    assert (await bob.get("/board")).status_code == 403


@pytest.mark.parametrize("query", ["within=0", "within=241", "within=x", "zone=Mars/Base"])
async def test_what_makes_no_sense_is_refused_in_words(alice: Client, query: str) -> None:
    answer = await alice.get(f"/board?{query}")
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["detail"]
