"""Customers and callers who mean no good: odd names are only text, what was stolen ends."""

from __future__ import annotations

import pytest
from litestar import Litestar

from earful.networks.contract import Person
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import home_of, rows, take


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "\u202egnp.evil", "a\x00b", "🙂", "x" * 5000, ""]
)
async def test_a_customers_name_is_only_text(cast: Cast, alice: Client, name: str) -> None:
    await take(cast, post("1", "@Northwind help", Person("p1", name[:300] or "p1", name)))
    home = await home_of(cast, "1")
    told = await alice.get(f"/conversations/{home}")
    assert told.status_code == 200
    assert told.headers["content-type"] == "application/json"
    shown = told.json()["card"]["contact"]["name"]
    assert shown
    assert len(shown) <= 300
    assert not name or shown.rstrip("…") in name.replace("\x00", "")
    assert (await alice.get("/snapshot")).status_code == 200
    assert (await alice.get("/search?q=help")).status_code == 200


async def test_a_stolen_token_ends_with_its_revocation_and_with_its_agent(
    app: Litestar, cast: Cast, alice: Client, bob: Client
) -> None:
    made = (await alice.post("/tokens", {"name": "script", "scopes": ["read"]})).json()
    thief = Client(app, {"authorization": f"Bearer {made['token']}"})
    assert (await thief.get("/conversations")).status_code == 200
    assert (await thief.post("/tokens", {"name": "more", "scopes": ["admin"]})).status_code == 403
    assert (await alice.delete(f"/tokens/{made['id']}")).status_code == 204
    assert (await thief.get("/conversations")).status_code == 401
    await thief.http.aclose()
    await rows(cast, "UPDATE agent SET role = 'lead' WHERE id = $1", cast.bob.id)
    his = (await bob.post("/tokens", {"name": "script", "scopes": ["read"]})).json()["token"]
    thief = Client(app, {"authorization": f"Bearer {his}"})
    assert (await thief.get("/conversations")).status_code == 200
    out = await alice.ask("PATCH", f"/agents/{cast.bob.id}", {"disabled": True})
    assert out.status_code == 200
    assert (await thief.get("/conversations")).status_code == 401
    await thief.http.aclose()
