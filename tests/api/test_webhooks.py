"""Webhooks over the API: the secret once, addresses checked, every change audited."""

from __future__ import annotations

import pytest

from earful.kit.signed_post import signature
from tests.api.client import Client
from tests.cast import Cast
from tests.desk.acts import rows
from tests.worker.receiver import receiving


@pytest.fixture
async def rehearsing(cast: Cast) -> None:
    """In a rehearsal only this machine may be told."""
    await rows(cast, "UPDATE workspace SET rehearsal = true WHERE id = $1", cast.workspace_id)


@pytest.mark.usefixtures("rehearsing")
async def test_the_secret_is_shown_once(cast: Cast, alice: Client) -> None:
    asked = {"url": "http://127.0.0.1:9/hook", "kinds": ["conversation.*"]}
    made = await alice.post("/webhooks", asked)
    assert made.status_code == 201, made.text
    secret = made.json()["secret"]
    listed = await alice.get("/webhooks")
    assert [one["id"] for one in listed.json()] == [made.json()["id"]]
    assert secret not in listed.text
    [row] = await rows(cast, "SELECT secret FROM webhook")
    assert secret.encode() not in row["secret"]
    assert (await alice.delete(f"/webhooks/{made.json()['id']}")).status_code == 204
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]
    assert acts == ["webhook.added", "webhook.removed"]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest",
     "ftp://1.1.1.1/", "https://u:p@1.1.1.1/", "http://1.1.1.1/", "nonsense", "https://1.1.1.1:x/"],
)  # fmt: skip
async def test_what_must_not_be_called_is_refused(alice: Client, url: str) -> None:
    answer = await alice.post("/webhooks", {"url": url})
    assert answer.status_code == 422, answer.text


async def test_agents_may_not(bob: Client) -> None:
    assert (await bob.get("/webhooks")).status_code == 403


@pytest.mark.usefixtures("rehearsing")
async def test_a_trial_is_signed_and_said_and_not_repeated_at_once(
    cast: Cast, alice: Client
) -> None:
    async with receiving() as receiver:
        made = (await alice.post("/webhooks", {"url": receiver.url})).json()
        receiver.answers = ["200 OK", "500 Oops"]
        first = await alice.post(f"/webhooks/{made['id']}/test")
        assert first.json() == {"taken": True, "trouble": ""}
        [told] = receiver.told
        stamp = int(told.headers["earful-timestamp"])
        secret = made["secret"].encode()
        assert told.headers["earful-signature"] == signature(secret, stamp, told.body)
        assert (await alice.post(f"/webhooks/{made['id']}/test")).status_code == 429
        cast.time.pass_(seconds=10)
        second = await alice.post(f"/webhooks/{made['id']}/test")
        assert second.json() == {"taken": False, "trouble": "It answers 500."}
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]
    assert acts == ["webhook.added", "webhook.tested", "webhook.tested"]


@pytest.mark.usefixtures("rehearsing")
async def test_a_webhook_is_changed_paused_and_given_a_new_secret(
    cast: Cast, alice: Client, bob: Client
) -> None:
    made = (await alice.post("/webhooks", {"url": "http://127.0.0.1:9/hook"})).json()
    one = f"/webhooks/{made['id']}"
    changed = await alice.ask("PATCH", one, {"url": "http://127.0.0.1:9/new", "kinds": ["tag.*"]})
    assert (changed.json()["url"], changed.json()["kinds"]) == ("http://127.0.0.1:9/new", ["tag.*"])
    assert (await alice.ask("PATCH", one, {"kinds": ["nonsense"]})).status_code == 422
    assert (await alice.ask("PATCH", one, {"url": "https://1.1.1.1/"})).status_code == 422
    assert (await alice.ask("PATCH", one, {"state": "paused"})).json()["state"] == "paused"
    assert (await alice.ask("PATCH", one, {"state": "active"})).json()["state"] == "active"
    [before] = await rows(cast, "SELECT secret FROM webhook")
    secret = (await alice.post(f"{one}/secret")).json()["secret"]
    assert secret != made["secret"]
    assert secret not in (await alice.get("/webhooks")).text
    [after] = await rows(cast, "SELECT secret FROM webhook")
    assert before["secret"] != after["secret"]
    assert (await bob.ask("PATCH", one, {"state": "paused"})).status_code == 403
