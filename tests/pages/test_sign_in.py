"""The way in, as a browser without script sees it."""

from __future__ import annotations

from tests.pages.browser import Browser

ALICE = {
    "workspace": "Northwind",
    "name": "Alice Baker",
    "email": "alice@northwind.example",
    "password": "three tall ships",
}


async def set_up(browser: Browser) -> None:
    answer = await browser.send("/setup", **ALICE)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/"


async def test_the_first_visit_leads_to_setup_and_then_in(browser: Browser) -> None:
    assert (await browser.get("/sign-in")).headers["location"] == "/setup"
    await set_up(browser)
    assert browser.session
    assert (await browser.get("/setup")).headers["location"] == "/sign-in"
    assert (await browser.get("/sign-in?next=/c/7")).headers["location"] == "/c/7"


async def test_signing_out_and_in_again(browser: Browser) -> None:
    await set_up(browser)
    assert (await browser.send("/sign-out")).headers["location"] == "/sign-in"
    assert browser.session is None
    answer = await browser.send(
        "/sign-in",
        shown_at="/sign-in?next=/c/7",
        email=" Alice@Northwind.example ",
        password=ALICE["password"],
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/c/7"
    assert browser.session
