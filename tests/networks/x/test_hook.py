"""The door at which X calls: who is let in, and what a call tells."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from earful.networks.contract import Answer, Call, Post
from earful.networks.x import NETWORK
from earful.networks.x.connector import XConnector
from tests.networks.x.memory import Memory
from tests.networks.x.samples import DELETION, MENTION, RECEIVED, REPLY, REVOKED, US, body

SECRET = "the app's consumer secret"
CONFIG = {"api": "http://127.0.0.1:9"}  # nobody is there: what a call tells must do


@pytest.fixture
async def connector() -> AsyncIterator[XConnector]:
    memory = Memory()
    session = {"access_token": "a", "id": US.id, "handle": US.handle}
    await memory.tokens.save({**session, "granted_at": "2026-07-23T22:00:00+00:00"})
    made = NETWORK.open(CONFIG, {"consumer_secret": SECRET}, memory.ports)
    assert isinstance(made, XConnector)
    yield made
    await made.close()


def signature(data: bytes, secret: str = SECRET) -> str:
    digest = hmac.new(secret.encode(), data, hashlib.sha256).digest()
    return "sha256=" + base64.b64encode(digest).decode()


async def tell(connector: XConnector, data: bytes, signed: str | None = None) -> Answer:
    header = {"x-twitter-webhooks-signature": signature(data) if signed is None else signed}
    return await connector.hear(Call("POST", header, {}, data))


async def test_the_challenge_is_answered(connector: XConnector) -> None:
    said = await connector.hear(Call("GET", {}, {"crc_token": "challenge-123=="}))
    assert said.status == 200
    assert json.loads(said.body) == {"response_token": signature(b"challenge-123==")}


@pytest.mark.parametrize("token", ["", '{"data":{}}', "x" * 201, "a b"])
async def test_no_signature_is_made_for_a_stranger(connector: XConnector, token: str) -> None:
    """The answer to a challenge is what a forged event would need."""
    said = await connector.hear(Call("GET", {}, {"crc_token": token}))
    assert said.status == 400
    assert b"sha256" not in said.body


async def test_a_message_comes_in(connector: XConnector) -> None:
    said = await tell(connector, body(RECEIVED))
    assert said.status == 200
    assert said.batch is not None
    [post] = said.batch.changes
    assert isinstance(post, Post)
    assert post.text == "hello!"
    assert said.batch.cursor is None


async def test_an_author_whom_x_does_not_name_goes_by_a_number(connector: XConnector) -> None:
    said = await tell(connector, body(REPLY))
    assert said.batch is not None
    [post] = said.batch.changes
    assert isinstance(post, Post)
    assert post.author.handle == "2222222222222222222"


@pytest.mark.parametrize("told", [MENTION, DELETION, RECEIVED], ids=["post", "gone", "message"])
async def test_told_again_it_is_the_same(connector: XConnector, told: Any) -> None:
    """X repeats itself; what has the same id is accepted once."""
    ids = []
    for _ in range(2):
        batch = (await tell(connector, body(told))).batch
        ids.append([each.external_id for each in batch.changes] if batch else [])
    assert ids[0] == ids[1] != []


@pytest.mark.parametrize(
    ("data", "signed", "status"),
    [
        (b"{}", "", 401),
        (b"{}", "sha256=", 401),
        (b"{}", "sha256=é", 401),
        (b"{}", signature(b"{}", "another secret"), 401),
        (b'{"data":1}', signature(b"{}"), 401),
        (b"not json", None, 400),
        (b"[" * 100_000, None, 400),
        (b"x" * 50_000_000, "sha256=", 413),
    ],
    ids=["none", "empty", "odd", "stranger's", "another body", "no json", "deep", "50 MB"],
)
async def test_strangers_and_nonsense(
    connector: XConnector, data: bytes, signed: str | None, status: int
) -> None:
    said = await tell(connector, data, signed)
    assert said.status == status
    assert said.batch is None
    assert not said.revoked


async def test_without_a_secret_nobody_is_let_in() -> None:
    made: Any = NETWORK.open(CONFIG, {}, Memory().ports)
    for call in (Call("GET", {}, {"crc_token": "a"}), Call("POST", {}, {}, b"{}")):
        assert (await made.hear(call)).status == 403
    await made.close()


async def test_withdrawn_rights_and_old_news_of_them(connector: XConnector) -> None:
    """A withdrawal from before the last sign-in, told again, holds nothing."""
    event = json.loads(body(REVOKED))
    assert not (await tell(connector, body(event))).revoked
    event["data"]["payload"]["date_time"] = "2026-07-24T08:00:00+00:00"
    assert "Sign in again" in (await tell(connector, body(event))).revoked
