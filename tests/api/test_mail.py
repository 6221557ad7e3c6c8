"""The mail server of a workspace over the API: kept, tested, and what it sends."""

from __future__ import annotations

from typing import Any

import pytest
from litestar import Litestar

from earful.accounts.audit import verify
from earful.accounts.postbox import Claimed, claim, read
from earful.accounts.secrets import Keyring
from earful.settings import Settings
from tests.api.client import Client
from tests.cast import Cast
from tests.desk.acts import rows
from tests.mail_server import PASSWORD, USER, mail_server

SENDER = "care@northwind.example"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return Settings(data_dir=settings.data_dir, public_url="https://care.example")


async def acts_of(cast: Cast) -> list[str]:
    """The acts in the audit log, which is whole."""
    async with cast.database.acquire() as db:
        assert (await verify(db, cast.workspace_id)).whole
    return [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]


async def waiting(cast: Cast, app: Litestar) -> list[Any]:
    """The letters that wait."""
    keyring: Keyring = app.state.keyring
    async with cast.database.transaction() as db:
        claimed: list[Claimed] = await claim(db, now=cast.time())
    return [read(keyring, one) for one in claimed]


async def test_the_password_is_kept_sealed_and_never_shown(cast: Cast, alice: Client) -> None:
    assert (await alice.get("/mail")).json()["is_set"] is False
    body = {"host": "smtp.example", "sender": SENDER, "username": USER, "password": PASSWORD}
    shown = (await alice.put("/mail", body)).json()
    assert shown["password_set"] is True
    assert PASSWORD not in str(shown)
    [row] = await rows(cast, "SELECT * FROM mail_server")
    assert PASSWORD.encode() not in row["password"]
    again = {key: value for key, value in body.items() if key != "password"}
    kept = await alice.put("/mail", again | {"sender": "other@northwind.example"})
    assert kept.json()["password_set"] is True
    moved = await alice.put("/mail", again | {"host": "smtp.evil.example"})
    assert moved.status_code == 422
    assert moved.json()["field"] == "password"
    assert (await alice.delete("/mail")).status_code == 204
    assert (await alice.delete("/mail")).status_code == 404
    assert await acts_of(cast) == ["mail.changed", "mail.changed", "mail.removed"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", "smtp.example\r\nEHLO x"),
        ("host", ""),
        ("port", 0),
        ("port", 65536),
        ("security", "perhaps"),
        ("username", "care\r\nRSET"),
        ("sender", "care@northwind.example>\r\nDATA"),
        ("sender", "nobody"),
    ],
)
async def test_what_no_mail_server_takes_is_refused(
    alice: Client, field: str, value: object
) -> None:
    body = {"host": "smtp.example", "sender": SENDER, "password": "x", field: value}
    answer = await alice.put("/mail", body)
    assert answer.status_code == 422
    assert answer.json()["field"] == field


async def test_a_password_does_not_travel_in_the_clear(alice: Client) -> None:
    body = {"host": "smtp.example", "sender": SENDER, "username": "u", "password": "p"}
    answer = await alice.put("/mail", body | {"security": "none"})
    assert answer.json()["field"] == "security"
    here = await alice.put("/mail", body | {"security": "none", "host": "127.0.0.1"})
    assert here.status_code == 200


async def test_the_test_button_sends_or_says_why_not(cast: Cast, alice: Client) -> None:
    assert (await alice.post("/mail/test")).json()["type"] == "no-mail"
    async with mail_server() as post:
        body = {"host": "127.0.0.1", "port": post.port, "security": "none", "sender": SENDER}
        await alice.put("/mail", body)
        sent = await alice.post("/mail/test")
        assert sent.status_code == 200, sent.text
        assert post.recipients == [sent.json()["sent_to"]]
        assert post.got[0]["Subject"] == "Earful can send mail"
        post.refuse["RCPT"] = "550 5.7.1 relaying denied"
        refused = await alice.post("/mail/test")
    assert refused.status_code == 409
    assert refused.json()["step"] == "recipient"
    assert "550 5.7.1 relaying denied" in refused.json()["detail"]
    for _ in range(5):
        gone = await alice.post("/mail/test")
    assert gone.status_code == 429
    assert await acts_of(cast) == ["mail.changed", "mail.tested"]


async def test_an_invitation_is_mailed_where_that_can_be(
    cast: Cast, app: Litestar, alice: Client
) -> None:
    added = await alice.post("/agents", {"name": "Dan", "email": "dan@northwind.example"})
    path = f"/agents/{added.json()['id']}/invitation"
    by_hand = (await alice.post(path)).json()
    assert by_hand["mailed_to"] is None
    assert await waiting(cast, app) == []
    await alice.put("/mail", {"host": "smtp.example", "sender": SENDER})
    mailed = (await alice.post(path)).json()
    assert mailed["mailed_to"] == "dan@northwind.example"
    [letter] = await waiting(cast, app)
    assert letter.subject == "You are invited to Northwind"
    assert mailed["url"] in letter.text
    assert mailed["url"].startswith("https://care.example/invitation/")
