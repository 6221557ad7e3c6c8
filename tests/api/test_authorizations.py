"""Signing in on a network's own pages: there and back, once, by who began; nothing half-kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from litestar import Litestar

from earful.desk.ports import open_connector
from earful.networks.contract import Identity, RetryLater
from earful.settings import Settings
from tests.api.client import Client
from tests.cast import Cast
from tests.desk.acts import rows
from tests.networks import doors

CHANNEL = "SELECT * FROM channel WHERE network = 'doors'"


def wanted(cast: Cast, **more: Any) -> dict[str, Any]:
    fields = {"app": "a1", "key": "app-secret"}
    return {
        "network": "doors",
        "inbox_id": cast.channel.inbox_id,
        "fields": fields,
    } | more


async def begin(cast: Cast, who: Client, **more: Any) -> str:
    """Begin. Returns the state that the network was given."""
    answer = await who.post("/channels/authorizations", wanted(cast, **more))
    assert answer.status_code == 201, answer.text
    url = urlsplit(answer.json()["url"])
    assert url.netloc == "doors.example"
    state: str = parse_qs(url.query)["state"][0]
    return state


async def back(who: Client, **query: str) -> httpx.Response:
    return await who.http.get("/oauth/callback", params=query)


async def test_there_and_back_connects_the_account(
    cast: Cast, alice: Client, town: doors.Town
) -> None:
    state = await begin(cast, alice)
    answer = await back(alice, state=state, code="good")
    [row] = await rows(cast, CHANNEL)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/settings/channels?connected={row['id']}"
    assert (row["handle"], row["state"], row["config"]["app"]) == ("Eastwind", "active", "a1")
    assert row["limits"] == {"length": 100, "link_length": 23}
    session = await alice.get("/channels")
    [shown] = [one for one in session.json() if one["network"] == "doors"]
    assert (shown["limits"]["length"], shown["limits"]["link_length"]) == (100, 23)
    callback = "http://127.0.0.1:8420/oauth/callback"
    began, ended = town.asked
    assert began == ("begin", {"app": "a1", "key": "app-secret", "callback": callback})
    assert ended[1]["verifier"] == f"of {state}"
    assert ended[1]["callback"] == callback
    [line] = await rows(
        cast, "SELECT actor_id, object_id FROM audit WHERE act = 'channel.connected'"
    )
    assert tuple(line) == (cast.alice.id, row["id"])
    assert await rows(cast, "SELECT 1 FROM sign_in_there") == []


async def test_its_session_is_kept_sealed_as_the_probe_left_it(
    cast: Cast, alice: Client, app: Litestar, town: doors.Town
) -> None:
    await back(alice, state=await begin(cast, alice), code="good")
    [row] = await rows(cast, CHANNEL)
    assert b"good" not in row["session"]
    assert b"app-secret" not in row["secret"]
    await open_connector(cast.database, app.state.keyring, cast.time, row).close()
    assert await town.ports[-1].tokens.load() == {"code": "good", "rotated": True}


async def test_nothing_that_was_typed_lies_open_meanwhile(cast: Cast, alice: Client) -> None:
    state = await begin(cast, alice)
    [row] = await rows(cast, "SELECT t::text AS line, sealed FROM sign_in_there t")
    assert state not in row["line"]
    assert b"app-secret" not in row["sealed"]
    assert b"verifier" not in row["sealed"]


async def test_a_state_works_once_and_not_for_long(cast: Cast, alice: Client) -> None:
    state = await begin(cast, alice)
    assert (await back(alice, state=state, code="bad")).status_code == 502
    assert (await back(alice, state=state, code="good")).status_code == 410
    late = await begin(cast, alice)
    cast.time.pass_(minutes=15)
    assert (await back(alice, state=late, code="good")).status_code == 410
    for nonsense in ("", "x", "A" * 43, "\0"):
        assert (await back(alice, state=nonsense, code="good")).status_code == 410
    assert await rows(cast, CHANNEL) == []


async def test_only_who_began_in_that_session_can_finish(
    cast: Cast, alice: Client, eve: Client, nobody: Client, sign_in: Any
) -> None:
    state = await begin(cast, alice)
    bob = await sign_in(cast, cast.bob)
    assert (await back(bob, state=state, code="good")).status_code == 403
    # Neither the owner next door nor another browser of her own.
    for other in (eve, await sign_in(cast, cast.alice)):
        assert (await back(other, state=state, code="good")).status_code == 410
    stranger = await back(nobody, state=state, code="good")
    assert stranger.status_code == 401
    assert "http://127.0.0.1:8420" in stranger.text
    assert await rows(cast, CHANNEL) == []
    assert (await back(alice, state=state, code="good")).status_code == 303


async def test_who_lost_the_right_meanwhile_connects_nothing(cast: Cast, alice: Client) -> None:
    state = await begin(cast, alice)
    await rows(cast, "UPDATE agent SET role = 'agent' WHERE id = $1", cast.alice.id)
    assert (await back(alice, state=state, code="good")).status_code == 403
    assert await rows(cast, CHANNEL) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"error": "access_denied"}, "you said no there"),
        ({"code": "bad"}, "the code is no good"),
        ({}, "makes no sense"),
    ],
)
async def test_what_went_wrong_there_is_said_and_nothing_is_kept(
    cast: Cast, alice: Client, query: dict[str, str], words: str
) -> None:
    answer = await back(alice, state=await begin(cast, alice), **query)
    assert answer.status_code == 502
    assert words in answer.text
    assert "Nothing was connected." in answer.text
    assert 'href="/settings/channels"' in answer.text
    assert await rows(cast, CHANNEL) == []


async def test_a_network_that_refuses_to_begin_is_quoted(
    cast: Cast, alice: Client, town: doors.Town
) -> None:
    town.error = RetryLater("the server is being mended")
    answer = await alice.post("/channels/authorizations", wanted(cast))
    assert answer.json()["type"] == "cannot-connect"
    assert "being mended" in answer.json()["detail"]
    plain = await alice.post(
        "/channels/authorizations", wanted(cast, network="rehearsal", fields={})
    )
    assert (plain.status_code, plain.json()["type"]) == (422, "invalid")
    assert await rows(cast, "SELECT 1 FROM sign_in_there") == []


async def test_signing_in_again_keeps_the_channel_and_what_was_typed(
    cast: Cast, alice: Client, town: doors.Town
) -> None:
    await back(alice, state=await begin(cast, alice), code="good")
    [row] = await rows(cast, CHANNEL)
    await rows(cast, "UPDATE channel SET state = 'reauthorize' WHERE id = $1", row["id"])
    state = await begin(cast, alice, channel_id=row["id"], fields={})
    assert town.asked[-1][1]["key"] == "app-secret"
    assert (await back(alice, state=state, code="good")).status_code == 303
    [after] = await rows(cast, CHANNEL)
    assert (after["id"], after["state"]) == (row["id"], "active")

    town.codes["other"] = Identity("acct-2", "Westwind")
    await rows(cast, "UPDATE channel SET state = 'reauthorize' WHERE id = $1", row["id"])
    state = await begin(cast, alice, channel_id=row["id"], fields={})
    answer = await back(alice, state=state, code="other")
    assert answer.status_code == 409
    assert "another account: @Westwind" in answer.text
    [same] = await rows(cast, CHANNEL)
    assert (same["state"], same["session"]) == ("reauthorize", after["session"])


async def test_a_repeated_request_does_not_show_the_address_again(
    cast: Cast, alice: Client
) -> None:
    key = {"idempotency-key": "k1"}
    first = await alice.post("/channels/authorizations", wanted(cast), headers=key)
    again = await alice.post("/channels/authorizations", wanted(cast), headers=key)
    assert (first.status_code, again.json()["type"]) == (201, "already-made")
    [row] = await rows(cast, "SELECT answer FROM idempotency")
    assert b"state=" not in row["answer"]


def test_the_way_back_is_never_a_name_that_the_browser_said() -> None:
    own = Settings.from_env({"EARFUL_PORT": "9000", "EARFUL_HOST": "0.0.0.0"})  # noqa: S104
    assert own.callback_url == "http://127.0.0.1:9000/oauth/callback"
    public = Settings.from_env({"EARFUL_PUBLIC_URL": "https://care.example.org/"})
    assert public.callback_url == "https://care.example.org/oauth/callback"


async def test_a_channel_that_needs_no_page_is_not_sent_to_one(
    cast: Cast, alice: Client, town: doors.Town
) -> None:
    await back(alice, state=await begin(cast, alice), code="good")
    [row] = await rows(cast, CHANNEL)
    body = wanted(cast, channel_id=row["id"], fields={"token": "made by hand"})
    answer = await alice.post("/channels/authorizations", body)
    assert answer.json()["type"] == "not-there"
    assert [what for what, _ in town.asked] == ["begin", "finish"]


async def test_what_is_none_of_the_choices_is_refused_in_words(cast: Cast, alice: Client) -> None:
    body = wanted(cast, fields={"app": "a1", "way": "sideways"})
    answer = await alice.post("/channels/authorizations", body)
    assert (answer.status_code, answer.json()["detail"]) == (422, "Way: choose one of page, short.")
