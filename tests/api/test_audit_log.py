"""The owner's things: the workspace's name, the audit log, and what retention rules would do."""

from __future__ import annotations

from typing import Any

from earful.conversations.rows import recount
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import home_of, rows, take


async def test_the_log_is_read_in_pages_by_whom_and_by_act(
    cast: Cast, alice: Client, bob: Client
) -> None:
    for name in ("one", "two", "three"):
        await alice.post("/tokens", {"name": name, "scopes": ["read"]})
    await alice.ask("PATCH", f"/agents/{cast.bob.id}", {"name": "Robert"})
    first = (await alice.get("/audit?limit=3")).json()
    rest = (await alice.get(f"/audit?limit=3&after={first['next']}")).json()
    lines = first["items"] + rest["items"]
    assert [line["act"] for line in lines] == ["agent.changed", *["token.created"] * 3]
    assert (lines[0]["actor"], lines[0]["object"]) == ("Alice", "Robert")
    assert (rest["next"], first["acts"]) == (None, ["agent.changed", "token.created"])
    only = (await alice.get(f"/audit?act=token.created&who={cast.alice.id}")).json()
    assert len(only["items"]) == 3
    assert (await alice.get(f"/audit?who={cast.bob.id}")).json()["items"] == []
    assert (await alice.get("/audit?after=nonsense")).status_code == 422
    assert (await bob.get("/audit")).status_code == 403


async def test_a_workspace_is_renamed(cast: Cast, alice: Client, bob: Client) -> None:
    renamed = await alice.put("/workspace/name", {"name": " North  wind "})
    assert renamed.json() == {"name": "North wind"}
    assert (await alice.get("/me")).json()["workspace"]["name"] == "North wind"
    assert (await alice.put("/workspace/name", {"name": " "})).status_code == 422
    assert (await bob.put("/workspace/name", {"name": "Bobs"})).status_code == 403
    [event] = await rows(cast, "SELECT kind, data FROM event")
    assert (event["kind"], event["data"]["workspace"]["name"]) == (
        "workspace.renamed",
        "North wind",
    )


async def test_rules_are_tried_before_they_are_kept(cast: Cast, alice: Client) -> None:
    await take(cast, post("p1", "@Northwind help"))
    home = await home_of(cast, "p1")
    await alice.put(f"/conversations/{home}/resolution", {"disposition": "spam", "reason": "spam"})
    async with cast.works.open(cast.workspace_id) as work:
        await recount(work, [home])
    cast.time.pass_(days=5)
    rules = {"default": {"messages_days": 2}, "events_days": 3}
    would = (await alice.post("/retention/preview", rules)).json()
    assert (would["messages"], would["events"] > 0) == (1, True)
    later = {"default": {"messages_days": 30}, "channels": {cast.channel.id: {}}}
    assert (await alice.post("/retention/preview", later)).json()["messages"] == 0
    wrongs: list[dict[str, Any]] = [
        {"events_days": 0},
        {"default": {"media_days": 10**9}},
        {"default": {"message_days": 30}},  # a slip must not mean "for ever"
        {"channels": {cast.workspace_id: {"messages_days": 30}}},
    ]
    for wrong in wrongs:
        assert 400 <= (await alice.post("/retention/preview", wrong)).status_code <= 422
        assert 400 <= (await alice.put("/retention", wrong)).status_code <= 422
    assert (await alice.get("/retention")).json() == {}
    [message] = await rows(cast, "SELECT text FROM message WHERE external_id = 'p1'")
    assert message["text"] == "@Northwind help"
