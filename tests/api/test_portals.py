"""Portals by the API: a checklist before they open, what is refused, and who may change them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Client
from tests.api.world import picture
from tests.cast import Cast
from tests.desk.acts import rows

WHOLE = {"privacy": "For a year.", "imprint": "Northwind Ltd", "contact": "care@northwind.example"}


async def connect(cast: Cast, alice: Client) -> str:
    made = await alice.post(
        "/channels",
        {
            "network": "portal",
            "inbox_id": cast.channel.inbox_id,
            "fields": {"slug": "help", "name": "Northwind"},
        },
    )
    assert made.status_code == 201, made.text
    channel_id: str = made.json()["id"]
    return channel_id


async def test_it_goes_live_only_when_nothing_is_missing(
    cast: Cast, alice: Client, bob: Client
) -> None:
    path = f"/portals/{await connect(cast, alice)}"
    [portal] = (await alice.get("/portals")).json()
    missing = [one["name"] for one in portal["checklist"] if not one["done"]]
    assert missing == ["privacy", "imprint", "contact"]
    refused = await alice.put(f"{path}/live", {})
    assert refused.status_code == 409
    assert "privacy notice" in refused.json()["detail"]
    assert (await bob.put(path, WHOLE)).status_code == 403
    assert (await bob.get("/portals")).status_code == 403
    assert (await alice.put(path, WHOLE)).status_code == 200
    opened = await alice.put(f"{path}/live", {})
    assert opened.json()["live"] is True
    assert "widget.js" in opened.json()["snippet"]
    assert (await alice.put(path, {**WHOLE, "imprint": " "})).status_code == 409
    assert (await alice.delete(f"{path}/live")).json()["live"] is False
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]
    assert [act for act in acts if act.startswith("portal.")] == [
        "portal.changed",
        "portal.opened",
        "portal.closed",
    ]
    kinds = [row["kind"] for row in await rows(cast, "SELECT kind FROM event ORDER BY seq")]
    assert kinds.count("portal.changed") == 3


@pytest.mark.parametrize(
    "bad",
    [
        {"css": "body { background: url(//evil.example/x) }"},
        {"css": "@import 'x';"},
        {"css": "@\\69mport 'x';"},
        {"css": "@im/**/port 'x'; a { b: U/**/RL(x) }"},
        {"css": "</style>"},
        {"css": "a { color: red"},
        {"colour": "red"},
        {"language": "english!"},
        {"origins": ["https://shop.example/path"]},
        {"origins": ["*"]},
        {"origins": ["https://a.example; script-src *"]},
        {"origins": ["javascript:alert(1)"]},
        {"ways": [{"title": "x", "url": "javascript:alert(1)"}]},
        {"words": {"nothing": "x"}},
    ],
)
async def test_what_could_do_harm_is_refused_in_words(
    cast: Cast, alice: Client, bad: dict[str, Any]
) -> None:
    path = f"/portals/{await connect(cast, alice)}"
    refused = await alice.put(path, bad)
    assert refused.status_code == 422, refused.text
    assert len(refused.json()["detail"].split()) > 3
    [portal] = (await alice.get("/portals")).json()
    assert portal["settings"] == {}


async def test_what_is_good_is_kept(cast: Cast, alice: Client) -> None:
    path = f"/portals/{await connect(cast, alice)}"
    good = {
        "css": "/* ours */ main { max-width: 50rem }",
        "colour": "#AA0000",
        "language": "ar",
        "origins": ["https://Shop.example/", "http://localhost:3000"],
        "ways": [{"title": "Phone", "url": "tel:+49 30 1234"}],
        "words": {"send": "Absenden"},
        "public": True,
    }
    kept = (await alice.put(path, good)).json()["settings"]
    assert kept["css"] == "main { max-width: 50rem }"
    assert kept["origins"] == ["https://shop.example", "http://localhost:3000"]
    assert kept["words"] == {"send": "Absenden"}
    upload = await alice.post("/media", picture(), headers={"content-type": "image/png"})
    logo = {"media_id": upload.json()["id"]}
    assert (await alice.put(f"{path}/logo", logo)).json()["logo_id"] == logo["media_id"]
    assert (await alice.put(f"{path}/logo", {"media_id": None})).json()["logo_id"] is None


async def test_an_address_is_taken_once(cast: Cast, alice: Client) -> None:
    await connect(cast, alice)
    again = await alice.post(
        "/channels",
        {"network": "portal", "inbox_id": cast.channel.inbox_id, "fields": {"slug": "help"}},
    )
    assert again.status_code == 409
