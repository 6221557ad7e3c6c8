"""Setup: only by whoever has the machine, only once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from litestar import Litestar

from earful.accounts.people import add_agent
from earful.accounts.secrets import Keyring
from earful.accounts.setup import create_workspace
from earful.settings import Settings
from earful.store.pool import Database
from tests.pages.browser import Browser
from tests.pages.conftest import Watch
from tests.pages.story import ALICE, set_up

PUBLIC = replace(Settings(), public_url="https://care.example.org")


async def test_a_stranger_needs_the_setup_key(
    app: Litestar, keyring: Keyring, open_browser: Callable[[], Browser]
) -> None:
    stranger = Browser(app, address="203.0.113.9")
    assert "Setup key" in (await stranger.get("/setup")).text
    for key in ({}, {"key": "guessed"}):
        answer = await stranger.send("/setup", **ALICE, **key)
        assert answer.status_code == 403
        assert "not the setup key" in answer.text
    answer = await stranger.send("/setup", **ALICE, key=keyring.setup_key)
    assert answer.status_code == 303


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via"])
async def test_a_local_proxy_does_not_make_a_stranger_local(browser: Browser, header: str) -> None:
    browser.http.headers[header] = "127.0.0.1"
    assert (await browser.send("/setup", **ALICE)).status_code == 403


async def test_a_public_desk_always_asks_for_the_key(
    app: Litestar, keyring: Keyring, database: Database, watch: object, mailbox: object
) -> None:
    app.state.settings = PUBLIC
    browser = Browser(app, base="https://care.example.org")
    assert (await browser.send("/setup", **ALICE)).status_code == 403
    shown = await browser.get(f"/setup?key={keyring.setup_key}")
    assert keyring.setup_key in shown.text, "the link that is printed fills it in"
    answer = await browser.send("/setup", **ALICE, key=keyring.setup_key)
    assert answer.status_code == 303


async def test_the_setup_key_is_not_guessed_quickly(app: Litestar) -> None:
    stranger = Browser(app, address="203.0.113.9")
    answers = [await stranger.send("/setup", **ALICE, key="guess") for _ in range(8)]
    assert answers[-1].status_code == 429


@pytest.mark.parametrize(
    ("field", "value"),
    [("password", "short"), ("email", "nowhere"), ("name", " "), ("workspace", "\x00")],
)
async def test_a_bad_field_is_pointed_at_and_the_rest_kept(
    browser: Browser, field: str, value: str
) -> None:
    answer = await browser.send("/setup", **{**ALICE, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'aria-describedby="{field}-' in answer.text or f" {field}-error" in answer.text
    assert answer.text.count("aria-invalid") == 1
    assert ALICE["password"] not in answer.text
    await set_up(browser)


async def test_setup_is_closed_once_it_is_done(
    browser: Browser, open_browser: Callable[[], Browser]
) -> None:
    late = open_browser()
    shown = await late.get("/setup")
    assert shown.status_code == 200
    await set_up(browser)
    eve = {**ALICE, "email": "eve@x.example"}
    await late.get("/sign-in")
    from_before = await late.send("/setup", shown_at="/sign-in", **eve)
    assert from_before.headers["location"] == "/sign-in"
    assert late.session() is None


async def test_beside_a_rehearsal_a_clean_workspace_is_set_up(
    browser: Browser, database: Database, watch: Watch
) -> None:
    async with database.transaction() as db:
        rehearsed = await create_workspace(db, name="Rehearsal", now=watch(), rehearsal=True)
        await add_agent(
            db, rehearsed, name="Bob", email="bob@northwind.example", role="owner", handle="bob",
            now=watch(),
        )  # fmt: skip
        await db.execute("INSERT INTO tag (workspace_id, name) VALUES ($1, 'old')", rehearsed)
    await set_up(browser)
    async with database.acquire() as db:
        [real] = await db.fetch("SELECT id, rehearsal FROM workspace WHERE id <> $1", rehearsed)
        assert real["rehearsal"] is False
        for table in ("channel", "conversation", "contact", "tag", "macro", "policy", "hours"):
            count = f"SELECT count(*) FROM {table} WHERE workspace_id = $1"  # noqa: S608
            assert await db.fetchval(count, real["id"]) == 0, table
        people = "SELECT email FROM agent WHERE workspace_id = $1"
        assert [row["email"] for row in await db.fetch(people, real["id"])] == [ALICE["email"]]
        assert await db.fetchval("SELECT count(*) FROM tag WHERE workspace_id = $1", rehearsed) == 1
