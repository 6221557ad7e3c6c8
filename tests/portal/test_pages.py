"""A visitor without an account, without script and without cookies writes, and reads the answer."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from earful.app.own_hosts import own_hosts
from earful.networks.contract import (
    Draft,
    Identity,
    Polls,
    Post,
    Rejected,
    Sends,
    Target,
    Visibility,
)
from earful.networks.portal import NETWORK
from earful.portal.words import WORDS
from earful.responder.published import published
from earful.responder.rules import Rules, keep_rules
from earful.settings import Settings
from earful.sla.calendar import Calendar, Slot
from earful.sla.keeping import keep_hours
from tests.desk.acts import answer, balanced, home_of, rows
from tests.portal.conftest import GOOD, Desk, Visitor


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


async def test_from_a_question_to_its_answer_and_back(desk: Desk, visitor: Visitor) -> None:
    sent = await visitor.write("Where is my parcel?\r\nNumber 7", name="Carol")
    assert sent.status_code == 303
    here = sent.headers["location"].partition("?")[0]
    assert re.fullmatch(r"/portal/help/t/[\w-]{43}", here)
    [card] = await rows(desk.cast, "SELECT * FROM conversation")
    assert (card["network"], card["visibility"], card["unanswered"]) == ("portal", "direct", 1)
    assert card["contact_name"] == "Carol"
    shown = await visitor.http.get(here)
    assert "Where is my parcel?\nNumber 7" in shown.text
    assert "not answered yet" in shown.text
    await answer(desk.cast, card["id"], "It arrives <today>: https://track.example/7.")
    await desk.send_out()
    page = (await visitor.http.get(here)).text
    assert 'It arrives &lt;today&gt;: <a href="https://track.example/7"' in page
    assert "not answered yet" not in page
    more = await visitor.write("Thank you!", here)
    assert more.status_code == 303
    said = await rows(
        desk.cast,
        "SELECT text FROM message WHERE direction = 'incoming' ORDER BY received_at, id",
    )
    assert [one["text"] for one in said][-1] == "Thank you!"
    [card] = await rows(desk.cast, "SELECT * FROM conversation")
    assert card["unanswered"] == 1
    await balanced(desk.cast)


async def test_the_token_is_kept_nowhere_and_another_leads_nowhere(
    desk: Desk, visitor: Visitor
) -> None:
    here = (await visitor.write("secret words")).headers["location"].partition("?")[0]
    token = here.rpartition("/")[2]
    for table in ("portal_link", "portal_message", "portal_thread", "message", "event"):
        for row in await rows(desk.cast, f"SELECT t::text AS line FROM {table} t"):  # noqa: S608
            assert token not in row["line"], table
    wrong = await visitor.http.get(here[:-1] + ("A" if here[-1] != "A" else "B"))
    assert wrong.status_code == 404
    assert "secret words" not in wrong.text


async def test_the_same_form_twice_is_one_message(desk: Desk, visitor: Visitor) -> None:
    data = {**await visitor.fill_in(), "text": "only once"}
    first, second = await visitor.send(data), await visitor.send(data)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    here = first.headers["location"].partition("?")[0]
    more = {**await visitor.fill_in(here), "text": "and once more"}
    for _ in range(2):
        assert (await visitor.send(more, here)).status_code == 303
    texts = [row["text"] for row in await rows(desk.cast, "SELECT text FROM portal_message")]
    assert sorted(texts) == ["and once more", "only once"]
    assert len(await rows(desk.cast, "SELECT 1 FROM accepted")) == 2


async def test_nothing_typed_is_lost_when_something_is_wrong(visitor: Visitor) -> None:
    for wrong in (
        {"email": "nobody"},
        {"text": "x" * 10_001},
        {"website": "http://spam.example"},
        {"ticket": "made up"},
        {"text": "a\x00b"},
    ):
        answer = await visitor.write("my long story", name="Carol", who="public", **{})
        assert answer.status_code in (303, 429)
        shown = await visitor.send(
            {**await visitor.fill_in(), "text": "my long story", "name": "Carol", **wrong}
        )
        assert shown.status_code in (403, 422)
        assert 'role="alert"' in shown.text
        assert 'value="Carol"' in shown.text
        if "text" not in wrong:
            assert "my long story" in shown.text
    empty = await visitor.write("   ", email="carol@example.org")
    assert empty.status_code == 422
    assert 'value="carol@example.org"' in empty.text


async def test_pictures_are_looked_at_stripped_and_shown_to_both(
    desk: Desk, visitor: Visitor
) -> None:
    files = [("pictures", ("broken.png", png(), "image/png"))]
    sent = await visitor.write("look", files=files)
    here = sent.headers["location"].partition("?")[0]
    shown = (await visitor.http.get(here)).text
    [path] = set(re.findall(r'<img src="(/portal/help/t/[^"]+/p/[^"]+)"', shown))
    picture = await visitor.http.get(path)
    assert picture.headers["content-type"] == "image/png"
    assert "sandbox" in picture.headers["content-security-policy"]
    assert (await visitor.http.get(path.replace("/p/", "/p/x"))).status_code == 404
    [wanted] = await rows(desk.cast, "SELECT source FROM media WHERE state = 'wanted'")
    row = await desk.shared.channel(desk.cast.workspace_id, desk.channel_id)
    async with desk.shared.connector(row) as connector:
        assert await connector.picture(wanted["source"]) == picture.content  # type: ignore[attr-defined]
    bad = await visitor.write("look", files=[("pictures", ("a.png", b"no picture", "image/png"))])
    assert bad.status_code == 422
    assert "a.png" in bad.text


async def test_what_is_public_says_so_and_stands_there_once_it_was_answered(
    desk: Desk, visitor: Visitor
) -> None:
    form = (await visitor.http.get("/portal/help")).text
    assert "everyone can read them" in form
    sent = await visitor.write("Are you open?", who="public", name="Carol", email="c@example.org")
    [card] = await rows(desk.cast, "SELECT * FROM conversation")
    assert card["visibility"] == "public"
    assert "Are you open?" not in (await visitor.http.get("/portal/help/public")).text
    await answer(desk.cast, card["id"], "Until six.")
    await desk.send_out()
    page = (await visitor.http.get("/portal/help/public")).text
    assert "Are you open?" in page
    assert "Until six." in page
    assert "c@example.org" not in page
    assert "noindex" not in page
    assert "noindex" in (await visitor.http.get(sent.headers["location"])).text
    await desk.set(msgspec.structs.replace(GOOD, public=False))
    assert (await visitor.http.get("/portal/help/public")).status_code == 404
    assert "everyone can read" not in (await visitor.http.get("/portal/help")).text
    await visitor.write("private after all", who="public")
    kinds = await rows(desk.cast, "SELECT public FROM portal_thread ORDER BY created_at")
    assert [row["public"] for row in kinds] == [True, False]


async def test_private_and_public_words_of_a_stranger_stay_words(visitor: Visitor) -> None:
    hostile = "<script>alert(1)</script> https://evil.example javascript:alert(1)"
    here = (await visitor.write(hostile, name='"><img src=x>')).headers["location"]
    page = (await visitor.http.get(here)).text
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert 'href="https://evil.example' not in page


async def test_no_page_sets_a_cookie_and_all_are_sealed(desk: Desk, visitor: Visitor) -> None:
    here = (await visitor.write("hello")).headers["location"].partition("?")[0]
    for path in ("", "/help", "/public", "/legal", "/lost", here.removeprefix("/portal/help")):
        page = await visitor.http.get(f"/portal/help{path}")
        assert page.status_code == 200, path
        assert "set-cookie" not in page.headers
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["referrer-policy"] == "same-origin"
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(r"\son\w+=|\sstyle=|javascript:", page.text)
    await desk.set(msgspec.structs.replace(GOOD, origins=["https://shop.example"]))
    page = await visitor.http.get("/portal/help")
    assert "frame-ancestors https://shop.example" in page.headers["content-security-policy"]
    assert "x-frame-options" not in page.headers


async def test_it_is_closed_until_all_is_there_and_talks_outlive_it(
    desk: Desk, visitor: Visitor
) -> None:
    here = (await visitor.write("hello")).headers["location"].partition("?")[0]
    await desk.set(GOOD, live=False)
    assert (await visitor.http.get("/portal/help")).status_code == 404
    assert (await visitor.http.post("/portal/help", data={"text": "x"})).status_code == 404
    assert (await visitor.http.get(here)).status_code == 200
    assert (await visitor.http.get("/portal/help/legal")).status_code == 200
    assert (await visitor.http.get("/portal/nothing")).status_code == 404


async def test_a_held_channel_loses_nothing(desk: Desk, visitor: Visitor) -> None:
    async with desk.cast.database.acquire() as db:
        await db.execute("UPDATE channel SET state = 'held' WHERE id = $1", desk.channel_id)
    assert (await visitor.write("while held")).status_code == 303
    assert await rows(desk.cast, "SELECT 1 FROM accepted") == []
    async with desk.cast.database.acquire() as db:
        await db.execute("UPDATE channel SET state = 'active' WHERE id = $1", desk.channel_id)
    await visitor.write("after")
    texts = await rows(desk.cast, "SELECT text FROM message WHERE direction = 'incoming'")
    assert sorted(row["text"] for row in texts) == ["after", "while held"]


async def test_the_help_page_lists_the_ways(desk: Desk, visitor: Visitor) -> None:
    async with desk.cast.database.acquire() as db:
        await db.execute(
            "UPDATE channel SET network = 'bluesky', handle = 'northwind.example' WHERE id = $1",
            desk.cast.channel.id,
        )
    page = (await visitor.http.get("/portal/help/help")).text
    assert "https://bsky.app/profile/northwind.example" in page
    assert "What you write there is public." in page


async def test_its_hours_are_those_that_all_else_goes_by(desk: Desk, visitor: Visitor) -> None:
    page = await visitor.http.get("/portal/help/help")
    assert "Mon–Fri" not in page.text
    nine = (Slot(9 * 3600, 17 * 3600),)
    async with desk.cast.works.open(desk.cast.workspace_id, desk.cast.alice) as work:
        hours = await keep_hours(work, "Office", Calendar(week=(*(nine,) * 5, (), ())))
        inbox_id = await work.db.fetchval(
            "SELECT inbox_id FROM channel WHERE id = $1", desk.channel_id
        )
        await keep_rules(work, inbox_id, Rules(hours_id=hours.id))
        known = await published(work.db, work.workspace_id, inbox_id, work.now, "en")
    assert known is not None
    page = await visitor.http.get("/portal/help/help", headers={"Accept-Language": "en"})
    assert f"<li>{known[0].lines[0]}</li>" in page.text
    assert known[0].bio.startswith(known[0].lines[0])


async def test_a_domain_of_its_own_shows_nothing_but_the_portal(desk: Desk) -> None:
    settings = Settings(portal_hosts="help.example.org=help")
    desk.app.asgi_handler = own_hosts(desk.app.asgi_handler, settings)
    visitor = Visitor(desk)

    async def status(path: str, host: str) -> int:
        return (await visitor.http.get(path, headers={"host": host})).status_code

    assert await status("/", "help.example.org") == 200
    assert await status("/portal/help/help", "HELP.example.org") == 200
    assert await status("/portal-assets/portal.css", "help.example.org") == 200
    for path in ("/sign-in", "/setup", "/portal/other", "/portal/helpme", "/api/v1/snapshot"):
        assert await status(path, "help.example.org") == 404, path
    assert await status("/sign-in", "evil.example") != 404
    assert settings.portal_url("help") == "http://help.example.org"


async def test_two_visitors_of_one_address_are_two_people(
    desk: Desk, visitors: Callable[[int], Visitor]
) -> None:
    await visitors(1).write("one", email="same@example.org", name="A")
    await visitors(1).write("two", email="same@example.org", name="A")
    assert len(await rows(desk.cast, "SELECT DISTINCT contact_id FROM conversation")) == 2
    assert await home_of(
        desk.cast, (await rows(desk.cast, "SELECT id FROM portal_message"))[0]["id"]
    )


async def test_who_was_invited_brings_the_code_along(desk: Desk, visitor: Visitor) -> None:
    await visitor.write("here I am", "/portal/help?m=abcdef2345")
    row = await desk.shared.channel(desk.cast.workspace_id, desk.channel_id)
    async with desk.shared.connector(row) as connector:
        assert isinstance(connector, Polls)
        [said] = (await connector.fetch(None)).changes
    assert isinstance(said, Post)
    assert said.invitation == "abcdef2345"
    link = NETWORK.welcome(Identity("help", "help"), {"site": "https://a.example/"}, "abcdef2345")
    assert link == "https://a.example/portal/help?m=abcdef2345"


async def test_nothing_private_is_said_in_a_public_talk(desk: Desk, visitor: Visitor) -> None:
    await visitor.write("in public", who="public")
    [thread] = await rows(desk.cast, "SELECT id FROM portal_thread")
    row = await desk.shared.channel(desk.cast.workspace_id, desk.channel_id)
    target = Target("1", "guest", {"thread": thread["id"]})
    draft = Draft(text="your number", reply_to=target, visibility=Visibility.DIRECT)
    async with desk.shared.connector(row) as connector:
        assert isinstance(connector, Sends)
        with pytest.raises(Rejected, match="public"):
            await connector.send(draft, "a-key")


def test_every_word_of_the_pages_stands_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs/how-to/open-a-portal.md").read_text()
    named = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", guide, re.MULTILINE))
    assert named == dict(WORDS)
