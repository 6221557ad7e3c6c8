"""A rehearsal stays at home: no real account is connected in it."""

from __future__ import annotations

import pytest

from tests.api.client import Client
from tests.cast import Cast
from tests.desk.acts import rows

REAL = [
    ("bluesky", {"handle": "northwind.bsky.social", "app_password": "x"}),
    ("mastodon", {"instance": "https://mastodon.social", "token": "t"}),
    ("email", {}),
    (
        "email",
        {
            "address": "me@example.org",
            "name": "http://localhost",
            "imap": "192.0.2.1:993",
            "smtp": "192.0.2.1:465",
            "password": "s",
        },
    ),
    ("mastodon", {"instance": "mastodon.social", "token": "x", "streaming": "http://127.0.0.1:1"}),
    ("mastodon", {"instance": "intranet", "token": "x", "streaming": "http://127.0.0.1:1"}),
    (
        "bluesky",
        {
            "service": "bsky.social",
            "handle": "a.bsky.social",
            "app_password": "x",
            "firehose": "ws://127.0.0.1:1",
            "pictures": "http://127.0.0.1:1",
            "chat": "off",
        },
    ),
    ("x", {}),
]


@pytest.fixture
async def rehearsal(cast: Cast) -> Cast:
    await rows(cast, "UPDATE workspace SET rehearsal = true WHERE id = $1", cast.workspace_id)
    return cast


@pytest.mark.parametrize(
    ("network", "fields"), REAL, ids=[f"{name}-{len(fields)}" for name, fields in REAL]
)
async def test_a_real_account_is_refused_before_it_is_asked(
    rehearsal: Cast, alice: Client, network: str, fields: dict[str, str]
) -> None:
    body = {"network": network, "inbox_id": rehearsal.channel.inbox_id, "fields": fields}
    for path in ("/channels", "/channels/authorizations"):
        answer = await alice.post(path, body)
        assert (answer.status_code, answer.json()["type"]) == (409, "rehearsal"), answer.text
        assert "Start for real" in answer.json()["detail"]


async def test_what_stays_on_this_machine_is_let_in(rehearsal: Cast, alice: Client) -> None:
    fields = {"handle": "Eastwind", "rate": "0", "backlog": "0"}
    body = {"network": "rehearsal", "inbox_id": rehearsal.channel.inbox_id, "fields": fields}
    assert (await alice.post("/channels", body)).status_code == 201
    near = {"service": "http://127.0.0.1:1", "handle": "a", "app_password": "x"}
    near |= {"firehose": "ws://127.0.0.1:1", "pictures": "http://127.0.0.1:1", "chat": "off"}
    answer = await alice.post("/channels", body | {"network": "bluesky", "fields": near})
    assert answer.json()["type"] == "cannot-connect", "it was asked, and nothing is there"


async def test_nobody_names_files_of_this_machine_or_fills_it_from_a_screen(
    cast: Cast, alice: Client
) -> None:
    body = {"network": "rehearsal", "inbox_id": cast.channel.inbox_id}
    for fields in ({"ledger": "/srv/theirs"}, {"rate": "1e9"}, {"backlog": "999999999"}):
        answer = await alice.post("/channels", body | {"fields": {"handle": "Eastwind", **fields}})
        assert answer.status_code == 422 or answer.json()["type"] == "cannot-connect", answer.text
