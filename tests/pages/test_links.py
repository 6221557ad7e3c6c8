"""Invitations and new passwords, through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from litestar import Litestar

from earful.accounts.invitations import invite
from earful.accounts.people import Agent, add_agent
from earful.store.pool import Database
from tests.pages.browser import Browser, hidden
from tests.pages.conftest import Mailbox, Watch
from tests.pages.story import ALICE, set_up, sign_in, turn_codes_on


@pytest.fixture
async def bob(browser: Browser, database: Database, watch: Watch) -> Agent:
    """Alice has set up, and added Bob."""
    await set_up(browser)
    async with database.transaction() as db:
        ours = await db.fetchval("SELECT id FROM workspace")
        return await add_agent(
            db, ours, name="Bob <Cole>", email="bob@x.example", role="agent", now=watch.now
        )


async def link_for(database: Database, agent: Agent, watch: Watch) -> str:
    async with database.transaction() as db:
        ours = await db.fetchval("SELECT id FROM workspace")
        return await invite(db, ours, agent.id, by="owner", by_id=None, now=watch.now)


async def test_an_invitation_brings_somebody_in_once(
    open_browser: Callable[[], Browser], bob: Agent, database: Database, watch: Watch
) -> None:
    path = await link_for(database, bob, watch)
    guest = open_browser()
    shown = await guest.get(path)
    assert "Bob &lt;Cole&gt;, you are invited to Northwind" in shown.text
    short = await guest.send(path, password="short")
    assert short.status_code == 422
    assert "at least 10" in short.text
    answer = await guest.send(path, password="four tall ships")
    assert answer.headers["location"] == "/"
    assert guest.session()
    assert (await guest.get(path)).status_code == 404
    late = open_browser()
    answer = await late.send(path, shown_at="/sign-in", password="five tall ships")
    assert answer.status_code == 404
    assert late.session() is None


async def test_an_invitation_ends_after_a_week(
    open_browser: Callable[[], Browser], bob: Agent, database: Database, watch: Watch
) -> None:
    path = await link_for(database, bob, watch)
    watch.on(days=7)
    answer = await open_browser().get(path)
    assert answer.status_code == 404
    assert "too old" in answer.text


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "..%2f", "%ff", "a" * 3000])
async def test_rubbish_for_a_token_is_a_dead_link(browser: Browser, token: str) -> None:
    for path in (f"/invitation/{token}", f"/password/{token}"):
        assert (await browser.get(path)).status_code in (400, 404)


@pytest.mark.usefixtures("bob")
async def test_forgetting_a_password(
    browser: Browser, open_browser: Callable[[], Browser], mailbox: Mailbox
) -> None:
    other = open_browser()
    answer = await other.send("/password", email="ALICE@northwind.example")
    assert "a link is on its way" in answer.text
    (mail,) = mailbox.sent
    assert mail["to"] == ALICE["email"]
    found = re.search(r"http://127\.0\.0\.1:8420(/password/\S+)", mail["text"])
    assert found, mail["text"]
    answer = await other.send(found[1], password="four tall ships")
    assert answer.status_code == 303
    assert other.session()
    assert (await browser.get("/sign-out")).headers["location"] == "/sign-in", "signed out there"
    assert (await sign_in(browser)).status_code == 403
    assert (await sign_in(browser, password="four tall ships")).status_code == 303


@pytest.mark.usefixtures("bob")
async def test_nobody_learns_who_has_an_account(
    open_browser: Callable[[], Browser], mailbox: Mailbox
) -> None:
    one, two = open_browser(), open_browser()
    known = await one.send("/password", email=ALICE["email"])
    unknown = await two.send("/password", email="nobody@x.example")
    hostile = await two.send("/password", email="alice@northwind.example\r\nBcc: eve@x.example")
    assert known.text == unknown.text == hostile.text
    assert [mail["to"] for mail in mailbox.sent] == [ALICE["email"]]


@pytest.mark.usefixtures("bob")
async def test_links_never_follow_the_host_header(browser: Browser, mailbox: Mailbox) -> None:
    browser.http.headers["x-forwarded-host"] = "evil.example"
    shown = await browser.get("/password")
    await browser.http.post(
        "/password",
        data={**hidden(shown.text), "email": ALICE["email"]},
        headers={"host": "evil.example"},
    )
    (mail,) = mailbox.sent
    assert "evil" not in mail["text"]


@pytest.mark.usefixtures("bob")
async def test_links_are_not_asked_for_without_end(
    open_browser: Callable[[], Browser], mailbox: Mailbox
) -> None:
    other = open_browser()
    answers = [await other.send("/password", email=ALICE["email"]) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert len(mailbox.sent) == 5


@pytest.mark.usefixtures("bob")
async def test_without_mail_the_page_says_whom_to_ask(app: Litestar, browser: Browser) -> None:
    app.state.mail = None
    assert "Ask an owner" in (await browser.get("/password")).text
    answer = await browser.send("/password", email=ALICE["email"])
    assert answer.status_code == 409


@pytest.mark.usefixtures("bob")
async def test_a_new_password_does_not_go_around_the_code(
    browser: Browser, open_browser: Callable[[], Browser], mailbox: Mailbox, watch: Watch
) -> None:
    await turn_codes_on(browser, watch.now.timestamp())
    thief = open_browser()
    await thief.send("/password", email=ALICE["email"])
    found = re.search(r"/password/\S+", mailbox.sent[0]["text"])
    assert found
    answer = await thief.send(found[0], password="four tall ships")
    assert answer.headers["location"] == "/sign-in/code"
    assert thief.session() is None


@pytest.mark.usefixtures("bob")
async def test_changing_the_password_keeps_this_browser_only(
    browser: Browser, open_browser: Callable[[], Browser]
) -> None:
    other = open_browser()
    await sign_in(other)
    wrong = await browser.send("/password/change", current="wrong", password="four tall ships")
    assert 'id="current-error"' in wrong.text
    right = {"current": ALICE["password"], "password": "four tall ships"}
    answer = await browser.send("/password/change", **right)
    assert answer.status_code == 200, answer.text
    assert (await browser.get("/password/change")).status_code == 200
    assert (await other.get("/password/change")).headers["location"].startswith("/sign-in")
