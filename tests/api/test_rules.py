"""Rules through their door: malformed and hostile ones, who may, and what is written down."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Client
from tests.api.world import RULE
from tests.cast import Cast, post
from tests.desk.acts import rows, take


async def test_a_lead_writes_tries_orders_and_removes_rules(cast: Cast, alice: Client) -> None:
    await take(cast, post("p1", "refund please"))
    tried = (await alice.post("/rule-trials", RULE)).json()
    assert (tried["looked"], tried["matched"], tried["samples"][0]["acts"]) == (1, 1, [0])
    one = (await alice.post("/rules", RULE)).json()
    two = (await alice.post("/rules", RULE | {"name": "Second"})).json()
    assert (one["on"], one["acted"], one["trouble"]) == (True, 0, "")
    ordered = (await alice.put("/rule-order", {"ids": [two["id"], one["id"]]})).json()
    assert [rule["name"] for rule in ordered] == ["Second", "Refunds"]
    off = (await alice.put(f"/rules/{one['id']}", RULE | {"on": False})).json()
    assert off["on"] is False
    assert (await alice.delete(f"/rules/{one['id']}")).status_code == 204
    assert [rule["id"] for rule in (await alice.get("/rules")).json()] == [two["id"]]
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]
    assert acts == ["rule.changed"] * 4 + ["rule.removed"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        (RULE | {"when": "never"}, 400),
        (RULE | {"surprise": 1}, 400),
        (RULE | {"conditions": [{"field": "password", "values": ["x"]}]}, 400),
        (RULE | {"conditions": []}, 422),
        (RULE | {"acts": [{"do": "severity", "value": "first"}]}, 422),
        (RULE | {"name": "\x00 "}, 422),
        (RULE | {"conditions": [{"field": "text", "values": ["x"] * 100_000}]}, 200),
        (RULE | {"conditions": [{"field": "text", "values": ["(" * 500, ".*", "a{9999}"]}]}, 200),
    ],
)
async def test_what_makes_no_sense_is_refused_and_hostile_words_are_words(
    cast: Cast, alice: Client, body: dict[str, Any], status: int
) -> None:
    await take(cast, post("p1", "a" * 5000))
    answer = await alice.post("/rule-trials", body)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["matched"] == 0


async def test_agents_have_no_part_in_rules(cast: Cast, bob: Client) -> None:
    for method, path, body in (
        ("GET", "/rules", None),
        ("POST", "/rules", RULE),
        ("POST", "/rule-trials", RULE),
    ):
        assert (await bob.ask(method, path, body)).status_code == 403, path
    assert await rows(cast, "SELECT id FROM rule") == []
