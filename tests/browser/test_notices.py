"""Desktop notifications: asked for kindly, never unasked, and the answer is kept."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in

SOON = 30_000  # milliseconds; customers write every few seconds
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


async def test_one_is_asked_kindly_and_told_from_then_on(page: Page, desk: Desk) -> None:
    await page.add_init_script(AWAY)
    await sign_in(page, desk, "priya")
    asking = page.locator(".banner").filter(has_text="Tell me when somebody waits?")
    await expect(asking).to_have_count(0)
    await leave(page)
    await expect(asking).to_be_visible(timeout=SOON)
    assert await page.evaluate("window.asked") == 0, "the browser asked without a click"
    await expect(page.locator("body[data-told]")).to_have_count(0)
    await assert_axe_clean(page)
    await asking.get_by_role("button", name="Yes").click()
    await expect(asking).to_have_count(0)
    assert await page.evaluate("window.asked") == 1
    await expect(page.locator("body[data-told^='New post by']")).to_have_count(1, timeout=SOON)
    await page.goto(f"{desk.url}/settings/appearance")
    await expect(page.get_by_role("checkbox", name="Desktop notifications")).to_be_checked()


async def test_not_now_is_remembered(page: Page, desk: Desk) -> None:
    await page.add_init_script(AWAY)
    await sign_in(page, desk, "bob")
    await leave(page)
    asking = page.locator(".banner").filter(has_text="Tell me when somebody waits?")
    await asking.get_by_role("button", name="Not now").click(timeout=SOON)
    await expect(asking).to_have_count(0)
    await page.reload()
    await expect(page.locator(".row").first).to_be_visible()
    await leave(page)
    # The count in the title grows when somebody writes.
    before = await page.title()
    await expect(page).not_to_have_title(before, timeout=SOON)
    await expect(asking).to_have_count(0)
    assert await page.evaluate("window.asked") == 0
