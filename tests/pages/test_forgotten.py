"""A forgotten password: a link by mail that works once, and no word about who has an account."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from earful.accounts.secrets import Keyring
from earful.settings import Settings
from earful.store.pool import Database
from tests.pages.browser import Browser, hidden
from tests.pages.conftest import Mailbox, Watch
from tests.pages.story import ALICE, set_up, sign_in, turn_codes_on

LINK = re.compile(r"http://care\.example(/password/\S+)")


@pytest.fixture
def settings() -> Settings:
    return Settings(public_url="http://care.example")


@pytest.fixture(autouse=True)
async def _alice_and_a_mail_server(browser: Browser, mailbox: Mailbox, keyring: Keyring) -> None:
    await set_up(browser, key=keyring.setup_key)
    await mailbox.open()


async def link_in(mailbox: Mailbox) -> str:
    found = LINK.search((await mailbox.letters())[-1].text)
    assert found
    return found[1]


async def test_a_mailed_link_gives_a_new_password_once(
    browser: Browser, open_browser: Callable[[], Browser], mailbox: Mailbox
) -> None:
    other = open_browser()
    answer = await other.send("/password", email="ALICE@northwind.example")
    assert "a link is on its way" in answer.text
    (letter,) = await mailbox.letters()
    assert letter.to == ALICE["email"]
    path = await link_in(mailbox)
    answer = await other.send(path, password="four tall ships")
    assert answer.status_code == 303
    assert other.session()
    assert (await other.get(path)).status_code == 404
    assert (await browser.get("/sign-out")).headers["location"] == "/sign-in", "signed out there"
    assert (await sign_in(browser)).status_code == 403
    assert (await sign_in(browser, password="four tall ships")).status_code == 303


async def test_a_mailed_link_ends_after_two_hours(
    open_browser: Callable[[], Browser], mailbox: Mailbox, watch: Watch
) -> None:
    await open_browser().send("/password", email=ALICE["email"])
    watch.on(hours=2)
    assert (await open_browser().get(await link_in(mailbox))).status_code == 404


async def test_nobody_learns_who_has_an_account(
    open_browser: Callable[[], Browser], mailbox: Mailbox
) -> None:
    one, two = open_browser(), open_browser()
    known = await one.send("/password", email=ALICE["email"])
    unknown = await two.send("/password", email="nobody@x.example")
    hostile = await two.send("/password", email="alice@northwind.example\r\nBcc: eve@x.example")
    assert known.text == unknown.text == hostile.text
    assert [letter.to for letter in await mailbox.letters()] == [ALICE["email"]]


async def test_links_never_follow_the_host_header(browser: Browser, mailbox: Mailbox) -> None:
    browser.http.headers["x-forwarded-host"] = "evil.example"
    shown = await browser.get("/password")
    await browser.http.post(
        "/password",
        data={**hidden(shown.text), "email": ALICE["email"]},
        headers={"host": "evil.example"},
    )
    (letter,) = await mailbox.letters()
    assert "evil" not in letter.text
    assert await link_in(mailbox)


async def test_links_are_not_asked_for_without_end(
    open_browser: Callable[[], Browser], mailbox: Mailbox
) -> None:
    other = open_browser()
    answers = [await other.send("/password", email=ALICE["email"]) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert len(await mailbox.letters()) == 5


async def test_without_mail_the_page_says_whom_to_ask(
    browser: Browser, database: Database, mailbox: Mailbox
) -> None:
    async with database.acquire() as db:
        await db.execute("DELETE FROM mail_server")
    assert "Ask an owner" in (await browser.get("/password")).text
    answer = await browser.send("/password", email=ALICE["email"])
    assert answer.status_code == 409
    assert await mailbox.letters() == []


async def test_a_workspace_without_mail_voids_no_link_of_its_people(
    open_browser: Callable[[], Browser], database: Database, mailbox: Mailbox
) -> None:
    async with database.acquire() as db:
        await db.execute(
            "INSERT INTO workspace (id, name, created_at) VALUES "
            "('00000000-0000-7000-8000-000000000001', 'Contoso', now())"
        )
    await mailbox.open()
    await open_browser().send("/password", email=ALICE["email"])
    path = await link_in(mailbox)
    async with database.acquire() as db:
        await db.execute(
            "DELETE FROM mail_server WHERE workspace_id <> $1",
            "00000000-0000-7000-8000-000000000001",
        )
    answer = await open_browser().send("/password", email=ALICE["email"])
    assert "a link is on its way" in answer.text
    assert (await open_browser().get(path)).status_code == 200


class TestWithoutAPublicAddress:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings()

    async def test_the_page_says_whom_to_ask(self, browser: Browser, mailbox: Mailbox) -> None:
        assert "Ask an owner" in (await browser.get("/password")).text
        answer = await browser.send("/password", email=ALICE["email"])
        assert answer.status_code == 409, "nor may a link to this machine be mailed"
        assert await mailbox.letters() == []


async def test_a_new_password_does_not_go_around_the_code(
    browser: Browser, open_browser: Callable[[], Browser], mailbox: Mailbox, watch: Watch
) -> None:
    await turn_codes_on(browser, watch.now.timestamp())
    thief = open_browser()
    await thief.send("/password", email=ALICE["email"])
    answer = await thief.send(await link_in(mailbox), password="four tall ships")
    assert answer.headers["location"] == "/sign-in/code"
    assert thief.session() is None
