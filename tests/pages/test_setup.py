"""Setup: only by whoever has the machine, only once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from litestar import Litestar

from earful.accounts.secrets import Keyring
from earful.settings import Settings
from earful.store.pool import Database
from tests.pages.browser import Browser
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
