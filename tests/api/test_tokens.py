"""Everybody who answers makes tokens of her own; they never may more than she may."""

from __future__ import annotations

from litestar import Litestar

from tests.api.client import Client
from tests.cast import Cast
from tests.desk.acts import rows


async def made(client: Client, *scopes: str) -> tuple[str, str]:
    answer = await client.post("/tokens", {"name": "mine", "scopes": list(scopes)})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], answer.json()["token"]


async def test_each_sees_and_ends_her_own_and_who_runs_the_desk_all(
    alice: Client, bob: Client
) -> None:
    hers, _ = await made(alice, "read")
    his, _ = await made(bob, "read", "write")
    assert [token["id"] for token in (await bob.get("/tokens")).json()] == [his]
    assert {token["id"] for token in (await alice.get("/tokens")).json()} == {hers, his}
    assert (await bob.delete(f"/tokens/{hers}")).status_code == 404
    assert (await alice.delete(f"/tokens/{his}")).status_code == 204
    assert (await bob.get("/tokens")).json() == []


async def test_it_may_what_its_agent_may_by_then(
    app: Litestar, cast: Cast, alice: Client, bob: Client
) -> None:
    refused = await bob.post("/tokens", {"name": "mine", "scopes": ["admin"]})
    assert (refused.status_code, refused.json()["type"]) == (422, "invalid")
    _, text = await made(bob, "read", "write")
    program = Client(app, {"authorization": f"Bearer {text}"})
    assert (await program.get("/conversations")).status_code == 200
    assert (await program.get("/webhooks")).status_code == 403
    more = await program.post("/tokens", {"name": "heir", "scopes": ["read"]})
    assert more.status_code == 403, "a token that makes tokens would outlive its own end"
    await rows(cast, "UPDATE agent SET role = 'viewer' WHERE id = $1", cast.bob.id)
    assert (await program.get("/conversations")).status_code == 200
    assert (await program.post("/views", {"name": "a", "filter": {}})).status_code == 403
    assert (await bob.post("/tokens", {"name": "b", "scopes": ["read"]})).status_code == 403
    await program.http.aclose()
