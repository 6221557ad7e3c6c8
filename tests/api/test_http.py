"""The API as a client meets it: sessions, tokens, forged requests, repeats, hostile input."""

from __future__ import annotations

import asyncio
import errno
import io
from typing import Any

import asyncpg
import pytest
from litestar import Litestar
from PIL import Image

from earful.kit.ids import new_id
from earful.kit.paging import to_token
from earful.stream.work import Work
from tests.api.client import Client
from tests.api.world import World, furnish, picture
from tests.cast import DAVE, Cast, post
from tests.desk.acts import answer, home_of, rows, take


@pytest.fixture
async def world(cast: Cast, alice: Client) -> World:
    return await furnish(cast, alice)


async def test_a_session_writes_only_with_its_own_csrf_token(
    app: Litestar, world: World, alice: Client, bob: Client
) -> None:
    tag = f"/conversations/{world.conversation}/tags/new"
    for token in (None, "", "x", bob.headers["x-csrf-token"]):
        headers = {"cookie": alice.headers["cookie"]}
        forged = Client(app, headers | ({} if token is None else {"x-csrf-token": token}))
        refused = await forged.put(tag)
        assert (refused.status_code, refused.json()["type"]) == (403, "csrf")
        assert (await forged.get("/me")).json()["csrf"] == alice.headers["x-csrf-token"]
        await forged.http.aclose()
    assert (await alice.put(tag)).status_code == 200


async def test_a_bearer_needs_no_csrf_and_is_all_that_counts(
    app: Litestar, world: World, alice: Client
) -> None:
    made = (await alice.post("/tokens", {"name": "script", "scopes": ["write"]})).json()["token"]
    script = Client(app, {"authorization": f"Bearer {made}"})
    tag = f"/conversations/{world.conversation}/tags/new"
    assert (await script.put(tag)).status_code == 200
    both = Client(app, {"authorization": "Bearer nonsense", "cookie": alice.headers["cookie"]})
    assert (await both.get("/me")).status_code == 401
    listed = (await alice.get("/tokens")).json()
    assert "used_at" in listed[0]
    assert made not in str(listed)
    await script.http.aclose()
    await both.http.aclose()


async def test_who_works_is_not_signed_out_for_idling(cast: Cast, alice: Client) -> None:
    for _ in range(2):
        cast.time.pass_(days=13)
        assert (await alice.get("/me")).status_code == 200


async def test_a_revoked_session_ends_at_once(alice: Client) -> None:
    [session] = (await alice.get("/sessions")).json()
    assert (await alice.delete(f"/sessions/{session['id']}")).status_code == 204
    assert (await alice.get("/me")).status_code == 401


async def test_the_same_key_acts_once(cast: Cast, world: World, alice: Client) -> None:
    path = f"/conversations/{world.conversation}/replies"
    body = {"text": "We look into it", "force": True}
    key = {"idempotency-key": new_id()}
    answers = await asyncio.gather(*(alice.post(path, body, headers=key) for _ in range(4)))
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["message"]["id"] for one in answers}) == 1
    assert len(await rows(cast, "SELECT 1 FROM delivery")) == 2, "and the one of the world"
    other = await alice.post(path, body | {"text": "Something else"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (409, "key-reused")
    long = await alice.post(path, body, headers={"idempotency-key": "x" * 201})
    assert long.status_code == 422


async def test_a_refused_act_leaves_its_key_free(world: World, alice: Client) -> None:
    path, key = f"/conversations/{world.conversation}/replies", {"idempotency-key": "k"}
    body = {"text": "x", "seen_version": 0}
    assert (await alice.post(path, body, headers=key)).status_code == 409
    assert (await alice.post(path, body | {"force": True}, headers=key)).status_code == 201


async def test_sending_stops_when_a_colleague_was_faster(
    cast: Cast, alice: Client, bob: Client
) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    seen = (await alice.get(f"/conversations/{home}")).json()["card"]["version"]
    await bob.post(f"/conversations/{home}/replies", {"text": "On it", "seen_version": seen})
    cast.time.pass_(seconds=12)
    body = {"text": "Hello", "seen_version": seen}
    stopped = await alice.post(f"/conversations/{home}/replies", body)
    said = stopped.json()
    assert (stopped.status_code, said["type"]) == (409, "changed")
    assert said["changes"] == ["Bob answered 12 s ago."]
    anyway = await alice.post(
        f"/conversations/{home}/replies", body | {"seen_version": said["version"]}
    )
    assert anyway.status_code == 201


async def test_undo_until_it_leaves(cast: Cast, alice: Client) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    sent = await alice.post(f"/conversations/{home}/replies", {"text": "Oops"})
    key = sent.json()["message"]["delivery"]["id"]
    gone = await alice.delete(f"/deliveries/{key}")
    assert gone.json()["delivery"]["state"] == "undone"
    late = await alice.delete(f"/deliveries/{key}")
    assert (late.status_code, late.json()["type"]) == (409, "too-late")


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ({"text": "  \n"}, "empty"),
        ({"text": "x" * 5000}, "too-long"),
        ({"text": "x", "then": "explode"}, "invalid"),
        ({"text": "x", "media": [{"id": "{media}", "alt": " "}]}, "alt-missing"),
    ],
)
async def test_a_reply_the_network_would_not_take(
    world: World, alice: Client, body: Any, slug: str
) -> None:
    for picture_ in body.get("media", []):
        picture_["id"] = world.media
    answer_ = await alice.post(
        f"/conversations/{world.conversation}/replies", body | {"force": True}
    )
    assert (answer_.status_code, answer_.json()["type"]) == (422, slug)


