"""Pictures over the API: who may see them, how they are served, and what is refused."""

from __future__ import annotations

import threading

import pytest
from litestar import Litestar

from earful.desk.privacy import erase_person
from earful.kit.ids import new_id
from earful.media import reading
from tests.api.client import Client
from tests.api.world import World, furnish
from tests.cast import CAROL, DAVE, Cast, post
from tests.desk.acts import card_of, home_of, rows, take
from tests.media.pictures import PLACE, SVG, animated, bomb, drawn, located


@pytest.fixture
async def world(cast: Cast, alice: Client) -> World:
    """One of everything."""
    return await furnish(cast, alice)


async def upload(client: Client, data: bytes, kind: str = "image/png") -> str:
    """Upload a picture; returns its id."""
    answer = await client.post("/media", data, headers={"content-type": kind})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def test_a_picture_is_served_inert_and_kept_by_the_browser(alice: Client) -> None:
    media = await upload(alice, located("JPEG"), kind="text/html")
    answer = await alice.get(f"/media/{media}")
    headers = answer.headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-disposition"].startswith('inline; filename="picture-')
    assert headers["cache-control"] == "private, max-age=86400"
    assert PLACE not in answer.content
    again = await alice.get(f"/media/{media}", headers={"if-none-match": headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_strangers_file_is_only_downloaded(alice: Client, cast: Cast) -> None:
    media = await upload(alice, drawn("PNG"))
    sql = "UPDATE media SET name = $2, mime = 'text/html', width = NULL WHERE id = $1 RETURNING id"
    await rows(cast, sql, media, 'für "dich".html')
    answer = await alice.get(f"/media/{media}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"f_r _dich_.html\"; filename*=UTF-8''f%C3%BCr%20%22dich%22.html"
    )


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=4-", 206, slice(4, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=0-999999", 206, slice(None)),
        ("bytes=999999-", 416, slice(0, 0)),
        ("bytes=5-2", 416, slice(0, 0)),
        ("bytes=-", 200, slice(None)),
        ("bytes=0-1,3-4", 200, slice(None)),
        ("nonsense", 200, slice(None)),
    ],
)
async def test_a_part_of_a_picture(alice: Client, asked: str, status: int, part: slice) -> None:
    data = drawn("PNG")
    media = await upload(alice, data)
    answer = await alice.get(f"/media/{media}", headers={"range": asked})
    assert (answer.status_code, answer.content) == (status, data[part])


@pytest.mark.parametrize(
    "data",
    [b"", SVG, b"GIF89a", drawn("JPEG")[:200], bomb(), animated()[:60], b"\x89PNG\r\n\x1a\n"],
)
async def test_what_is_no_picture_is_refused_in_words(alice: Client, data: bytes) -> None:
    answer = await alice.post("/media", data, headers={"content-type": "image/png"})
    assert answer.status_code in (400, 422), answer.text
    assert "icture" in answer.json()["detail"]


async def test_a_file_to_send_is_kept_under_its_name(alice: Client) -> None:
    raw = {"content-type": "application/octet-stream"}
    kept = await alice.post("/media?name=Vertrag%20f%C3%BCr%20dich.pdf", b"%PDF-1.7", headers=raw)
    assert kept.status_code == 201
    found = kept.json()
    assert (found["mime"], found["name"]) == ("application/pdf", "Vertrag für dich.pdf")
    assert (found["bytes"], found["width"]) == (8, None)
    answer = await alice.get(f"/media/{found['id']}")
    assert answer.content == b"%PDF-1.7"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "data"),
    [("bill.pdf", b"MZ" + bytes(90)), ("bill.pdf.exe", b"x"), ("none.pdf", b""), ("a.png", b"x")],
)
async def test_a_file_that_may_run_is_not_sent(alice: Client, name: str, data: bytes) -> None:
    raw = {"content-type": "application/octet-stream"}
    answer = await alice.post(f"/media?name={name}", data, headers=raw)
    assert answer.status_code == 422
    assert name in answer.json()["detail"]


async def test_who_does_not_see_the_inbox_does_not_see_its_pictures(
    cast: Cast, alice: Client, bob: Client, world: World
) -> None:
    sent, unsent = await upload(alice, drawn("PNG")), await upload(alice, drawn("PNG", (9, 9)))
    reply = {"text": "x", "media": [{"id": sent, "alt": "a"}], "force": True}
    answer = await alice.post(f"/conversations/{world.conversation}/replies", reply)
    assert answer.status_code == 201, answer.text
    assert (await bob.get(f"/media/{sent}")).status_code == 200
    stolen = {"text": "y", "media": [{"id": sent, "alt": "a"}], "force": True}
    answer = await bob.post(f"/conversations/{world.conversation}/replies", stolen)
    assert answer.status_code == 404, "what Alice uploaded is hers to send"
    await alice.patch_inbox(world.inbox, [str(cast.alice.id)])
    for one in (sent, unsent):
        assert (await bob.get(f"/media/{one}")).status_code == 404
        assert (await bob.delete(f"/media/{one}")).status_code == 404
        assert (await alice.get(f"/media/{one}")).status_code == 200


async def test_a_lead_removes_a_picture_for_good(
    cast: Cast, alice: Client, bob: Client, world: World
) -> None:
    media = new_id()
    item = {"id": media, "url": f"/api/v1/media/{media}", "state": "kept", "reason": "", "alt": "x"}
    kept = await upload(alice, drawn("PNG", (7, 7)))
    async with cast.database.acquire() as db:
        await db.execute(
            """UPDATE media SET id = $2, message_id = $3, agent_id = NULL, source = 'https://x/y'
               WHERE id = $1""",
            kept,
            media,
            world.message,
        )
        await db.execute("UPDATE message SET media = $2 WHERE id = $1", world.message, [item])
    assert (await bob.delete(f"/media/{media}")).status_code == 403
    assert (await alice.delete(f"/media/{media}")).status_code == 204
    assert (await alice.get(f"/media/{media}")).status_code == 404
    [row] = await rows(cast, "SELECT media FROM message WHERE id = $1", world.message)
    assert row["media"][0]["state"] == "removed"
    [line] = await rows(cast, "SELECT object_id FROM audit WHERE act = 'media.removed'")
    assert line["object_id"] == media


