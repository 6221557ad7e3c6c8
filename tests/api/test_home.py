"""A rehearsal stays at home: no real account is connected in it."""

from __future__ import annotations

import asyncio

import pytest

from earful.accounts.people import add_agent
from earful.accounts.setup import create_workspace
from earful.kit.addresses import resolve
from earful.networks.registry import networks
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
    ("x", {"client_id": "c", "daily_cap": "1", "api": "http://127.0.0.1:1"}),
    ("rehearsal", {"service": "https://elsewhere.example"}),
    ("mastodon", {"instance": "http://127.0.0.1:1", "token": "x"}),
    ("mastodon", {"instance": "http://127.0.0.1@evil.example", "token": "x", "streaming": "off"}),
    ("mastodon", {"instance": "http://evil.example\\@127.0.0.1", "token": "x", "streaming": "off"}),
    (
        "email",
        {
            "address": "me@example.org",
            "imap": "127.0.0.1:1",
            "dns": "127.0.0.1",
            "sign_in": "google",
        },
    ),
    ("email", {"address": "me@example.org", "imap": "127.0.0.1:1", "password": "s"}),
]
NEAR = [
    (
        "bluesky",
        {
            "service": "http://127.0.0.1:1",
            "handle": "a",
            "app_password": "x",
            "firehose": "ws://127.0.0.1:1",
            "pictures": "server",
            "chat": "off",
        },
    ),
    ("mastodon", {"instance": "http://localhost:1", "token": "x", "streaming": "off"}),
    (
        "email",
        {
            "address": "me@northwind.example",
            "imap": "127.0.0.1:1",
            "smtp": "[::1]:1",
            "imap_security": "none",
            "smtp_security": "none",
            "password": "s",
            "dns": "127.0.0.1:1",
        },
    ),
    (
        "x",
        {
            "client_id": "c",
            "access_token": "a",
            "daily_cap": "1",
            "api": "http://127.0.0.1:1",
            "authorize": "http://127.0.0.1:1",
        },
    ),
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


async def test_starting_for_real_leads_to_the_setup_of_another_workspace(
    rehearsal: Cast, alice: Client, bob: Client
) -> None:
    path = "/rehearsal/start-for-real"
    assert (await bob.post(path, {})).status_code == 403
    assert (await alice.post(path, {})).json()["url"].startswith("/setup?key=")
    async with rehearsal.database.transaction() as db:
        real = await create_workspace(db, name="Northwind", now=rehearsal.time())
        await add_agent(
            db, real, name="Ann", email="ann@northwind.example", role="owner", handle="ann",
            now=rehearsal.time(),
        )  # fmt: skip
    again = await alice.post(path, {})
    assert (again.status_code, again.json()["type"]) == (409, "exists")
    await rows(rehearsal, "UPDATE workspace SET rehearsal = false WHERE id = $1",
               rehearsal.workspace_id)  # fmt: skip
    assert (await alice.post(path, {})).json()["type"] == "not-allowed"


async def test_what_stays_on_this_machine_is_let_in(rehearsal: Cast, alice: Client) -> None:
    fields = {"handle": "Eastwind", "rate": "0", "backlog": "0"}
    body = {"network": "rehearsal", "inbox_id": rehearsal.channel.inbox_id, "fields": fields}
    assert (await alice.post("/channels", body)).status_code == 201
    for network, near in NEAR:
        answer = await alice.post("/channels", body | {"network": network, "fields": near})
        assert answer.json()["type"] == "cannot-connect", f"{network}: {answer.text}"


def test_every_network_says_where_its_fields_lead() -> None:
    """A field that says it holds an address, by its name or its default, is marked as a place."""
    for name, network in networks().items():
        manifest = network.manifest
        places = {field.name for field in manifest.fields if field.place}
        assert places or manifest.stays_home, name
        looks = {
            field.name
            for field in manifest.fields
            if not field.secret and ("://" in field.default or "://" in field.help)
        }
        assert looks <= places | {"site"}, name


async def test_a_rehearsal_asks_no_name_server(
    rehearsal: Cast, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even the question for a name would leave the machine."""
    asked: list[str] = []

    async def listening(_: object, host: str, *_more: object, **_rest: object) -> list[object]:
        asked.append(host)
        raise OSError("no such name")

    del rehearsal
    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", listening)
    monkeypatch.setattr("uvloop.Loop.getaddrinfo", listening, raising=False)
    server = {
        "host": "smtp.tell-tale.example",
        "port": 465,
        "security": "tls",
        "sender": "care@northwind.example",
    }
    kept = await alice.put("/mail", server)
    assert kept.status_code == 200, kept.text
    tried = await alice.post("/mail/test")
    assert tried.json()["type"] == "mail-refused"
    assert "This is a rehearsal" in tried.json()["detail"]
    hook = {"url": "https://hook.tell-tale.example/earful", "kinds": []}
    refused = await alice.post("/webhooks", hook)
    assert (refused.status_code, refused.json()["type"]) == (422, "blocked-address")
    assert "This is a rehearsal" in refused.json()["detail"]
    assert asked == []
    with pytest.raises(OSError, match="no such name"):
        await resolve("away.example", 25)
    assert asked == ["away.example"], "the ear works"


async def test_nobody_names_files_of_this_machine_or_fills_it_from_a_screen(
    cast: Cast, alice: Client
) -> None:
    body = {"network": "rehearsal", "inbox_id": cast.channel.inbox_id}
    for fields in ({"ledger": "/srv/theirs"}, {"rate": "1e9"}, {"backlog": "999999999"}):
        answer = await alice.post("/channels", body | {"fields": {"handle": "Eastwind", **fields}})
        assert answer.status_code == 422 or answer.json()["type"] == "cannot-connect", answer.text
