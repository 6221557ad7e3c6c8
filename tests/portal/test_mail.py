"""Told by mail of an answer, once, and not while looking; new links by mail."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from earful.accounts.mail import Letter
from earful.accounts.mail_server import Wanted, keep_server
from earful.accounts.postbox import Claimed, read
from earful.portal.talks import given_email
from earful.settings import Settings
from earful.worker.mailing import send_due
from earful.worker.noticing import notice_due
from tests.desk.acts import answer, rows
from tests.mail_server import mail_server
from tests.portal.conftest import KEYRING, Desk, Visitor

SETTINGS = Settings(public_url="https://care.example.org")


async def can_mail(desk: Desk, port: int = 25) -> None:
    wanted = Wanted(host="127.0.0.1", port=port, security="none", sender="care@northwind.example")
    async with desk.cast.database.transaction() as db:
        await keep_server(db, KEYRING, desk.cast.workspace_id, wanted, now=desk.cast.time())


async def letters(desk: Desk) -> list[Letter]:
    found = await rows(desk.cast, "SELECT * FROM letter ORDER BY created_at, id")
    return [read(KEYRING, msgspec.convert(dict(row), Claimed, strict=False)) for row in found]


async def answered(desk: Desk, text: str = "Here it is") -> None:
    [card] = await rows(desk.cast, "SELECT id FROM conversation")
    await answer(desk.cast, card["id"], text)
    await desk.send_out()


async def test_an_answer_that_nobody_saw_is_told_once(desk: Desk, visitor: Visitor) -> None:
    async with mail_server() as post:
        await can_mail(desk, post.port)
        await visitor.write("Where is it?", email="Carol@example.org")
        desk.cast.time.pass_(minutes=1)
        await answered(desk)
        assert await notice_due(desk.shared, SETTINGS) == 0, "she may be looking"
        desk.cast.time.pass_(seconds=61)
        assert await notice_due(desk.shared, SETTINGS) == 1
        desk.cast.time.pass_(minutes=5)
        assert await notice_due(desk.shared, SETTINGS) == 0
        await send_due(desk.shared)
    [got] = post.got
    assert got["To"] == "carol@example.org"
    assert "Here it is" not in got.get_content()
    assert "Where is it?" not in got.get_content()
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [url] = re.findall(r"https://care\.example\.org(/portal/help/t/\S+)", got.get_content())
    assert "Here it is" in (await visitor.http.get(url)).text
    [line] = await rows(desk.cast, "SELECT act, object_kind FROM audit")
    assert (line["act"], line["object_kind"]) == ("mail.sent", "visitor")


async def test_who_looks_is_not_written_to(desk: Desk, visitor: Visitor) -> None:
    await can_mail(desk)
    here = (await visitor.write("?", email="carol@example.org")).headers["location"]
    await answered(desk)
    await visitor.http.get(here)
    desk.cast.time.pass_(minutes=5)
    assert await notice_due(desk.shared, SETTINGS) == 0
    assert await letters(desk) == []


async def test_one_click_ends_it_and_she_can_begin_again(desk: Desk, visitor: Visitor) -> None:
    await can_mail(desk)
    here = (await visitor.write("?", email="carol@example.org")).headers["location"]
    here = here.partition("?")[0]
    desk.cast.time.pass_(minutes=1)
    await answered(desk)
    desk.cast.time.pass_(minutes=2)
    await notice_due(desk.shared, SETTINGS)
    [letter] = await letters(desk)
    stop = letter.unsubscribe.removeprefix("https://care.example.org")
    done = await visitor.http.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 303
    await answered(desk, "More")
    desk.cast.time.pass_(minutes=5)
    assert await notice_due(desk.shared, SETTINGS) == 0
    assert (await visitor.http.post(f"{here}/mail", data={"email": "no"})).status_code == 422
    await visitor.http.post(f"{here}/mail", data={"email": "dave@example.org"})
    assert "dave@example.org" in (await visitor.http.get(here)).text


async def test_a_lost_link_comes_by_mail_and_tells_nobody_who_has_one(
    desk: Desk, visitor: Visitor
) -> None:
    await can_mail(desk)
    await visitor.write("my secret", email="carol@example.org")
    known = await visitor.http.post("/portal/help/lost", data={"email": "carol@example.org"})
    strange = await visitor.http.post("/portal/help/lost", data={"email": "eve@example.org"})
    assert known.text == strange.text
    [letter] = await letters(desk)
    assert letter.to == "carol@example.org"
    [url] = re.findall(r"https://care\.example\.org(/portal/help/t/\S+)", letter.text)
    assert "my secret" in (await visitor.http.get(url)).text
    codes = [
        (
            await visitor.http.post("/portal/help/lost", data={"email": f"{n}@example.org"})
        ).status_code
        for n in range(10)
    ]
    assert codes[-1] == 429


async def test_without_a_public_address_nobody_is_written_to(desk: Desk, visitor: Visitor) -> None:
    await can_mail(desk)
    await visitor.write("?", email="carol@example.org")
    desk.cast.time.pass_(minutes=1)
    await answered(desk)
    desk.cast.time.pass_(minutes=2)
    assert await notice_due(desk.shared, Settings()) == 0
    assert await letters(desk) == []


async def test_the_desk_knows_the_address_that_was_given_and_nobody_elses(
    desk: Desk, visitor: Visitor, visitors: Callable[[int], Visitor]
) -> None:
    await visitor.write("with an address", email="carol@customers.example")
    await visitors(2).write("without one")
    people = "SELECT contact_id, preview FROM conversation ORDER BY preview"
    async with desk.cast.database.acquire() as db:
        told = {
            row["preview"]: await given_email(db, desk.cast.workspace_id, row["contact_id"])
            for row in await rows(desk.cast, people)
        }
    assert told == {"with an address": "carol@customers.example", "without one": ""}
