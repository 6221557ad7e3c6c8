"""Other desks call when something changed there; strangers are turned away."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from earful.accounts.secrets import context_of
from earful.handoff import commands
from earful.kit.ids import new_id
from earful.kit.signed_post import signature
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import home_of, rows, take

SECRET = "the secret of the desk's calls"


@pytest.fixture
async def caller(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Another desk, or who pretends to be one."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield client


async def handed(cast: Cast, app: Litestar, kind: str, remote_id: str) -> str:
    """A conversation handed to a desk of that kind; the desk's id."""
    await take(cast, post("1"))
    conversation, desk_id = await home_of(cast, "1"), new_id()
    context = context_of(cast.workspace_id, "other_desk.hook", desk_id)
    await rows(
        cast,
        """INSERT INTO other_desk (workspace_id, id, kind, name, url, secret, hook, created_at)
           VALUES ($1, $2, $3, 'Theirs', 'https://desk.example', 'x', $4, $5)""",
        cast.workspace_id,
        desk_id,
        kind,
        app.state.keyring.seal(SECRET.encode(), context=context),
        cast.time(),
    )
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await commands.hand_on(work, conversation, desk_id, "")
    await rows(
        cast,
        "UPDATE handoff SET state = 'handed', remote_id = $1, run_at = $2",
        remote_id,
        cast.time.now.replace(year=2030),
    )
    return desk_id


async def is_due(cast: Cast) -> bool:
    [row] = await rows(cast, "SELECT run_at FROM handoff")
    return bool(row["run_at"] <= cast.time())


def zendesk(body: bytes, secret: str = SECRET) -> dict[str, str]:
    stamp = "2026-11-02T09:00:00Z"
    digest = hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()
    return {
        "x-zendesk-webhook-signature": base64.b64encode(digest).decode(),
        "x-zendesk-webhook-signature-timestamp": stamp,
    }


