"""Figures for this machine and for admin tokens, and for nobody else."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from litestar import Litestar

from earful.accounts.api_tokens import create_token
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import rows, take

AWAY = ("203.0.113.9", 1)


async def ask(app: Any, client: tuple[str, int], **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app, client=client)
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as http:
        return await http.get("/metrics", headers=named)


WORKER = "INSERT INTO worker (name, seen_at, counts) VALUES ('the-machine|12|345|1', $1, $2)"


def figure(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, name
    return float(found[1])


async def test_the_figures_are_true(app: Litestar, cast: Cast, alice: Client) -> None:
    await take(cast, post("p1", "@Northwind where is my parcel"))
    cast.time.pass_(seconds=90)
    await alice.get("/conversations")
    await rows(cast, WORKER, cast.time(), {"posts_new": 7})
    answer = await ask(app, ("127.0.0.1", 1))
    assert answer.status_code == 200
    text = answer.text
    assert figure(text, "earful_db_up") == 1
    assert figure(text, "earful_conversations_open") == 1
    assert figure(text, "earful_messages_unanswered") == 1
    assert figure(text, "earful_oldest_waiting_seconds") == 90
    assert figure(text, f'earful_event_seq{{workspace="{cast.workspace_id}"}}') == 1
    assert figure(text, 'earful_deliveries{state="held"}') == 0
    assert figure(text, "earful_workers") == 1
    assert figure(text, 'earful_worker_done{what="posts_new",worker="12:345"}') == 7
    assert "the-machine" not in text
    asked = 'earful_http_requests_total{method="GET",route="/api/v1/conversations",status="200"}'
    assert figure(text, asked) >= 1
    assert "parcel" not in text
    assert "carol" not in text.lower()


async def test_others_need_an_admin_token(app: Litestar, cast: Cast) -> None:
    assert (await ask(app, AWAY)).status_code == 401
    assert (await ask(app, ("127.0.0.1", 1), X_Forwarded_For="203.0.113.9")).status_code == 401
    assert cast.alice.id
    for scope, status in (("read", 401), ("write", 401), ("admin", 200)):
        async with cast.database.transaction() as db:
            _, token = await create_token(
                db,
                cast.workspace_id,
                cast.alice.id,
                name=scope,
                scopes=[scope],
                now=cast.time(),
            )
        answer = await ask(app, AWAY, Authorization=f"Bearer {token}")
        assert answer.status_code == status, scope


async def test_a_token_sees_its_own_workspace_alone(
    app: Litestar, cast: Cast, next_door: Cast
) -> None:
    """And this machine still sees all of them."""
    await take(cast, post("p1"))
    await take(next_door, post("p2"))
    assert next_door.alice.id
    async with cast.database.transaction() as db:
        _, token = await create_token(
            db,
            next_door.workspace_id,
            next_door.alice.id,
            name="theirs",
            scopes=["admin"],
            now=cast.time(),
        )
    theirs = (await ask(app, AWAY, Authorization=f"Bearer {token}")).text
    assert figure(theirs, "earful_conversations_open") == 1
    assert figure(theirs, "earful_messages_unanswered") == 1
    assert cast.workspace_id not in theirs
    here = (await ask(app, ("127.0.0.1", 1))).text
    assert figure(here, "earful_conversations_open") == 2
    assert cast.workspace_id in here


async def test_a_sleeping_database_is_told_by_readyz_alone(
    app: Litestar, nobody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await nobody.http.get("/healthz")).json() == {"status": "ok"}
    assert (await nobody.http.get("/readyz")).json() == {"status": "ready"}

    async def down() -> bool:
        return False

    monkeypatch.setattr(app.state.database, "is_up", down)
    assert (await nobody.http.get("/healthz")).status_code == 200
    asleep = await nobody.http.get("/readyz")
    assert (asleep.status_code, asleep.json()) == (
        503,
        {"status": "the database does not answer"},
    )
