"""Webhooks over the API: the secret once, addresses checked, every change audited."""

from __future__ import annotations

import pytest

from tests.api.client import Client
from tests.cast import Cast
from tests.desk.acts import rows


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
