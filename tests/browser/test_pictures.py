"""Pictures in the thread: small with their words, large in a dialog, gone in words."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, expect

from earful.kit.clock import system_clock
from earful.networks.contract import Attachment, Person, Post
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in
from tests.browser.incoming import come_in

PICTURED = """async () => {
  const get = async (path) => (await fetch("/api/v1" + path)).json();
  const { items } = await get("/conversations?view=next&limit=100");
  for (const { id } of items) {
    const { messages } = await get("/conversations/" + id);
    if (messages.some(({ media }) => media.length && media.every((one) => one.state === "kept")))
      return id;
  }
  return null;
}"""


OF_NORA = """async () => {
  const { items } = await (await fetch("/api/v1/conversations?view=next&limit=100")).json();
  return items.find(({ contact }) => contact.name === "Nora Nowhere").id;
}"""


async def test_a_picture_that_failed_is_tried_again(page: Page, desk: Desk) -> None:
    author = Person("did:nowhere", "nowhere.example", "Nora Nowhere")
    away = Attachment(url="http://10.255.255.1/router.png", alt="the router")
    said = Post(
        external_id="pictured-nowhere",
        author=author,
        text="@Northwind look at this",
        published_at=system_clock(),
        addressed=True,
        attachments=(away,),
    )
    await sign_in(page, desk, "priya")
    await come_in(desk, said)
    found = await page.evaluate(OF_NORA)
    await page.goto(f"{desk.url}/c/{found}")
    missing = page.locator(".missing").filter(has_text="Picture not shown")
    await expect(missing).to_contain_text("is not on this machine")
    await assert_axe_clean(page)
    async with page.expect_response("**/fetch") as asked:
        await missing.get_by_role("button", name="Try again").click()
    assert (await (await asked.value).json())["state"] == "wanted"
    # It can't be had from there at all, and says so again.
    await expect(missing).to_contain_text("is not on this machine")


async def test_a_picture_opens_large_and_says_what_it_shows(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "priya")
    # One customer in five sends pictures, and more come all the time.
    async with asyncio.timeout(60):
        while not (found := await page.evaluate(PICTURED)):
            await page.wait_for_timeout(1000)
    await page.goto(f"{desk.url}/c/{found}")
    small = page.locator(".thumb").first
    await expect(small.locator("img")).to_be_visible()
    alt = await small.locator("img").get_attribute("alt") or ""
    await small.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("figure")).to_contain_text(alt)
    await expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    await assert_axe_clean(page)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await small.click()
    await dialog.get_by_role("button", name="Remove for good").click()
    await dialog.get_by_role("button", name="Really remove").click()
    await expect(page.locator(".missing").first).to_contain_text("Removed by a colleague.")
