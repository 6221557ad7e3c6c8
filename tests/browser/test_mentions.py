"""Mentions: a search is written with a look at what it finds; what it finds is skimmed by keys."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from earful.networks.contract import Person
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, sign_in
from tests.browser.heard import forget_all, hear, said

RUTH, NOOR, SAM = (
    Person("ruth", "ruth", "Ruth Teal"),
    Person("noor", "noor", "نور"),
    Person("sam", "sam", "Sam Teal"),
)
PICTURES = os.environ.get("EARFUL_PICTURES")
"""A folder to leave pictures in, for whoever wants to look."""


async def look(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"mentions-{name}.png")


def mentions(page: Page) -> Locator:
    return page.locator(".mention")


def waiting(page: Page) -> Locator:
    """The number of new ones, on the left."""
    return page.get_by_role("link", name="Mentions").locator("b")


def chosen(page: Page) -> Locator:
    return page.locator(".mention.on")


async def test_a_search_is_written_and_what_it_finds_is_skimmed(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "priya")
    await page.keyboard.press("l")
    await expect(page.get_by_role("heading", name="Hear what is said")).to_be_visible()
    await assert_axe_clean(page)
    await look(page, "empty")
    await page.get_by_role("button", name="Make a saved search").click()
    await write_search(page)
    await hear(
        desk,
        "Us",
        said(1, RUTH, "Third parcel lost. Does anybody at Quillpen read this?"),
        said(2, NOOR, "@shop هل يعرف أحد متى تصل طلبات quilpen؟"),
        said(3, SAM, "My new #quillpen is here and I love it"),
    )
    await page.goto(f"{desk.url}/mentions")
    await expect(mentions(page)).to_have_count(3)
    await expect(waiting(page)).to_have_text("3")
    await expect(page.get_by_role("article", name="نور").locator(".m-text")).to_have_attribute(
        "dir", "rtl"
    )
    await expect(page.get_by_role("article", name="نور").locator("mark")).to_have_text("quilpen")
    await skim(page, desk)
    await narrow(page)
    await answer(page)
    await tidy(page, desk)


async def write_search(page: Page) -> None:
    """From the empty page to a search that is kept: a slip in it is shown where it is."""
    await expect(page.get_by_text("No saved searches yet")).to_be_visible()
    await page.get_by_role("button", name="New saved search").click()
    await expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    await page.keyboard.type("Us")
    query = page.get_by_label("Search for")
    await query.fill("quillpen OR (~quillpen")
    await expect(page.locator(".wrong .place mark")).to_be_visible()
    await assert_axe_clean(page)
    await look(page, "wrong")
    await page.get_by_text("Examples").click()
    await page.get_by_role("button", name="northwind OR ~northwind").click()
    await expect(page.locator(".wrong")).to_have_count(0)
    preview = page.get_by_role("region", name="What it would find")
    await expect(preview.get_by_role("row", name="Rehearsal")).to_contain_text("free")
    await expect(preview).to_contain_text(re.compile(r"About \d+ a day, free"))
    samples = preview.get_by_role("list", name="Posts it found")
    await expect(samples.locator("mark", has_text="Nortwhind").first).to_be_visible()
    await assert_axe_clean(page)
    await look(page, "preview")
    await query.fill("quillpen OR ~quillpen")
    await expect(preview).to_contain_text("Nothing found")
    await page.get_by_text("Languages:").click()
    await page.get_by_label("English").check()
    await page.get_by_label("English").uncheck()
    await page.get_by_label("complaints").check()
    await page.get_by_label("Alert somebody").check()
    await page.get_by_label("Alert somebody").uncheck()  # others share this desk
    await assert_axe_clean(page)
    await look(page, "written")
    await page.get_by_role("button", name="Save").click()
    kept = page.get_by_text("0 found this week, free, takes in complaints by itself")
    await expect(kept).to_be_visible()


async def skim(page: Page, desk: Desk) -> None:
    """Down, dismissed, undone, taken in; and what comes meanwhile moves nothing."""
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    second = mentions(page).nth(1)
    await expect(second).to_be_focused()
    name = await second.get_attribute("aria-label") or ""
    await page.keyboard.press("e")
    await expect(mentions(page)).to_have_count(2)
    await expect(chosen(page)).to_be_focused()
    await page.keyboard.press("z")
    await expect(page.get_by_role("article", name=name)).to_be_focused()
    await expect(mentions(page)).to_have_count(3)
    await hear(desk, "Us", said(4, RUTH, "quillpen, again and again"))
    fresh = page.locator(".m-fresh").get_by_role("button")
    await expect(fresh).to_contain_text("1 new")
    await expect(waiting(page)).to_have_text("4")
    await expect(mentions(page)).to_have_count(3)
    await assert_axe_clean(page)
    await look(page, "full")
    await page.keyboard.press(".")
    await expect(mentions(page)).to_have_count(4)
    await expect(mentions(page).first).to_be_focused()
    await page.keyboard.press("e")
    await expect(mentions(page)).to_have_count(3)
    await page.get_by_role("radio", name="Dismissed").click()
    await expect(mentions(page)).to_have_count(1)
    await page.keyboard.press("j")
    await page.keyboard.press("e")
    await expect(page.get_by_text("Nothing was dismissed")).to_be_visible()
    await page.get_by_role("radio", name="New").click()
    await expect(mentions(page)).to_have_count(4)


async def narrow(page: Page) -> None:
    """On a phone, in the dark, and when the desk cannot be asked."""
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await assert_axe_clean(page)
    await look(page, "phone")
    await page.set_viewport_size({"width": 320, "height": 700})
    bar = page.get_by_role("navigation").first
    assert await bar.evaluate("bar => bar.scrollWidth - bar.clientWidth") == 0
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.route("**/api/v1/mentions?*", lambda route: route.fulfill(status=500, body="{}"))
    await page.get_by_role("radio", name="Taken in").click()
    await expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    await assert_axe_clean(page)
    await look(page, "failing")
    await page.unroute("**/api/v1/mentions?*")
    await page.get_by_role("main").get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("Nothing was taken in yet")).to_be_visible()
    await page.get_by_role("radio", name="New").click()


async def answer(page: Page) -> None:
    """One is taken in and the reader goes on; another is answered."""
    await expect(mentions(page)).to_have_count(4)
    await page.keyboard.press("j")
    await page.keyboard.press("a")
    await expect(mentions(page)).to_have_count(3)
    await expect(page.locator(".toasts")).to_contain_text("waits in Next up now")
    await page.keyboard.press("r")
    await expect(page).to_have_url(re.compile("/c/"))
    await expect(composer(page)).to_be_focused()
    await page.go_back()
    await expect(mentions(page)).to_have_count(2)
    await page.get_by_role("radio", name="Taken in").click()
    await expect(mentions(page)).to_have_count(2)
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/c/"))


async def tidy(page: Page, desk: Desk) -> None:
    """Leave the desk as it was, but for two conversations."""
    await page.goto(f"{desk.url}/settings/searches")
    await expect(page.get_by_text("4 found this week")).to_be_visible()
    await page.get_by_role("button", name="Turn off").click()
    await expect(page.get_by_role("button", name="Turn on")).to_be_visible()
    await assert_axe_clean(page)
    await look(page, "kept")
    await page.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("No saved searches yet")).to_be_visible()
    await forget_all(desk)


async def test_agents_have_no_mentions_where_nothing_is_searched_for(
    page: Page, desk: Desk
) -> None:
    await sign_in(page, desk, "bob")
    await expect(page.get_by_role("link", name="Mine")).to_be_visible()
    await expect(page.get_by_role("link", name="Mentions")).to_have_count(0)
