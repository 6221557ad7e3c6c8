"""Disconnecting keeps what waits; connecting the same account again brings its channel back."""

from __future__ import annotations

from typing import Any

import pytest
from litestar import Litestar

from earful.desk.ports import secrets_of
from earful.networks.contract import Identity
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import answer, delivery, home_of, rows, take
from tests.networks import doors


async def test_the_same_account_is_the_same_channel_and_what_was_held_waits_for_a_person(
    cast: Cast, alice: Client, bob: Client
) -> None:
    asked: dict[str, Any] = {
        "network": "rehearsal",
        "inbox_id": cast.channel.inbox_id,
        "fields": {"handle": "Eastwind", "rate": "0", "backlog": "0"},
    }
    channel = (await alice.post("/channels", asked)).json()["id"]
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    await rows(cast, "UPDATE conversation SET channel_id = $1 WHERE id = $2", channel, home)
    waiting = await answer(cast, home, undo_for=60)
    assert waiting.channel_id == channel
    assert (await alice.delete(f"/channels/{channel}")).status_code == 204
    kept = await delivery(cast, waiting.id)
    assert (kept["state"], "Disconnected by Alice" in kept["error"]) == ("held", True)
    refused = await bob.post(f"/deliveries/{waiting.id}/retry")
    assert refused.status_code == 409
    [row] = await rows(cast, "SELECT secret, session FROM channel WHERE id = $1", channel)
    assert (row["secret"], row["session"]) == (None, None)

    again = await alice.post("/channels", asked)
    assert (again.status_code, again.json()["id"]) == (201, channel)
    assert (await delivery(cast, waiting.id))["state"] == "held", "it may be out of date by now"
    assert (await bob.post(f"/deliveries/{waiting.id}/retry")).status_code == 200
    assert (await delivery(cast, waiting.id))["state"] == "queued"
    assert (await alice.post("/channels", asked)).json()["type"] == "exists"


async def test_what_is_left_empty_stays_when_a_password_is_given_again(
    cast: Cast, alice: Client, app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def probe(_: Any) -> Identity:
        return doors.EASTWIND

    monkeypatch.setattr(doors.DoorsConnector, "probe", probe)
    fields = {"app": "a1", "key": "app-secret", "token": "old"}
    asked = {"network": "doors", "inbox_id": cast.channel.inbox_id, "fields": fields}
    channel = (await alice.post("/channels", asked)).json()["id"]
    patched = await alice.ask("PATCH", f"/channels/{channel}", {"fields": {"token": "new"}})
    assert patched.status_code == 200
    [row] = await rows(cast, "SELECT * FROM channel WHERE id = $1", channel)
    assert secrets_of(app.state.keyring, row) == {"key": "app-secret", "token": "new"}
    assert row["config"]["app"] == "a1"
