"""The pages in a real browser: without script, by keyboard, on a phone, in the dark."""

from __future__ import annotations

from typing import Literal

import pyotp
import pytest
from playwright.async_api import Browser, Page

from tests.browser.axe import assert_axe_clean
from tests.pages.conftest import Watch
from tests.pages.story import ALICE


async def fill_in_setup(page: Page, address: str) -> None:
    await page.goto(f"{address}/sign-in")
    for label, value in [
        ("Name of your organisation", ALICE["workspace"]),
        ("Your name", ALICE["name"]),
        ("Your e-mail address", ALICE["email"]),
        ("Password", ALICE["password"]),
    ]:
        await page.get_by_label(label, exact=True).fill(value)


async def test_everything_works_without_script(
    browser: Browser, address: str, watch: Watch
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await fill_in_setup(page, address)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/")
    await page.goto(f"{address}/sign-in/enrol")
    assert await page.get_by_role("img", name="QR code").is_visible()
    secret = (await page.locator("code").inner_text()).replace(" ", "")
    await page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).at(watch.now))
    await page.get_by_label("Your password").fill(ALICE["password"])
    await page.get_by_role("button", name="Turn on").click()
    recovery = await page.locator(".codes li").all_inner_texts()
    assert len(recovery) == 10
    await page.goto(f"{address}/sign-out")
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url(f"{address}/sign-in")
    await page.get_by_label("E-mail address").fill(ALICE["email"])
    await page.get_by_label("Password").fill(ALICE["password"])
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_label("Code", exact=True).fill(recovery[0])
    await page.get_by_role("button", name="Go on").click()
    await page.wait_for_url(f"{address}/")
    names = {cookie.get("name") for cookie in await context.cookies()}
    assert "earful_session" in names
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_keep_the_rules_of_accessibility_at_320_pixels(
    page: Page, address: str, scheme: Literal["light", "dark"]
) -> None:
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": 320, "height": 640})
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text))
    for path in ("/setup", "/password", "/password/none"):
        await page.goto(address + path)
        await check(page)
    await fill_in_setup(page, address)
    await page.get_by_label("Password").fill("short")
    await page.get_by_role("button", name="Begin").click()
    await page.get_by_text("Use at least 10 characters; a sentence").wait_for()
    await check(page)
    await page.get_by_label("Password").fill(ALICE["password"])
    await page.get_by_role("button", name="Begin").click()
    await page.wait_for_url(f"{address}/")
    for path in ("/sign-in/enrol", "/password/change", "/sign-out"):
        await page.goto(address + path)
        await check(page)
    assert not [line for line in broken if "Content Security" in line]


async def check(page: Page) -> None:
    await assert_axe_clean(page)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) == 0