async def test_an_upload_that_was_not_sent_is_taken_back_by_whoever_made_it(bob: Client) -> None:
    media = await upload(bob, drawn("PNG", (5, 5)))
    assert (await bob.delete(f"/media/{media}")).status_code == 204
    assert (await bob.get(f"/media/{media}")).status_code == 404


async def test_what_was_given_up_is_tried_once_more_when_asked(
    cast: Cast, alice: Client, bob: Client, world: World
) -> None:
    media = new_id()
    item = {"id": media, "state": "failed", "reason": "It is gone.", "mime": "", "alt": "x"}
    async with cast.database.acquire() as db:
        await db.execute(
            """INSERT INTO media (workspace_id, id, state, reason, created_at, run_at, attempts,
                 source, channel_id, message_id)
               VALUES ($1, $2, 'failed', 'It is gone.', $3, $3, 6, 'https://x/y', $4, $5)""",
            cast.workspace_id,
            media,
            cast.time(),
            cast.channel.id,
            world.message,
        )
        await db.execute("UPDATE message SET media = $2 WHERE id = $1", world.message, [item])
    asked = await bob.post(f"/media/{media}/fetch", headers={"idempotency-key": "again"})
    assert (asked.status_code, asked.json()) == (201, {"id": media, "state": "wanted"})
    [row] = await rows(cast, "SELECT state, attempts FROM media WHERE id = $1", media)
    assert (row["state"], row["attempts"]) == ("wanted", 6)
    [shown] = await rows(cast, "SELECT media FROM message WHERE id = $1", world.message)
    assert (shown["media"][0]["state"], shown["media"][0]["reason"]) == ("wanted", "")
    told = "SELECT seq FROM event WHERE kind = 'picture.changed'"
    assert len(await rows(cast, told)) == 1
    # It is wanted already, and a repeat does nothing: neither is told again.
    for key in ("again", "once more"):
        repeat = await bob.post(f"/media/{media}/fetch", headers={"idempotency-key": key})
        assert repeat.json() == {"id": media, "state": "wanted"}
    assert len(await rows(cast, told)) == 1
    await rows(cast, "UPDATE agent SET role = 'viewer' WHERE id = $1 RETURNING id", cast.bob.id)
    assert (await bob.post(f"/media/{media}/fetch")).status_code == 403


async def test_a_store_that_is_away_is_said_and_nothing_is_lost(
    app: Litestar, alice: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = await upload(alice, drawn("PNG"))

    def away(_: bytes) -> bytes:
        raise OSError("The bucket refuses 12/ab: timed out")

    for name in ("read", "write"):
        monkeypatch.setattr(app.state.media, name, away)
    other = drawn("JPEG")
    kind = {"content-type": "image/jpeg"}
    for answer in (
        await alice.get(f"/media/{media}"),
        await alice.post("/media", other, headers=kind),
    ):
        assert (answer.status_code, answer.json()["type"]) == (503, "media-away")
        assert "bucket" not in answer.text
    assert len(await rows(cast, "SELECT 1 FROM media")) == 1
    monkeypatch.undo()
    assert (await alice.get(f"/media/{media}")).status_code == 200


async def test_a_store_that_hangs_is_asked_once_and_holds_up_no_other_picture(
    app: Litestar, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = await upload(alice, drawn("PNG"))
    really, asked, go_on = app.state.media.read, [], threading.Event()

    def hang(digest: bytes) -> bytes:
        asked.append(digest)
        go_on.wait(30)
        return really(digest)  # type: ignore[no-any-return]  # the state is untyped

    monkeypatch.setattr(app.state.media, "read", hang)
    monkeypatch.setattr(reading, "WITHIN", 0.1)
    try:
        answers = [await alice.get(f"/media/{media}") for _ in range(5)]
    finally:
        go_on.set()
    assert [answer.json()["type"] for answer in answers] == ["media-away"] * 5
    assert len(asked) == 1
    monkeypatch.setattr(reading, "WITHIN", 10)
    reading._AWAY.clear()  # as after a quarter of a minute
    assert (await alice.get(f"/media/{media}")).status_code == 200


async def test_a_picture_in_two_replies_goes_with_one_of_them_alone(
    cast: Cast, alice: Client, bob: Client
) -> None:
    await take(cast, post("c1", author=CAROL), post("d1", author=DAVE))
    media = await upload(bob, drawn("PNG"))
    shown = []
    for name in ("c1", "d1"):
        body = {"text": "Like this", "media": [{"id": media, "alt": "a label"}]}
        made = await bob.post(f"/conversations/{await home_of(cast, name)}/replies", body)
        shown.append(made.json()["message"]["media"][0])
    carols, daves = shown
    assert carols["id"] != daves["id"]
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        erased = (await card_of(cast, await home_of(cast, "c1"))).contact.id
        done = await erase_person(work, erased)
    assert done.files == [], "its content is another's, too"
    assert (await alice.get(f"/media/{carols['id']}")).status_code == 404
    assert (await alice.get(f"/media/{daves['id']}")).status_code == 200
    [kept] = await rows(cast, "SELECT id, message_id FROM media")
    [of] = await rows(cast, "SELECT id FROM message WHERE media <> '[]'")
    assert (kept["id"], kept["message_id"]) == (daves["id"], of["id"])
