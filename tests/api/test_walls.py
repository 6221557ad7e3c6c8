"""Every workspace is a wall: every route, walked by the owner of another one, shows nothing."""

from __future__ import annotations

import pytest
from litestar import Litestar

from tests.api.client import Client
from tests.api.world import QUERIES, World, bodies, filled, furnish, routes, state_of
from tests.cast import Cast

OWN = {"/me", "/me/preferences", "/rehearsal/start-for-real", "/workspace"}
"""Routes that only ever speak of the caller's own."""


@pytest.fixture
async def world(cast: Cast, alice: Client) -> World:
    return await furnish(cast, alice)


async def test_another_workspace_sees_and_changes_nothing(
    app: Litestar, cast: Cast, world: World, eve: Client
) -> None:
    before = await state_of(cast)
    given = bodies(world)
    secrets = [value for value in vars_of(world) if value] + ["secret-word", cast.workspace_id]
    for method, path in routes(app):
        if path == "/stream":
            continue  # see test_stream
        query = QUERIES.get(path, "").format(inbox=world.inbox, agent=world.agent, view=world.view)
        body = given.get((method, path))
        assert body is not None or method in ("GET", "DELETE") or "{" in path or path in OWN, (
            f"say in tests/api/world.py what {method} {path} takes"
        )
        answer = await eve.ask(method, filled(path, world) + query, body)
        said = f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        assert answer.status_code < 500, said
        if "{" in path:
            assert answer.status_code == 404, said
        for secret in secrets:
            assert secret not in answer.text or secret in f"{query}{body}", said
    assert await state_of(cast) == before


def vars_of(world: World) -> list[str]:
    return [getattr(world, name) for name in world.__struct_fields__]


async def test_her_own_things_cannot_be_tied_to_ours(
    cast: Cast, next_door: Cast, world: World, eve: Client
) -> None:
    hers = await furnish(next_door, eve)
    home = f"/conversations/{hers.conversation}"
    for method, path, body in [
        ("PUT", f"{home}/assignee", {"agent_id": world.agent}),
        ("PUT", f"{home}/team", {"team_id": world.team}),
        ("POST", f"{home}/merge", {"into": world.conversation}),
        ("POST", f"/conversations/{world.conversation}/merge", {"into": hers.conversation}),
        ("PATCH", f"/channels/{hers.channel}", {"inbox_id": world.inbox}),
        ("POST", f"{home}/replies", {"text": "x", "in_reply_to": world.message, "force": True}),
        (
            "POST",
            f"{home}/replies",
            {"text": "x", "media": [{"id": world.media, "alt": "a"}], "force": True},
        ),
    ]:
        answer = await eve.ask(method, path, body)
        assert answer.status_code == 404, f"{method} {path} {answer.text}"
    note = await eve.post(f"{home}/notes", {"text": "look", "mentions": [world.agent]})
    assert note.json()["mentions"] == []
    inbox = await eve.patch_inbox(hers.inbox, [world.agent])
    assert inbox.json()["agent_ids"] == []
    inbox = await eve.ask("PATCH", f"/inboxes/{hers.inbox}", {"team_ids": [world.team]})
    assert inbox.json()["team_ids"] == []
    team = await eve.ask("PATCH", f"/teams/{hers.team}", {"agent_ids": [world.agent]})
    assert team.json()["agent_ids"] == []


@pytest.mark.parametrize("how", ["nobody", "wrong cookie", "wrong bearer", "expired"])
async def test_without_a_session_nothing_answers(
    app: Litestar, cast: Cast, world: World, alice: Client, how: str
) -> None:
    headers: dict[str, str] = {
        "wrong cookie": {"cookie": "earful_session=" + "A" * 43},
        "wrong bearer": {"authorization": "Bearer earful_" + "A" * 43, **alice.headers},
        "expired": alice.headers,
    }.get(how, {})
    if how == "expired":
        cast.time.pass_(days=31)
    client = Client(app, headers)
    given = bodies(world)
    for method, path in routes(app):
        query = "?q=x" if path == "/search" else ""
        answer = await client.ask(method, filled(path, world) + query, given.get((method, path)))
        assert answer.status_code == 401, f"{method} {path}"
        assert answer.headers["content-type"] == "application/problem+json"
    await client.http.aclose()


