"""Invitations and changed passwords, through the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from earful.accounts.invitations import invite
from earful.accounts.people import Agent, add_agent
from earful.store.pool import Database
from tests.pages.browser import Browser
from tests.pages.conftest import Watch
from tests.pages.story import ALICE, set_up, sign_in


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
