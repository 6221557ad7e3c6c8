"""The door at which networks call: what it keeps, what it refuses, and what it makes repeat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from earful.api.hooks import LARGEST
from earful.desk.ports import open_connector
from earful.kit.ids import new_id
from earful.store.errors import Unreachable
from tests.cast import Cast
from tests.desk.acts import rows
from tests.networks import doors


@pytest.fixture
async def hooked(cast: Cast) -> Cast:
    """The cast, its channel one of a network that calls."""
    await rows(cast, "UPDATE channel SET network = 'doors'")
    return cast


@pytest.fixture
async def caller(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A network, or who pretends to be one."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield client


def hook(cast: Cast) -> str:
    return f"/hooks/{cast.channel.id}"


async def call(caller: httpx.AsyncClient, cast: Cast, *said: Any, **more: Any) -> httpx.Response:
    body = msgspec.json.encode(said[0] if said and isinstance(said[0], str) else list(said))
    headers = {"x-signature": doors.sign(body)} | more
    return await caller.post(hook(cast), content=body, headers=headers)


ONE = {"id": "p1", "text": "@Northwind help"}
KEPT = "SELECT external_id, text FROM message ORDER BY published_at"


async def test_what_comes_is_kept_before_it_is_answered_and_once(
    hooked: Cast, caller: httpx.AsyncClient
) -> None:
    for _ in range(2):
        assert (await call(caller, hooked, ONE)).status_code == 200
    both = [call(caller, hooked, ONE, {"id": "p2", "text": "hello", "minute": 1}) for _ in "ab"]
    assert {one.status_code for one in await asyncio.gather(*both)} == {200}
    kept = [tuple(row) for row in await rows(hooked, KEPT)]
    assert kept == [("p1", "@Northwind help"), ("p2", "hello")]


async def test_a_reply_before_its_parent_finds_it(hooked: Cast, caller: httpx.AsyncClient) -> None:
    late = {"id": "p2", "text": "and again", "parent": "p1", "minute": 5}
    assert (await call(caller, hooked, late)).status_code == 200
    assert (await call(caller, hooked, ONE)).status_code == 200
    [home] = await rows(hooked, "SELECT count(DISTINCT conversation_id) AS n FROM message")
    assert home["n"] == 1


async def test_a_challenge_is_answered_also_while_the_channel_is_held(
    hooked: Cast, caller: httpx.AsyncClient
) -> None:
    for state in ("active", "held"):
        await rows(hooked, "UPDATE channel SET state = $1", state)
        answer = await caller.get(hook(hooked), params={"crc": "<b>42"})
        assert (answer.status_code, answer.text) == (200, "<b>42")
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_stranger_leaves_nothing_and_soon_waits(
    hooked: Cast, caller: httpx.AsyncClient
) -> None:
    codes = [
        (await call(caller, hooked, ONE, **{"x-signature": "0"})).status_code for _ in "x" * 40
    ]
    assert set(codes) == {403, 429}
    assert codes[0] == 403
    waits = await call(caller, hooked, ONE)
    assert waits.status_code == 429
    hooked.time.pass_(seconds=int(waits.headers["retry-after"]))
    assert (await call(caller, hooked, ONE)).status_code == 200
    assert len(await rows(hooked, KEPT)) == 1


async def test_a_channel_that_is_called_too_often_is_called_later(
    hooked: Cast, caller: httpx.AsyncClient, app: Litestar
) -> None:
    await app.state.hook_pace.channel(hooked.channel.id, hooked.time(), 2000)
    answer = await call(caller, hooked, ONE)
    assert answer.status_code == 429
    hooked.time.pass_(seconds=int(answer.headers["retry-after"]))
    assert (await call(caller, hooked, ONE)).status_code == 200


async def test_a_channels_connector_stays_open_until_its_settings_change(
    hooked: Cast, caller: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    closed: list[Any] = []

    async def close(self: Any) -> None:
        closed.append(self)

    def made(*given: Any) -> Any:
        opened.append(open_connector(*given))
        return opened[-1]

    monkeypatch.setattr("earful.api.open_hooks.open_connector", made)
    monkeypatch.setattr("tests.networks.doors.DoorsConnector.close", close)
    for number in range(3):
        assert (await call(caller, hooked, {"id": f"p{number}", "text": "x"})).status_code == 200
    assert (len(opened), closed) == (1, [])
    await rows(hooked, """UPDATE channel SET config = '{"place": "moved"}'""")
    assert (await call(caller, hooked, ONE)).status_code == 200
    assert (len(opened), closed) == (2, opened[:1])


async def test_what_is_not_there_always_looks_the_same(
    hooked: Cast, next_door: Cast, caller: httpx.AsyncClient
) -> None:
    # The one next door is of a network that never calls.
    said = [
        await caller.post(f"/hooks/{one}", content=b"{}")
        for one in (new_id(), "nonsense", next_door.channel.id)
    ]
    await rows(hooked, "UPDATE channel SET state = 'off' WHERE id = $1", hooked.channel.id)
    said.append(await call(caller, hooked, ONE))
    said.append(await caller.get(hook(hooked)))
    assert {(one.status_code, one.text) for one in said} == {(404, said[0].text)}


@pytest.mark.parametrize("state", ["held", "reauthorize"])
async def test_a_held_channel_makes_the_network_repeat(
    hooked: Cast, caller: httpx.AsyncClient, state: str
) -> None:
    await rows(hooked, "UPDATE channel SET state = $1", state)
    answer = await call(caller, hooked, ONE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert await rows(hooked, KEPT) == []


async def test_a_body_of_50_mb_is_not_read_on(hooked: Cast, app: Litestar) -> None:
    read = 0

    async def receive() -> Any:
        nonlocal read
        read += 65_536
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": read < 50_000_000}

    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def ask(*headers: tuple[bytes, bytes]) -> int:
        scope = plain_scope(hook(hooked), (b"host", b"desk.test"), *headers)
        await app(scope, receive, send)
        status: int = said.pop(0)["status"]
        said.clear()
        return status

    assert await ask() == 413
    assert read <= LARGEST + 2 * 65_536
    # One that says beforehand how long it is, is not read at all.
    read = 0
    assert await ask((b"content-length", b"50000000")) == 413
    assert read == 0


def plain_scope(path: str, *headers: tuple[bytes, bytes]) -> Any:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": list(headers),
        "client": ("127.0.0.1", 1),
        "server": ("desk.test", 80),
        "state": {},
    }


async def test_other_methods_are_refused(hooked: Cast, caller: httpx.AsyncClient) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer = await caller.request(method, hook(hooked), content=b"{}")
        assert answer.status_code == 405
        assert set(answer.headers["allow"].replace(" ", "").split(",")) >= {"GET", "POST"}


async def test_while_the_database_is_away_the_network_repeats(
    hooked: Cast, caller: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise Unreachable("gone")

    with monkeypatch.context() as gone:
        gone.setattr(hooked.works, "open", away)
        assert (await call(caller, hooked, ONE)).status_code == 503
    with monkeypatch.context() as gone:
        gone.setattr(hooked.database, "acquire", away)
        assert (await call(caller, hooked, ONE)).status_code == 503
    assert (await call(caller, hooked, ONE)).status_code == 200
    assert len(await rows(hooked, KEPT)) == 1


async def test_rights_that_were_withdrawn_hold_the_channel_in_words(
    hooked: Cast, caller: httpx.AsyncClient
) -> None:
    assert (await call(caller, hooked, "revoked")).status_code == 200
    [row] = await rows(hooked, "SELECT state, state_reason FROM channel")
    assert tuple(row) == ("reauthorize", "You were signed out there.")
    [told] = await rows(hooked, "SELECT data FROM event WHERE kind = 'channel.held'")
    assert told["data"]["channel"]["state"] == "reauthorize"


async def test_later_is_later_and_nonsense_is_an_error_that_repeats(
    hooked: Cast, caller: httpx.AsyncClient
) -> None:
    answer = await call(caller, hooked, "later")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    assert (await call(caller, hooked, {"no": "id"})).status_code == 500