async def test_null_bytes_and_script_are_only_text(world: World, alice: Client) -> None:
    text = "<script>alert(1)</script>\x00 done"
    sent = await alice.post(
        f"/conversations/{world.conversation}/replies", {"text": text, "force": True}
    )
    assert sent.status_code == 201
    assert "\x00" not in sent.json()["message"]["text"]
    for method, path, body in [
        ("PUT", f"/conversations/{world.conversation}/severity", {"severity": 1, "reason": "\0"}),
        ("PUT", f"/conversations/{world.conversation}/tags/a%00b", None),
        ("POST", "/macros", {"name": "a\0", "text": "b\0"}),
        ("POST", "/tags", {"name": "a\0", "color": "\0"}),
        ("POST", "/views", {"name": "a", "filter": {"tag": "\0"}}),
        ("PUT", "/me/preferences", {"a": "\0"}),
        ("GET", "/conversations?tag=a%00b", None),
        ("GET", "/conversations?network=a%00b", None),
        ("GET", "/search?q=a%00b", None),
        ("DELETE", "/tags/a%00b", None),
    ]:
        given = await alice.ask(method, path, body)
        assert given.status_code < 500, f"{method} {path} {given.text}"


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=" + "A" * 5000,
        "after=" + to_token(["2026-01-01T00:00:00Z", "'; DROP TABLE message; --"]),
        "after=" + to_token(["2026-01-01T00:00:00", new_id()]),
        "after=" + to_token([True, "2026-01-01T00:00:00Z", 10**9, new_id()]) + "&view=next",
        "after=" + to_token([1, 2, 3]),
        "limit=abc",
        "severity=99999999999999999999",
        "severity=7",
        "status=x",
        "inbox=x",
        "assignee=%00",
        "view=x",
        "view=%00",
    ],
)
async def test_hostile_lists_are_refused_in_words(alice: Client, query: str) -> None:
    refused = await alice.get(f"/conversations?{query}")
    assert 400 <= refused.status_code < 500, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"]


@pytest.mark.parametrize("limit", [0, -5, 10**12])
async def test_any_limit_is_bounded(world: World, alice: Client, limit: int) -> None:
    assert len((await alice.get(f"/conversations?limit={limit}")).json()["items"]) == 1


async def test_no_saved_view_breaks_the_desk_for_all(alice: Client) -> None:
    for bad in ({"status": "x"}, {"inbox": "x"}, {"assignee": "x"}, {"severity": 10**9}):
        refused = await alice.post("/views", {"name": "bad", "filter": bad})
        assert 400 <= refused.status_code < 500
    assert (await alice.get("/snapshot")).status_code == 200


@pytest.mark.parametrize("view", ["next", "all"])
async def test_pages_show_everything_once(cast: Cast, alice: Client, view: str) -> None:
    people = [DAVE.__class__(f"p{n}", f"p{n}", "") for n in range(11)]
    for n, who in enumerate(people):
        await take(cast, post(str(n), author=who))
        if n % 3:
            cast.time.pass_(seconds=1)
    async with cast.database.acquire() as db:  # some wait for nothing: no clock, due at infinity
        await db.execute(
            """UPDATE conversation SET due_at = NULL, clock_started_at = NULL
               WHERE contact_handle IN ('p2', 'p3', 'p7', 'p8')"""
        )
    seen: list[str] = []
    after = ""
    while True:
        page = (await alice.get(f"/conversations?view={view}&limit=2{after}")).json()
        seen += [card["id"] for card in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen)) == 11


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b"[]", 400),
        (b'{"text": 5}', 400),
        (b'{"text": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"text": "' + b"x" * (17 * 1024 * 1024) + b'"}', 413),
    ],
    ids=["half", "none", "list", "number", "not utf-8", "deep", "17 MB"],
)
async def test_bodies_that_make_no_sense(
    world: World, alice: Client, content: bytes, status: int
) -> None:
    path = f"/conversations/{world.conversation}/notes"
    refused = await alice.post(path, content, headers={"content-type": "application/json"})
    assert refused.status_code == status, refused.text[:300]
    assert refused.headers["content-type"] == "application/problem+json"


