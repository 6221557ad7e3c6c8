"""After the answer: a follow-up by one key, and a rating by a link, seen where the talk was."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from earful.accounts.tokens import digest, new_token
from earful.kit.ids import new_id
from earful.settings import Settings
from earful.store.opening import open_store
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, open_first, sign_in

ASKED = """
INSERT INTO rating (workspace_id, id, conversation_id, contact_id, inbox_id, state, ask_at,
  asked_at, token, expires_at)
SELECT workspace_id, $2, id, contact_id, inbox_id, 'asked', now(), now(), $3,
  now() + interval '30 days' FROM conversation WHERE id = $1
"""


async def asked_by(desk: Desk, home: str) -> str:
    """Somebody was asked for a rating. Returns the link's path."""
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(desk.folder)})
    token = new_token()
    async with open_store(settings, size=2) as store, store.database.acquire() as db:
        await db.execute(ASKED, home, new_id(), digest(token))
    return f"/rate/{token}"


async def test_it_comes_back_on_a_day(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await open_first(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await composer(page).press("Escape")
    await page.keyboard.press("u")
    asked = page.get_by_role("dialog")
    await expect(asked).to_contain_text("When do you look again?")
    await asked.get_by_label("What you want to know then").fill("Did the refund come?")
    await assert_axe_clean(page)
    await asked.get_by_role("button", name="Come back then").click()
    beside = page.locator("aside")
    await expect(beside).to_contain_text("Again on")
    await expect(beside).to_contain_text("Did the refund come?")
    await beside.get_by_role("button", name="Not needed").click()
    await expect(beside).not_to_contain_text("Did the refund come?")


async def test_asking_is_switched_on_in_words_of_ones_own(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/after")
    await page.get_by_label("Ask for a rating").check()
    await page.get_by_label("In these words").fill("How was it?")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".toasts")).to_contain_text("The text needs {link}")
    await page.get_by_label("In these words").fill("How was it with {brand}? {link}")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".toasts")).to_contain_text("Saved")
    await assert_axe_clean(page)
    await page.reload()
    await expect(page.get_by_label("In these words")).to_have_value(
        "How was it with {brand}? {link}"
    )
    await page.get_by_label("Ask for a rating").uncheck()
    await page.get_by_role("button", name="Save").click()


async def test_a_customer_answers_without_script_and_the_agent_sees_it(
    page: Page, desk: Desk, browser: Browser
) -> None:
    await sign_in(page, desk, "alice")
    await open_first(page)
    home = page.url.rpartition("/")[2]
    path = await asked_by(desk, home)
    context = await browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 800}
    )
    theirs = await context.new_page()
    await theirs.goto(desk.url + path)
    await theirs.get_by_label("Very bad").check()
    await theirs.get_by_label("In your words").fill("It broke again")
    await theirs.get_by_role("button", name="Send").click()
    await expect(theirs.locator("h1")).to_have_text("Thank you")
    assert await context.cookies() == []
    await context.close()
    beside = page.locator("aside")
    await expect(beside).to_contain_text("Very bad")
    await expect(beside).to_contain_text("It broke again")
    await expect(page.locator(".talk")).to_contain_text("The customer rated it 1 of 5")
    await assert_axe_clean(page)


async def test_what_befell_many_is_over(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/tags")
    await page.get_by_label("Name").fill("all-over")
    await page.get_by_role("button", name="Add", exact=True).click()
    tag = page.locator("li", has_text="all-over")
    await tag.get_by_role("button", name="All clear").click()
    asked = page.get_by_role("dialog")
    await expect(asked).to_contain_text("also what is resolved")
    await assert_axe_clean(page)
    await asked.get_by_role("button", name="Bring them back").click()
    await expect(asked).to_contain_text("There is no such conversation with this tag")
    await asked.get_by_role("button", name="Cancel").click()
    await tag.get_by_role("button", name="Remove").click()
    await expect(tag).to_have_count(0)