def zammad(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return {"x-hub-signature": f"sha1={digest}"}


# As their makers publish them, shortened to what they have in common with any ticket.
ZENDESK = {
    "type": "zen:event-type:ticket.status_changed",
    "account_id": 12514403,
    "id": "2b24ef10-19d4-4740-93cf-8f98ec4776c0",
    "time": "2026-11-02T09:00:00Z",
    "zendesk_event_version": "2022-11-06",
    "subject": "zen:ticket:7001",
    "detail": {"id": "7001", "status": "SOLVED", "external_id": "x", "updated_at": "x"},
    "event": {"current": "SOLVED", "previous": "OPEN"},
}
ZAMMAD = {"ticket": {"id": 7001, "number": "557001", "state": "closed"}, "article": {"id": 104}}
CHATWOOT = {"event": "conversation_status_changed", "id": 7001, "status": "resolved", "meta": {}}
CHATWOOT_SAID = {"event": "message_created", "id": "1", "conversation": {"id": 7001}}
SALESFORCE = b"""<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>
<notifications xmlns="http://soap.sforce.com/2005/09/outbound">
<OrganizationId>00D24000000AbCd</OrganizationId><ActionId>04k24000000AbCd</ActionId>
<Notification><Id>04l24000000AbCd</Id>
<sObject xsi:type="sf:Case" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
<sf:Id>500000000007001</sf:Id><sf:Status>Closed</sf:Status></sObject>
</Notification></notifications></soapenv:Body></soapenv:Envelope>"""


class Hint(msgspec.Struct, frozen=True):
    """A call about a ticket that is ours."""

    kind: str
    remote_id: str
    said: Any


ALL = [
    Hint("zendesk", "7001", ZENDESK),
    Hint("zammad", "7001", ZAMMAD),
    Hint("chatwoot", "7001", CHATWOOT),
    Hint("chatwoot", "7001", CHATWOOT_SAID),
    Hint("salesforce", "500000000007001", SALESFORCE),
]


async def call(
    caller: httpx.AsyncClient, desk_id: str, kind: str, said: Any, secret: str = SECRET
) -> httpx.Response:
    body = said if isinstance(said, bytes) else msgspec.json.encode(said)
    address, headers = f"/hooks/desks/{desk_id}", {}
    if kind in ("zendesk", "zammad"):
        headers = (zendesk if kind == "zendesk" else zammad)(body, secret)
    else:
        address += f"/{secret}"
    return await caller.post(address, content=body, headers=headers)


@pytest.mark.parametrize("hint", ALL, ids=lambda hint: hint.kind)
async def test_a_call_makes_us_look(
    cast: Cast, app: Litestar, caller: httpx.AsyncClient, hint: Hint
) -> None:
    desk_id = await handed(cast, app, hint.kind, hint.remote_id)
    answer = await call(caller, desk_id, hint.kind, hint.said)
    assert answer.status_code == 200
    assert await is_due(cast)
    if hint.kind == "salesforce":
        assert "<Ack>true</Ack>" in answer.text


@pytest.mark.parametrize("hint", ALL, ids=lambda hint: hint.kind)
async def test_a_stranger_changes_nothing(
    cast: Cast, app: Litestar, caller: httpx.AsyncClient, hint: Hint
) -> None:
    desk_id = await handed(cast, app, hint.kind, hint.remote_id)
    assert (await call(caller, desk_id, hint.kind, hint.said, "guessed")).status_code == 401
    bare = await caller.post(f"/hooks/desks/{desk_id}", json={})
    assert bare.status_code == 401
    assert not await is_due(cast)


@pytest.mark.parametrize("kind", ["zendesk", "zammad", "chatwoot", "salesforce", "webhook"])
async def test_what_makes_no_sense_is_refused(
    cast: Cast, app: Litestar, caller: httpx.AsyncClient, kind: str
) -> None:
    desk_id = await handed(cast, app, kind, "7001")
    for body in (b"", b"\x00", b"[]", b'{"subject": 7}', b"<" * 100_000):
        answer = await call(caller, desk_id, kind, body)
        assert answer.status_code == 401, body[:20]
    assert not await is_due(cast)


async def test_an_unknown_desk_and_a_huge_body_are_turned_away(
    cast: Cast, app: Litestar, caller: httpx.AsyncClient
) -> None:
    desk_id = await handed(cast, app, "zammad", "7001")
    assert (await caller.post(f"/hooks/desks/{new_id()}", json={})).status_code == 404
    assert (await caller.post("/hooks/desks/none", json={})).status_code == 404
    huge = await caller.post(f"/hooks/desks/{desk_id}", content=b"x" * 3_000_000)
    assert huge.status_code == 413


async def test_a_webhook_desk_is_believed_by_its_signature_once_and_fresh(
    cast: Cast, app: Litestar, caller: httpx.AsyncClient
) -> None:
    [home] = [await handed(cast, app, "webhook", "ours")]
    said = {
        "id": "ours",
        "status": "closed",
        "owner": "Ann",
        "closing_line": "Sent again.",
        "url": "javascript:alert(1)",
    }
    body = msgspec.json.encode(said)

    async def told(at: int) -> int:
        stamp = int(cast.time().timestamp()) + at
        headers = {
            "earful-timestamp": str(stamp),
            "earful-signature": signature(SECRET.encode(), stamp, body),
        }
        answer = await caller.post(f"/hooks/desks/{home}", content=body, headers=headers)
        return answer.status_code

    assert await told(-3600) == 401, "an old call played back"
    assert [await told(0) for _ in range(3)] == [200] * 3
    [row] = await rows(cast, "SELECT state, remote FROM handoff")
    assert (row["state"], row["remote"]["owner"]) == ("closed", "Ann")
    assert row["remote"]["url"] == ""
    changed = await rows(cast, "SELECT data FROM event WHERE kind = 'handoff.changed' ORDER BY seq")
    assert [event["data"]["handoff"]["state"] for event in changed] == ["queued", "closed"]


async def test_a_lead_connects_a_desk_that_answers(alice: Client, bob: Client) -> None:
    kinds = (await bob.get("/desk-kinds")).status_code, (await alice.get("/desk-kinds")).json()
    assert kinds[0] == 403
    assert {one["kind"] for one in kinds[1]} >= {"zendesk", "zammad", "chatwoot", "salesforce"}
    body = {"kind": "zammad", "url": "https://127.0.0.1", "fields": {"token": "t"}}
    answer = await alice.post("/desks", body)
    assert answer.status_code == 422
    assert "Customer's email is missing" in answer.text
    body["fields"] = {"token": "t", "customer": "care@northwind.example"}
    answer = await alice.post("/desks", body)
    assert (answer.status_code, answer.json()["type"]) == (422, "blocked-address")
