"""Judgements through their door: corrected by who answers, and counted for leads."""

from __future__ import annotations

from typing import Any

import pytest

from earful.judgements.hearing import AT_ONCE, KINDS, READER, hear
from earful.stream.reader import read_on
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import home_of, rows, take


async def judged(cast: Cast, text: str) -> dict[str, Any]:
    await take(cast, post("p1", text))
    async with cast.works.open(cast.workspace_id) as work:
        await hear(work, await read_on(work, READER, KINDS, AT_ONCE) or [])
    [message] = await rows(cast, "SELECT id FROM message WHERE external_id = 'p1'")
    return {"home": await home_of(cast, "p1"), "id": message["id"]}


async def test_an_agent_knows_better_and_it_is_counted_once(
    cast: Cast, alice: Client, bob: Client, eve: Client
) -> None:
    one = await judged(
        cast, "@Northwind what a day, my grandmother passed away and I want to cancel"
    )
    path = f"/conversations/{one['home']}/judgements"
    [told] = (await bob.get(path)).json()
    assert (told["message_id"], told["corrected"]) == (one["id"], [])
    assert told["sensitive"]
    assert (await eve.get(path)).status_code == 404
    better = {"kind": "request", "sensitive": False, "severity": 1}
    for _ in range(2):
        fresh = (await bob.put(f"/messages/{one['id']}/judgement", better)).json()
        assert (fresh["kind"], fresh["sensitive"], fresh["severity"]) == ("request", "", 1)
    changed = {"kind"} if told["kind"] != "request" else set()
    assert set(fresh["corrected"]) == {"sensitive", "severity"} | changed
    assert (await bob.get(path)).json() == [fresh]
    card = (await bob.get(f"/conversations/{one['home']}")).json()["card"]
    assert (card["severity"], card["severity_reason"]) == (1, "set by Bob")
    counted = (await alice.get("/corrections")).json()
    assert (counted["judged"], counted["corrected"]) == (1, 1)
    assert {item["about"]: item["count"] for item in counted["items"]} == dict.fromkeys(
        fresh["corrected"], 1
    )
    # What was sensitive is not kept in what is counted.
    assert "grandmother" not in str(counted)
    assert (await bob.get("/corrections")).status_code == 403
    told_events = await rows(
        cast, "SELECT data FROM event WHERE kind = 'message.judgement_corrected'"
    )
    assert [row["data"]["about"] for row in told_events] == [sorted(fresh["corrected"])]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "angry"}, 422),
        ({"kind": "\x00"}, 422),
        ({"severity": 0}, 422),
        ({"severity": 10**30}, 422),
        ({"sentiment": 1e300}, 422),
        ({"urgency": "never"}, 422),
        ({"sensitive": True}, 422),
        ({"needs_reply": "maybe"}, 400),
        ({"surprise": 1}, 400),
        ({}, 200),
    ],
)
async def test_what_makes_no_sense_is_refused(
    cast: Cast, bob: Client, body: dict[str, Any], status: int
) -> None:
    one = await judged(cast, "@Northwind hello")
    answer = await bob.put(f"/messages/{one['id']}/judgement", body)
    assert answer.status_code == status, answer.text
    assert await rows(cast, "SELECT 1 FROM correction") == []


async def test_what_is_not_judged_yet_is_not_found(cast: Cast, bob: Client, alice: Client) -> None:
    await take(cast, post("p1"))
    [message] = await rows(cast, "SELECT id FROM message WHERE external_id = 'p1'")
    answer = await bob.put(f"/messages/{message['id']}/judgement", {"kind": "praise"})
    assert answer.status_code == 404
    assert (await bob.get(f"/conversations/{await home_of(cast, 'p1')}/judgements")).json() == []
    for days in (0, -1, 10_000):
        assert (await alice.get("/corrections", params={"days": days})).status_code == 422