async def test_a_viewer_changes_nothing_but_her_own(
    app: Litestar, cast: Cast, world: World, bob: Client
) -> None:
    async with cast.database.acquire() as db:
        await db.execute("UPDATE agent SET role = 'viewer' WHERE id = $1", cast.bob.id)
    before = await state_of(cast)
    given = bodies(world)
    for method, path in routes(app):
        own = path.startswith(("/me", "/sessions")) or path.endswith("/presence")
        if method == "GET" or own:
            continue
        answer = await bob.ask(method, filled(path, world), given.get((method, path)))
        assert answer.status_code == 403, f"{method} {path} {answer.text}"
    assert await state_of(cast) == before


LEADS = (
    "/channels",
    "/agents",
    "/inboxes",
    "/portals",
    "/teams",
    "/tags",
    "/macros",
    "/rules",
    "/searches",
    "/search-previews",
    "/outreach-rules",
    "/webhooks",
    "/desks",
    "/desk-kinds",
    "/shifts",
    "/absences",
    "/contacts",
    "/retention",
    "/set-aside",
    "/audit",
    "/workspace",
    "/mail",
    "/links/{link_id}/agreement",
    "/hours",
    "/policies",
    "/policy-profiles",
    "/ladders",
    "/alert-rules",
    "/insights",
)
WISHES = (
    "/contacts/{contact_id}/preference",
    "/contacts/{contact_id}/zone",
    "/contacts/{contact_id}/left-alone",
    "/contacts/{contact_id}/tags/{name}",
)
"""Agents note them, too."""


async def test_an_agent_does_not_run_the_desk(
    app: Litestar, cast: Cast, world: World, bob: Client
) -> None:
    before = await state_of(cast)
    given = bodies(world)
    for method, path in routes(app):
        if method != "GET" and path not in WISHES and path.startswith((*LEADS, "/rehearsal")):
            answer = await bob.ask(method, filled(path, world), given.get((method, path)))
            assert answer.status_code == 403, f"{method} {path} {answer.text}"
    assert await state_of(cast) == before


async def test_an_agent_sees_only_her_inboxes(
    app: Litestar, cast: Cast, world: World, alice: Client, bob: Client
) -> None:
    await alice.patch_inbox(world.inbox, [str(cast.alice.id)])
    given = bodies(world)
    for method, path in routes(app):
        seen_by_leads = path not in WISHES and path.startswith(LEADS)
        if path == "/stream" or seen_by_leads or path.startswith(("/views", "/media", "/sessions")):
            continue
        query = QUERIES.get(path, "").format(inbox=world.inbox, agent=world.agent, view="all")
        answer = await bob.ask(method, filled(path, world) + query, given.get((method, path)))
        said = f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        if "{" in path:
            assert answer.status_code == 404, said
        shown = answer.text.replace(world.inbox, "") if query else answer.text
        if method == "GET":
            assert world.conversation not in shown, said
            assert "secret-word" not in shown, said
    assert (await bob.get("/channels")).json() == []
    assert (await bob.get("/inboxes")).json() == []
    assert (await bob.get("/counts")).json()["unanswered"] == 0


async def test_a_read_token_reads_and_no_more(
    app: Litestar, cast: Cast, world: World, alice: Client
) -> None:
    made = await alice.post("/tokens", {"name": "reader", "scopes": ["read"]})
    client = Client(app, {"authorization": f"Bearer {made.json()['token']}"})
    before = await state_of(cast)
    given = bodies(world)
    for method, path in routes(app):
        if path == "/stream":
            continue
        query = "?q=x" if path == "/search" else ""
        answer = await client.ask(method, filled(path, world) + query, given.get((method, path)))
        wanted = {403} if method != "GET" else {200, 403}
        assert answer.status_code in wanted, f"{method} {path} {answer.text}"
    assert (await client.get("/snapshot")).status_code == 200
    after = await state_of(cast)
    assert {name for name in before if before[name] != after[name]} <= {"api_token"}
    await client.http.aclose()
