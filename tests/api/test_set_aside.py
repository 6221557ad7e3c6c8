"""A poison post is set aside, its cause is mended, and it is taken in once, however often asked."""

from __future__ import annotations

from typing import Any

import pytest

from earful.intake import opening, waking
from earful.networks.contract import Unreadable
from earful.triage import severity
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import rows, take


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Any post with "poison" in it can't be triaged, until undone."""
    right = severity.judge

    def wrong(*given: Any, **more: Any) -> Any:
        if "poison" in str(given):
            raise ZeroDivisionError("division by zero")
        return right(*given, **more)

    for room in (opening, waking):
        monkeypatch.setattr(room, "judge", wrong)
    return monkeypatch


async def events(cast: Cast, kind: str) -> list[Any]:
    return await rows(cast, "SELECT data FROM event WHERE kind = $1", kind)


async def test_set_aside_mended_replayed_once(
    cast: Cast, alice: Client, bob: Client, poison: pytest.MonkeyPatch
) -> None:
    await take(
        cast, post("p1", "@Northwind hello"), post("p2", "@Northwind poison " + "x" * 300_000)
    )
    page = (await alice.get("/set-aside")).json()
    [one] = page["items"]
    assert (page["waiting"], page["next"]) == (1, None)
    assert (one["external_id"], one["author"]) == ("p2", "carol.example")
    assert one["reason"] == "ZeroDivisionError: division by zero"
    assert one["text"].startswith("@Northwind poison")
    assert one["readable"]
    again = f"/set-aside/{one['id']}/replay"
    assert (await bob.post(again)).status_code == 403
    refused = await alice.post(again)
    assert (refused.status_code, refused.json()["type"]) == (409, "still-fails")
    assert (await alice.get("/set-aside")).json()["items"][0]["tries"] == 1
    poison.undo()
    done = (await alice.post(again)).json()
    assert done["new"]
    [message] = await rows(cast, "SELECT * FROM message WHERE external_id = 'p2'")
    assert done["conversation_id"] == message["conversation_id"]
    twice = (await alice.post(again)).json()
    assert twice == done | {"new": False}
    assert len(await rows(cast, "SELECT 1 FROM message")) == 2
    assert (await alice.get("/set-aside")).json()["waiting"] == 0
    assert len(await events(cast, "post.replayed")) == 1
    [line] = await rows(cast, "SELECT * FROM audit WHERE act = 'post.replayed'")
    assert line["actor_id"] == cast.alice.id
    [kept] = await rows(cast, "SELECT payload, reason FROM set_aside")
    assert dict(kept) == {"payload": {}, "reason": ""}, "its words stand in the message alone"


async def test_what_the_feed_brought_meanwhile_is_not_doubled(
    cast: Cast, alice: Client, poison: pytest.MonkeyPatch
) -> None:
    await take(cast, post("p2", "@Northwind poison"))
    [one] = (await alice.get("/set-aside")).json()["items"]
    poison.undo()
    await take(cast, post("p2", "@Northwind poison"))
    done = (await alice.post(f"/set-aside/{one['id']}/replay")).json()
    assert (done["new"], done["conversation_id"] is not None) == (False, True)
    assert len(await rows(cast, "SELECT 1 FROM message")) == 1


async def test_discarded_with_a_reason_and_forgotten(
    cast: Cast, alice: Client, poison: pytest.MonkeyPatch
) -> None:
    await take(cast, post("p2", "@Northwind poison"))
    [one] = (await alice.get("/set-aside")).json()["items"]
    where = f"/set-aside/{one['id']}"
    assert (await alice.put(f"{where}/discard", {"reason": " "})).status_code == 422
    assert (await alice.put(f"{where}/discard", {"reason": "spam"})).status_code == 204
    assert (await alice.get("/set-aside")).json()["items"] == []
    [row] = await rows(cast, "SELECT payload, discard_reason FROM set_aside")
    assert (row["payload"], row["discard_reason"]) == ({}, "spam")
    assert (await alice.post(f"{where}/replay")).json()["type"] == "discarded"
    await take(cast, post("p2", "@Northwind poison"))
    assert (await alice.get("/set-aside")).json()["waiting"] == 0, "it does not come back"
    assert len(await events(cast, "post.set_aside")) == 1


async def test_pages_newest_first(cast: Cast, alice: Client) -> None:
    for number in range(5):
        cast.time.pass_(seconds=1)
        await take(cast, Unreadable(external_id=f"u{number}", reason="no text", payload="{"))
    first = (await alice.get("/set-aside?limit=3")).json()
    rest = (await alice.get(f"/set-aside?limit=3&after={first['next']}")).json()
    found = [one["external_id"] for one in first["items"] + rest["items"]]
    assert found == ["u4", "u3", "u2", "u1", "u0"]
    assert (first["waiting"], rest["next"]) == (5, None)
    assert not first["items"][0]["readable"]
    assert (await alice.get("/set-aside?after=nonsense")).status_code == 422
