"""What a post is, in words beside the conversation; and an agent who knows better, by one key."""

from __future__ import annotations

from playwright.async_api import Page, expect

from earful.kit.clock import system_clock
from earful.networks.contract import Deletion, Person, Post
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in
from tests.browser.incoming import come_in
from tests.browser.test_person import HOME

OSKAR = Person("oskar", "oskar", "Oskar Older")


def said(key: str, text: str) -> Post:
    return Post(external_id=key, author=OSKAR, text=text, published_at=system_clock())


async def test_an_agent_reads_why_and_knows_better(page: Page, desk: Desk) -> None:
    words = "I called 3 times about order 4021-7788 and nobody answers. When will it come?"
    await come_in(desk, said("judged-1", words))
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/c/{await page.evaluate(HOME, 'oskar')}")
    judged = page.locator("aside .judged")
    await expect(judged).to_contain_text("They say they asked 3 times.")
    await expect(judged).to_contain_text("None is known here.")
    await expect(judged.locator("dd")).to_contain_text(["4021-7788"])
    await expect(judged.get_by_text("English")).to_be_visible()
    await assert_axe_clean(page)
    await page.keyboard.press("y")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Not a customer")).to_be_visible()
    await assert_axe_clean(page)
    await page.keyboard.press("q")
    await expect(dialog).to_have_count(0)
    await expect(judged.locator("b")).to_have_text("Question")
    await expect(judged).to_contain_text("corrected")
    await page.get_by_role("button", name="Undo").last.click()
    await expect(judged.locator("b")).to_have_text("Complaint")
    # Beside her colleague's screen the same stands: a second look is asked of the desk.
    await page.keyboard.press("y")
    await dialog.get_by_role("button", name="Request").click()
    await expect(judged.locator("b")).to_have_text("Request")
    await page.reload()
    await expect(judged.locator("b")).to_have_text("Request")
    # The town knows nothing of it: whoever answers it, in a later test, would be refused.
    await come_in(desk, Deletion(external_id="judged-1", at=system_clock()))
