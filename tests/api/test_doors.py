"""Every door of the house: sealed whatever it answers, HEAD as GET, no body of a wrong kind."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

import httpx
import pytest
from litestar import Litestar

from earful import api
from earful.api.outermost import ACTS
from earful.kit.ids import new_id
from tests.api.client import API, Client
from tests.api.world import World, furnish
from tests.cast import Cast

XML = b"<?xml version='1.0'?><text>hello</text>"
ENDLESS = ("/api/v1/stream",)


@pytest.fixture
async def world(cast: Cast, alice: Client) -> World:
    return await furnish(cast, alice)


def doors(app: Litestar, world: World) -> list[tuple[str, str]]:
    """Every method and path there is, ids filled in: the world's, or some that are nobody's."""
    known = {name: getattr(world, name) for name in world.__struct_fields__}

    def value(found: re.Match[str]) -> str:
        name = found[1].partition(":")[0].removesuffix("_id")
        return str(known.get(name) or new_id())

    return [
        (method, re.sub(r"\{([^}]+)\}", value, route.path_format))
        for route in app.routes
        for method in sorted(getattr(route, "methods", set()) - {"OPTIONS"})
    ]


def test_no_two_answer_at_one_door() -> None:
    """The framework says nothing of it, and forgets one of them."""
    names = {one.name for one in iter_modules(api.__path__)} - {"screen"}  # not below /api/v1
    modules = [import_module(f"earful.api.{name}") for name in sorted(names)]
    handlers = [
        (method, re.sub(r"\{[^}]+\}", "{}", path), handler.fn.__qualname__)
        for module in modules
        for handler in getattr(module, "ROUTES", ())
        for method in handler.http_methods
        for path in handler.paths
    ]
    assert len(handlers) > 150
    at = Counter((method, path) for method, path, _ in handlers)
    assert [one for one in handlers if at[one[:2]] > 1] == []


def assert_sealed(answer: httpx.Response, said: str) -> None:
    assert answer.headers.get("x-content-type-options") == "nosniff", said
    assert "referrer-policy" in answer.headers, said
    if answer.request.url.path.startswith("/api/"):
        assert "content-security-policy" in answer.headers, said
        assert "cache-control" in answer.headers, said


async def test_every_answer_is_sealed_also_where_no_route_gave_it(
    app: Litestar, world: World, nobody: Client
) -> None:
    found = doors(app, world)
    assert len(found) > 150
    for method, path in [*found, ("GET", "/no-such-page"), ("DELETE", "/sign-in"), ("GET", "/")]:
        answer = await nobody.http.request(method, path)
        assert answer.status_code < 500, f"{method} {path}"
        assert_sealed(answer, f"{method} {path}: {answer.status_code}")
    first = await nobody.http.get("/")
    assert (first.status_code, first.headers["location"]) == (303, "/sign-in")
    assert first.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in first.headers["content-security-policy"]


async def test_head_is_get_without_a_body(app: Litestar, world: World, alice: Client) -> None:
    for method, path in doors(app, world):
        if method != "GET" or path in ENDLESS:
            continue
        head = await alice.http.head(path)
        assert head.content == b"", path
        if path in ACTS:
            assert head.status_code == 405, path
            continue
        full = await alice.http.get(path)
        assert head.status_code == full.status_code, path
        assert head.headers["content-type"] == full.headers["content-type"], path
        assert_sealed(head, path)
    assert (await alice.http.head(f"{API}/bulk")).status_code == 405


async def test_head_of_a_stream_ends(alice: Client) -> None:
    head = await alice.http.head(f"{API}/stream")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"].startswith("text/event-stream")


async def test_a_body_of_another_kind_is_refused(
    app: Litestar, cast: Cast, world: World, alice: Client, nobody: Client
) -> None:
    del cast
    kind = {"content-type": "application/xml"}
    for method, path in doors(app, world):
        if method not in ("POST", "PUT", "PATCH") or path.startswith(("/hooks/", "/desk-hooks/")):
            continue
        client = alice if path.startswith("/api/") else nobody
        answer = await client.http.request(method, path, content=XML, headers=kind)
        if path == f"{API}/media":
            assert answer.status_code == 422, "a picture is looked at, whatever it calls itself"
            continue
        assert answer.status_code == 415, f"{method} {path}: {answer.text[:200]}"
        assert_sealed(answer, path)
        if path.startswith("/api/"):
            assert answer.json()["type"] == "wrong-type"
            assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/merge+json", ""])
async def test_json_by_any_of_its_names_is_taken(world: World, alice: Client, kind: str) -> None:
    path = f"/conversations/{world.conversation}/notes"
    headers = {"content-type": kind} if kind else {}
    assert (await alice.post(path, b'{"text": "look"}', headers=headers)).status_code == 201
