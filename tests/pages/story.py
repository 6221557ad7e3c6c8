"""What most tests of pages begin with."""

from __future__ import annotations

import re

import httpx
import pyotp

from tests.pages.browser import Browser

ALICE = {
    "workspace": "Northwind",
    "name": "Alice Baker",
    "email": "alice@northwind.example",
    "password": "three tall ships",
}


async def set_up(browser: Browser, **more: str) -> None:
    answer = await browser.send("/setup", **ALICE, **more)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/"


async def sign_in(browser: Browser, **fields: str) -> httpx.Response:
    """Send the sign-in form as Alice, but for `fields`."""
    whole = {"email": ALICE["email"], "password": ALICE["password"], **fields}
    return await browser.send("/sign-in", **whole)


async def turn_codes_on(browser: Browser, now: float) -> tuple[pyotp.TOTP, list[str]]:
    """Enrol whoever is signed in as Alice. Returns the phone and the recovery codes."""
    shown = await browser.get("/sign-in/enrol")
    phone = pyotp.TOTP(secret_in(shown.text))
    code = phone.at(int(now))
    answer = await browser.send("/sign-in/enrol", code=code, password=ALICE["password"])
    assert answer.status_code == 200, answer.text
    return phone, codes_in(answer.text)


def secret_in(html: str) -> str:
    """The key to type into an authenticator app."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", html)
    assert found, html
    return found[1].replace(" ", "")


def codes_in(html: str) -> list[str]:
    """The recovery codes on a page."""
    return re.findall(r"<li>([a-z2-7-]{19})</li>", html)
