"""Signing in with a code, and without the phone."""

from __future__ import annotations

from collections.abc import Callable

import pyotp

from earful.store.pool import Database
from tests.pages.browser import Browser
from tests.pages.conftest import Watch
from tests.pages.story import ALICE, codes_in, secret_in, set_up, sign_in, turn_codes_on


async def test_with_codes_on_a_password_is_not_enough(
    browser: Browser, open_browser: Callable[[], Browser], watch: Watch
) -> None:
    await set_up(browser)
    phone, recovery = await turn_codes_on(browser, watch.now.timestamp())
    assert len(recovery) == 10
    other = open_browser()
    answer = await other.send(
        "/sign-in", shown_at="/sign-in?next=/c/7", email=ALICE["email"], password=ALICE["password"]
    )
    assert answer.headers["location"] == "/sign-in/code?next=%2Fc%2F7"
    assert other.session() is None
    assert (await other.send("/sign-in/code", code="000000")).status_code == 403
    watch.on(seconds=60)
    code = phone.at(watch.now)
    answer = await other.send("/sign-in/code", shown_at="/sign-in/code?next=/c/7", code=code)
    assert answer.headers["location"] == "/c/7"
    assert other.session()
    third = open_browser()
    await sign_in(third)
    answer = await third.send("/sign-in/code", code=code)
    assert "used already" in answer.text, "the code was seen before"
    assert third.session() is None


async def test_the_step_between_ends_after_ten_minutes_and_after_use(
    browser: Browser, open_browser: Callable[[], Browser], watch: Watch
) -> None:
    await set_up(browser)
    phone, recovery = await turn_codes_on(browser, watch.now.timestamp())
    other = open_browser()
    await sign_in(other)
    step = other.http.cookies["earful_step"]
    watch.on(minutes=10)
    answer = await other.send("/sign-in/code", shown_at="/sign-in", code=phone.at(watch.now))
    assert answer.headers["location"] == "/sign-in"
    await sign_in(other)
    step = other.http.cookies["earful_step"]
    assert (await other.send("/sign-in/code", code=recovery[0])).status_code == 303
    thief = open_browser()
    thief.http.cookies.set("earful_step", step)
    assert (await thief.get("/sign-in/code")).headers["location"] == "/sign-in"


async def test_a_recovery_code_lets_in_once(
    browser: Browser, open_browser: Callable[[], Browser], watch: Watch
) -> None:
    await set_up(browser)
    _, recovery = await turn_codes_on(browser, watch.now.timestamp())
    for expected in (303, 403):
        other = open_browser()
        await sign_in(other)
        assert (await other.send("/sign-in/code", code=recovery[3])).status_code == expected


async def test_codes_are_not_guessed_quickly(
    browser: Browser, open_browser: Callable[[], Browser], watch: Watch
) -> None:
    await set_up(browser)
    phone, _ = await turn_codes_on(browser, watch.now.timestamp())
    other = open_browser()
    await sign_in(other)
    for _ in range(5):
        assert (await other.send("/sign-in/code", code="000000")).status_code == 403
    watch.on(seconds=1)
    answer = await other.send("/sign-in/code", code=phone.at(watch.now))
    assert answer.status_code == 429
    assert "Wait 1 second," in answer.text


async def test_a_workspace_that_requires_codes_enrols_at_sign_in(
    browser: Browser, open_browser: Callable[[], Browser], database: Database, watch: Watch
) -> None:
    await set_up(open_browser())
    async with database.transaction() as db:
        await db.execute("UPDATE workspace SET settings = $1", {"codes_required": True})
    answer = await sign_in(browser)
    assert answer.headers["location"] == "/sign-in/enrol"
    assert browser.session() is None
    shown = await browser.get("/sign-in/enrol")
    assert '<svg role="img"' in shown.text
    secret = secret_in(shown.text)
    assert secret_in((await browser.get("/sign-in/enrol")).text) == secret
    wrong = await browser.send("/sign-in/enrol", code="000000")
    assert wrong.status_code == 403
    assert browser.session() is None
    done = await browser.send("/sign-in/enrol", code=pyotp.TOTP(secret).at(watch.now))
    assert len(codes_in(done.text)) == 10
    assert browser.session()
    assert (await browser.get("/sign-in")).headers["location"] == "/"


async def test_turning_codes_on_by_choice_asks_for_the_password(
    browser: Browser, watch: Watch
) -> None:
    await set_up(browser)
    shown = await browser.get("/sign-in/enrol")
    phone = pyotp.TOTP(secret_in(shown.text))
    answer = await browser.send("/sign-in/enrol", code=phone.at(watch.now), password="wrong")
    assert "not your password" in answer.text
    await turn_codes_on(browser, watch.now.timestamp())
    again = await browser.get("/sign-in/enrol")
    assert again.status_code == 303, "the secret is not shown a second time"


async def test_strangers_are_sent_to_sign_in(
    browser: Browser, open_browser: Callable[[], Browser]
) -> None:
    await set_up(open_browser())
    for path in ("/sign-in/code", "/sign-in/enrol"):
        assert (await browser.get(path)).headers["location"] == "/sign-in"
        answer = await browser.send(path, shown_at="/sign-in", code="123456")
        assert answer.headers["location"] == "/sign-in"
