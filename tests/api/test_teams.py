"""Teams: inboxes given to them, conversations handed to them, and rights that follow at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Client
from tests.api.world import World, furnish
from tests.cast import Cast
from tests.desk.acts import rows


@pytest.fixture
async def world(cast: Cast, alice: Client) -> World:
    return await furnish(cast, alice)


async def give(alice: Client, world: World, **to: Any) -> Any:
    answer = await alice.ask("PATCH", f"/inboxes/{world.inbox}", to)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_rights_come_through_a_team_too(
    cast: Cast, world: World, alice: Client, bob: Client
) -> None:
    path = f"/conversations/{world.conversation}"
    team = f"/teams/{world.team}"
    given = await give(alice, world, team_ids=[world.team])
    assert given["team_ids"] == [world.team]
    assert (await bob.get(path)).status_code == 200
    await alice.ask("PATCH", team, {"agent_ids": []})
    assert (await bob.get(path)).status_code == 404, "a team of nobody opens nothing"
    await give(alice, world, agent_ids=[cast.bob.id])
    assert (await bob.get(path)).status_code == 200, "given to himself"
    await give(alice, world, agent_ids=[])
    assert (await bob.get(path)).status_code == 404
    await give(alice, world, team_ids=[])
    assert (await bob.get(path)).status_code == 200, "given to nobody, it is everybody's"
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]
    changed = ["inbox.changed", "team.changed", "inbox.changed", "inbox.changed", "inbox.changed"]
    assert acts[-5:] == changed


async def test_an_open_stream_follows_the_team(
    cast: Cast, world: World, alice: Client, bob: Client
) -> None:
    await give(alice, world, team_ids=[world.team])
    start = (await bob.get("/snapshot")).json()["cursor"]
    async with bob.stream(f"after={start}") as stream:
        await alice.put(f"/conversations/{world.conversation}/severity", {"severity": 2})
        _, _, told = await stream.next("events")
        assert told[0]["kind"] == "conversation.prioritised"
        await alice.ask("PATCH", f"/teams/{world.team}", {"agent_ids": []})
        assert (await stream.next())[0] == "reset"
        await alice.put(f"/conversations/{world.conversation}/severity", {"severity": 3})
        after = (await alice.get("/snapshot")).json()["cursor"]
        heard = await stream.events(after)
    assert "conversation.prioritised" not in [event["kind"] for event in heard]


async def test_a_conversation_is_handed_to_a_team_and_listed_there(
    cast: Cast, world: World, alice: Client, bob: Client
) -> None:
    path = f"/conversations/{world.conversation}"
    await alice.put(f"{path}/assignee", {"agent_id": cast.alice.id})
    card = (await alice.put(f"{path}/team", {"team_id": world.team})).json()
    assert card["team_id"] == world.team
    assert card["assignee_id"] is None, "Alice is none of them"
    for query in ("view=team", f"team={world.team}", "team=mine"):
        listed = (await bob.get(f"/conversations?{query}")).json()["items"]
        assert [one["id"] for one in listed] == [world.conversation], query
        if "mine" in query or "view" in query:
            assert (await alice.get(f"/conversations?{query}")).json()["items"] == []
    assert (await bob.get("/counts")).json()["views"]["team"] == 1
    assert (await alice.get("/counts")).json()["views"]["team"] == 0
    await bob.put(f"{path}/assignee", {"agent_id": cast.bob.id})
    card = (await bob.put(f"{path}/team", {"team_id": world.team})).json()
    assert card["assignee_id"] == cast.bob.id, "Bob keeps it as one of them"
    card = (await bob.put(f"{path}/team", {"team_id": None})).json()
    assert (card["team_id"], card["assignee_id"]) == (None, cast.bob.id)
    assert (await bob.get("/conversations?team=perhaps")).status_code == 422


async def test_a_team_that_would_not_see_it_does_not_get_it(
    cast: Cast, world: World, alice: Client
) -> None:
    await give(alice, world, agent_ids=[cast.alice.id])
    answer = await alice.put(f"/conversations/{world.conversation}/team", {"team_id": world.team})
    assert answer.status_code == 422
    assert "Nobody of Billing works in this inbox" in answer.json()["detail"]
    asked = {"ids": [world.conversation], "act": "hand_over", "team_id": world.team}
    done = (await alice.post("/bulk", asked)).json()
    assert [one["id"] for one in done["refused"]] == [world.conversation]


async def test_a_team_in_use_stays(world: World, alice: Client) -> None:
    team = f"/teams/{world.team}"
    await give(alice, world, team_ids=[world.team])
    assert (await alice.delete(team)).json()["type"] == "in-use"
    await give(alice, world, team_ids=[])
    await alice.put(f"/conversations/{world.conversation}/team", {"team_id": world.team})
    assert (await alice.delete(team)).json()["type"] == "in-use"
    await alice.put(f"/conversations/{world.conversation}/team", {"team_id": None})
    assert (await alice.delete(team)).status_code == 204
    assert (await alice.get("/teams")).json() == []
    assert (await alice.delete(team)).status_code == 404
    given = await give(alice, world, team_ids=[world.team])
    assert given["team_ids"] == [], "what is gone is given nothing"
