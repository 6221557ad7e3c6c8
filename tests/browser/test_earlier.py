"""A conversation longer than a page: read back by hand, and by who seeks a message in it."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Page, expect

from earful.kit.clock import system_clock
from earful.networks.contract import Person, Post
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in
from tests.browser.incoming import come_in
from tests.browser.test_person import HOME

LINA = Person("lina", "lina", "Lina Long")
POSTS = 620
"""More than come with a conversation (500)."""


def said(number: int) -> Post:
    """Her post of that number, the first long ago; each answers the one before it."""
    return Post(
        external_id=f"long-{number}",
        author=LINA,
        text="Is it the heliotrope one?" if number == 3 else f"And one more thing, no. {number}",
        published_at=system_clock() - timedelta(minutes=POSTS - number),
        parent_id=f"long-{number - 1}" if number else None,
        addressed=True,
    )


async def test_a_long_conversation_is_read_to_its_beginning(page: Page, desk: Desk) -> None:
    await come_in(desk, *(said(number) for number in range(POSTS)))
    await sign_in(page, desk, "alice")
    home = await page.evaluate(HOME, "Lina")
    await page.goto(f"{desk.url}/c/{home}")
    flow = page.locator(".flow")
    last = flow.get_by_text(f"no. {POSTS - 1}", exact=False)
    await expect(last).to_be_in_viewport()
    await expect(flow.get_by_text("heliotrope")).to_have_count(0)
    earlier = flow.get_by_role("button", name="Earlier messages")
    await earlier.scroll_into_view_if_needed()
    first = flow.locator("article").first
    stays = await first.get_attribute("data-message")
    await earlier.click()
    await expect(flow.get_by_text("heliotrope")).to_have_count(1)
    # What one was reading does not jump away.
    await expect(flow.locator(f'[data-message="{stays}"]')).to_be_in_viewport()
    await expect(flow.locator("article").nth(5)).to_contain_text("no. 5")
    await expect(last).to_have_count(1)


async def test_who_looks_for_an_old_message_is_led_to_it(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill("heliotrope")
    await page.get_by_role("option").filter(has_text="heliotrope").first.click()
    there = page.locator(".flow article", has_text="heliotrope")
    await expect(there).to_be_in_viewport()
    await expect(there).to_be_focused()
    await expect(page.get_by_text("Reading back")).to_have_count(0)
    await assert_axe_clean(page)
    # Found once, it is not held on to.
    await page.locator(".flow").press("End")
    await expect(page.get_by_text(f"no. {POSTS - 1}", exact=False).last).to_be_in_viewport()
