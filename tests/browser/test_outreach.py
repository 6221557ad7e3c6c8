"""Outreach: turned on by an owner, found by a search, walked by keys, written to once."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in
from tests.browser.heard import forget_all

PICTURES = os.environ.get("EARFUL_PICTURES")
"""A folder to leave pictures in, for whoever wants to look."""
HELLO = "Hello, we are Northwind and happened to read this. Can we help?"


async def look(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"outreach-{name}.png")


def people(page: Page) -> Locator:
    return page.locator(".outreach .mention")


async def test_people_are_found_and_written_to_once(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/outreach")
    await expect(page.get_by_role("heading", name="Write to people who ask")).to_be_visible()
    await assert_axe_clean(page)
    await look(page, "off")
    await page.get_by_role("button", name="Turn it on").click()
    await turn_on(page)
    await search(page, desk)
    await page.goto(f"{desk.url}/outreach")
    await expect(people(page).nth(2)).to_be_visible(timeout=60_000)
    await walk(page)
    await write(page, desk)
    await narrow(page)
    await tidy(page, desk)


async def turn_on(page: Page) -> None:
    """On, at all hours: whoever runs this may do so by night."""
    form = page.get_by_role("form", name="Rehearsal")
    await form.get_by_role("checkbox", name="On").check()
    await form.get_by_label("of them by one agent").fill("2")
    await form.get_by_role("combobox").nth(0).select_option("8")
    await form.get_by_role("combobox").nth(1).select_option("8")
    await assert_axe_clean(page)
    await look(page, "settings")
    await form.get_by_role("button", name="Save").click()
    await expect(page.locator(".toasts")).to_contain_text("Saved: Rehearsal")


async def search(page: Page, desk: Desk) -> None:
    await page.goto(f"{desk.url}/settings/searches")
    await page.get_by_role("button", name="New saved search").click()
    await page.get_by_role("textbox", name="Name").fill("Who asks")
    await page.get_by_label("Search for").fill("northwind OR ~northwind")
    await page.get_by_label("Finds people to write to").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("finds people to write to")).to_be_visible()


async def walk(page: Page) -> None:
    """Down, put aside, brought back; left alone, and back."""
    before = await people(page).count()
    await page.keyboard.press("j")
    await expect(people(page).nth(1)).to_be_focused()
    name = await people(page).nth(1).get_attribute("aria-label") or ""
    await page.keyboard.press("e")
    await expect(people(page)).to_have_count(before - 1)
    await expect(page.locator(".outreach .mention.on")).to_be_focused()
    await page.keyboard.press("z")
    await expect(page.get_by_role("article", name=name)).to_be_visible()
    await expect(people(page)).to_have_count(before)
    await page.keyboard.press("x")
    await expect(page.locator(".toasts")).to_contain_text("is left alone from now on")
    await page.keyboard.press("z")
    await expect(people(page)).to_have_count(before)
    await assert_axe_clean(page)
    await look(page, "full")


async def write(page: Page, desk: Desk) -> None:
    first = page.locator(".outreach .mention.on")
    name = await first.get_attribute("aria-label") or ""
    await page.keyboard.press("r")
    field = page.get_by_role("textbox", name=f"Answer {name}, in public")
    await expect(field).to_be_focused()
    await page.keyboard.type(HELLO)
    await assert_axe_clean(page)
    await look(page, "writing")
    before = await people(page).count()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".toasts")).to_contain_text(f"On its way to {name}")
    await expect(people(page)).to_have_count(before - 1)
    await expect(page.locator(".o-used")).to_contain_text("1 of 20 people")
    for _ in range(300):
        if desk.count_published(HELLO):
            break
        await page.wait_for_timeout(200)
    assert desk.count_published(HELLO) == 1


async def narrow(page: Page) -> None:
    """On a phone, in the dark, and when the desk cannot be asked."""
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await assert_axe_clean(page)
    await look(page, "phone")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.route("**/api/v1/outreach?*", lambda route: route.fulfill(status=500, body="{}"))
    await page.reload()
    await expect(page.get_by_role("main").get_by_role("alert")).to_be_visible(timeout=20_000)
    await assert_axe_clean(page)
    await look(page, "failing")
    await page.unroute("**/api/v1/outreach?*")
    await page.get_by_role("main").get_by_role("button", name="Try again").click()
    await expect(people(page).first).to_be_visible()


async def tidy(page: Page, desk: Desk) -> None:
    """Leave the desk as it was, but for one conversation."""
    await page.goto(f"{desk.url}/settings/searches")
    await page.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("No saved searches yet")).to_be_visible()
    await forget_all(desk)
    await page.goto(f"{desk.url}/outreach")
    await expect(page.get_by_text("Nobody to write to")).to_be_visible()
    await look(page, "empty")
    await page.goto(f"{desk.url}/settings/outreach")
    form = page.get_by_role("form", name="Rehearsal")
    await form.get_by_role("checkbox", name="On").uncheck()
    await form.get_by_role("button", name="Save").click()
    await expect(page.locator(".toasts")).to_contain_text("Saved: Rehearsal")