async def test_pictures_are_served_where_nothing_of_theirs_runs(
    world: World, alice: Client
) -> None:
    shown = await alice.get(f"/media/{world.media}")
    assert shown.content == picture()
    assert shown.headers["content-type"] == "image/png"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"


def bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        b"GIF89a",
        picture()[:-20],
        bomb(),
    ],
    ids=["nothing", "svg", "html", "half png", "half gif", "cut png", "bomb"],
)
async def test_what_is_no_picture_is_refused(alice: Client, data: bytes) -> None:
    refused = await alice.post("/media", data, headers={"content-type": "image/png"})
    assert (refused.status_code, refused.json()["type"]) == (422, "invalid")


async def test_too_large_a_picture_is_refused(app: Litestar, alice: Client) -> None:
    data = picture() + b"\0" * app.state.settings.media_image_bytes
    assert (await alice.post("/media", data)).status_code == 413


async def test_people_problems_say_what_is_wrong(
    cast: Cast, world: World, alice: Client, sign_in: Any
) -> None:
    added = await alice.post("/agents", {"name": "Lea", "email": "lea@example.org", "role": "lead"})
    again = await alice.post("/agents", {"name": "Lea", "email": "lea@example.org"})
    assert (again.status_code, again.json()["type"]) == (409, "taken")
    bad = await alice.post("/agents", {"name": "X", "email": "no address"})
    assert (bad.status_code, bad.json()["type"]) == (422, "invalid")
    last = await alice.ask("PATCH", f"/agents/{cast.alice.id}", {"role": "agent"})
    assert (last.status_code, last.json()["type"]) == (409, "last-owner")
    lea = await sign_in(cast, cast.alice.__class__("agent", added.json()["id"], "Lea"))
    coup = await lea.ask("PATCH", f"/agents/{cast.alice.id}", {"disabled": True})
    assert (coup.status_code, coup.json()["type"]) == (403, "forbidden")
    rise = await lea.ask("PATCH", f"/agents/{added.json()['id']}", {"role": "owner"})
    assert rise.status_code == 403
    out = await alice.ask("PATCH", f"/agents/{added.json()['id']}", {"disabled": True})
    assert out.json()["disabled"] is True
    assert (await lea.get("/me")).status_code == 401
    invited = await alice.post(f"/agents/{cast.bob.id}/invitation")
    assert "/invitation/" in invited.json()["url"]


async def test_a_wrong_way_is_a_problem_too(alice: Client) -> None:
    for method, path, status in [("GET", "/nowhere", 404), ("DELETE", "/me", 405)]:
        refused = await alice.ask(method, path)
        assert refused.status_code == status
        assert refused.headers["content-type"] == "application/problem+json"
    assert set(refused.headers["allow"].split(", ")) == {"GET", "OPTIONS"}


async def test_the_counts_show_the_equation(cast: Cast, alice: Client) -> None:
    await take(cast, post("1"), post("2", author=DAVE))
    home = await home_of(cast, "1")
    await answer(cast, home)
    await alice.put(
        f"/conversations/{await home_of(cast, '2')}/resolution",
        {"disposition": "no_reply_needed", "reason": "meant for others"},
    )
    counts = (await alice.get("/counts")).json()
    ledger = counts["ledger"]
    assert ledger["inbound"] == ledger["settled"] + ledger["with_customer"] + ledger["open"] == 2
    assert (counts["unanswered"], counts["views"]["next"]) == (1, 1)


@pytest.mark.parametrize(
    "trouble",
    [
        (asyncpg.DiskFullError("no space left on device"), "disk is full"),
        (OSError(errno.ENOSPC, "no space left on device"), "disk is full"),
        (asyncpg.CannotConnectNowError("starting up"), "Try again in a moment"),
    ],
)
async def test_trouble_of_the_machine_is_said_and_nothing_changed(
    cast: Cast,
    world: World,
    alice: Client,
    monkeypatch: pytest.MonkeyPatch,
    trouble: tuple[Exception, str],
) -> None:
    error, words = trouble

    async def fails(_: Any) -> None:
        raise error

    before = await rows(cast, "SELECT tags, version FROM conversation")
    monkeypatch.setattr(Work, "append_events", fails)
    said = await alice.put(f"/conversations/{world.conversation}/tags/new")
    assert (said.status_code, words in said.json()["detail"]) == (503, True)
    assert await rows(cast, "SELECT tags, version FROM conversation") == before
