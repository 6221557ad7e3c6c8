"""Everybody who answers makes tokens of her own; they never may more than she may."""

from __future__ import annotations

from typing import Any

from litestar import Litestar

from earful.accounts.roles import LEAST, SCOPES, scope_for, scopes_allow
from earful.kit.ids import new_id
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import home_of, rows, take


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


async def test_a_token_is_told_which_scope_it_lacks(
    app: Litestar, cast: Cast, alice: Client, bob: Client
) -> None:
    """Every act by every set of scopes: refused by the name of the scope, in the header, too."""
    await take(cast, post("p1", "@Northwind where is it"))
    home = await home_of(cast, "p1")
    acts: dict[str, list[tuple[str, str, Any]]] = {
        "read": [("GET", "/conversations", None), ("GET", "/audit", None)],
        "write": [
            ("POST", f"/conversations/{home}/notes", {"text": "look"}),
            ("PUT", f"/conversations/{home}/severity", {"severity": 3}),
            ("POST", "/views", {"name": "a", "filter": {}}),
        ],
        "admin": [
            ("GET", "/tokens", None),
            ("GET", "/webhooks", None),
            ("POST", "/tags", {"name": "a"}),
            ("POST", "/roster/feeds", {}),
            ("DELETE", f"/contacts/{new_id()}", None),
        ],
    }
    order = ["read", "write", "admin"]
    for given in order:
        _, text = await made(alice, given)
        program = Client(app, {"authorization": f"Bearer {text}"})
        for needed, asked in acts.items():
            for method, path, body in asked:
                answer = await program.ask(method, path, body)
                if order.index(given) >= order.index(needed):
                    assert answer.status_code != 403, (given, path, answer.text)
                    continue
                told = answer.json()
                assert (answer.status_code, told["scope"]) == (403, needed), (given, path)
                assert f"without the scope {needed}" in told["detail"]
                assert "role" not in told["detail"]
                header = f'Bearer realm="earful", error="insufficient_scope", scope="{needed}"'
                assert answer.headers["www-authenticate"] == header
        await program.http.aclose()
    _, his = await made(bob, "write")
    program = Client(app, {"authorization": f"Bearer {his}"})
    role = await program.get("/webhooks")
    assert "Your role" in role.json()["detail"], "no scope would help him there"
    assert "www-authenticate" not in role.headers
    assert "sign in to do this" in (await program.get("/tokens")).json()["detail"]
    await program.http.aclose()


async def test_who_is_nobody_is_told_how_to_sign_in(app: Litestar, nobody: Client) -> None:
    assert (await nobody.get("/me")).headers["www-authenticate"] == 'Bearer realm="earful"'
    stranger = Client(app, {"authorization": "Bearer earful_nonsense"})
    answer = await stranger.get("/me")
    assert answer.headers["www-authenticate"] == 'Bearer realm="earful", error="invalid_token"'
    await stranger.http.aclose()


def test_every_act_has_a_scope_that_allows_it() -> None:
    for act in LEAST:
        scope = scope_for(act)
        allowed = [one for one in SCOPES if scopes_allow((one,), act)]
        assert allowed == list(SCOPES[SCOPES.index(scope) :]), act


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
