"""Desktop notifications: asked for kindly, never unasked, and the answer is kept."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.networks.contract import Person, Post
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in
from tests.browser.incoming import come_in

AWAY = """
window.asked = 0;
window.Notification = class {
  static permission = (location.origin !== "null" && sessionStorage.permission) || "default";
  static async requestPermission() {
    window.asked += 1;
    return (sessionStorage.permission = Notification.permission = window.answer ?? "granted");
  }
  constructor(title) { document.body.dataset.told = title; }
};
Object.defineProperty(document, "visibilityState", {
  get: () => window.away ? "hidden" : "visible",
});
"""


async def leave(page: Page) -> None:
    """Look elsewhere, as with another tab in front."""
    await page.evaluate("window.away = true")


async def somebody_writes(desk: Desk, name: str) -> None:
    """A customer called `name` opens a conversation."""
    said = Post(
        external_id=new_id(),
        author=Person(f"did:{name}", f"{name.lower()}.example", name),
        text="@Northwind where is my parcel?",
        published_at=system_clock(),
        addressed=True,
    )
    await come_in(desk, said)


async def test_on_another_day_one_is_asked_too(page: Page, desk: Desk) -> None:
    await page.add_init_script(AWAY)
    await page.add_init_script("localStorage.setItem('earful-first-day', 'Mon Nov 02 2026')")
    await sign_in(page, desk, "alice")
    asking = page.locator(".banner").filter(has_text="Tell me when somebody waits?")
    await expect(asking).to_be_visible()
    assert await page.evaluate("window.asked") == 0


async def test_one_is_asked_kindly_and_told_from_then_on(page: Page, desk: Desk) -> None:
    await page.add_init_script(AWAY)
    await sign_in(page, desk, "priya")
    asking = page.locator(".banner").filter(has_text="Tell me when somebody waits?")
    await expect(asking).to_have_count(0)
    await leave(page)
    await somebody_writes(desk, "Wanda")
    await expect(asking).to_be_visible()
    assert await page.evaluate("window.asked") == 0, "the browser asked without a click"
    await expect(page.locator("body[data-told]")).to_have_count(0)
    await assert_axe_clean(page)
    await asking.get_by_role("button", name="Yes").click()
    await expect(asking).to_have_count(0)
    assert await page.evaluate("window.asked") == 1
    await somebody_writes(desk, "Wilma")
    await expect(page.locator("body[data-told='New post by Wilma']")).to_have_count(1)
    await page.goto(f"{desk.url}/settings/appearance")
    await expect(page.get_by_role("checkbox", name="Desktop notifications")).to_be_checked()


async def test_not_now_is_remembered(page: Page, desk: Desk) -> None:
    await page.add_init_script(AWAY)
    await sign_in(page, desk, "bob")
    await leave(page)
    await somebody_writes(desk, "Walter")
    asking = page.locator(".banner").filter(has_text="Tell me when somebody waits?")
    await asking.get_by_role("button", name="Not now").click()
    await expect(asking).to_have_count(0)
    await page.reload()
    await expect(page.locator(".row").first).to_be_visible()
    await leave(page)
    # The count in the title grows when somebody writes.
    await expect(page).to_have_title(re.compile(r"\(\d"))
    before = await page.title()
    await somebody_writes(desk, "Wolfgang")
    await expect(page).not_to_have_title(before)
    await expect(asking).to_have_count(0)
    assert await page.evaluate("window.asked") == 0
