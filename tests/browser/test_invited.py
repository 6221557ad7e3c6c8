"""Invited from a public post to the portal: the customer comes in a browser of her own."""

from __future__ import annotations

import re

from playwright.async_api import Browser, Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, prefer, sign_in

OPENED = """async (wanted) => {
  const me = await (await fetch("/api/v1/me")).json();
  const call = async (method, path, body) => {
    const answer = await fetch("/api/v1" + path, { method, body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf } });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  const [inbox] = (await (await fetch("/api/v1/inboxes")).json());
  const fields = { slug: "help", name: "Northwind", site: location.origin };
  const made = await call("POST", "/channels", { network: "portal", inbox_id: inbox.id, fields });
  await call("PUT", `/portals/${made.id}`, wanted);
  await call("PUT", `/portals/${made.id}/live`, {});
}"""
FOUND = """async (words) => {
  const { items } = await (await fetch("/api/v1/conversations?view=next&limit=50")).json();
  return items.find((card) => card.preview.includes(words)).id;
}"""
SHOWN = {
    "privacy": "We keep what you write for a year.",
    "imprint": "Northwind Ltd, 1 Main Street",
    "contact": "https://northwind.example/contact",
    "public": True,
}
MINE = re.compile(r"https?://[^\s]+/portal/help\?m=[^\s]+")


async def write(page: Page, text: str, *, public: bool = False) -> None:
    """The customer fills the form in, and takes her time."""
    await page.get_by_label("Your message").fill(text)
    if public:
        await page.get_by_label("Everyone").check()
    await page.wait_for_timeout(2200)  # nobody reads a form faster: the portal waits for that
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("Keep the address of this page")).to_be_visible()


async def test_asked_to_the_portal_she_comes_and_is_answered_there(
    page: Page, browser: Browser, desk: Desk
) -> None:
    await sign_in(page, desk, "alice")
    await prefer(page, undo_for=1)
    await page.evaluate(OPENED, SHOWN)
    await page.reload()
    row = page.locator(".row").filter(has_not_text=re.compile("draft|yours|Alice")).first
    await row.locator(".row-in").click()
    await expect(composer(page)).to_be_visible()
    public = page.url
    await page.keyboard.press("v")
    await page.get_by_role("option", name="Ask them to come to the portal").click()
    await expect(composer(page)).to_have_value(MINE)
    found = MINE.search(await composer(page).input_value())
    assert found is not None
    await page.locator(".comp .btn.go").click()
    await expect(page.locator(".linked")).to_contain_text("asked to the portal", timeout=20_000)

    customer = await (await browser.new_context(viewport={"width": 390, "height": 844})).new_page()
    await customer.goto(found[0])
    await write(customer, "Here I am, order 4471")
    await expect(page.get_by_text("has come to you in private.")).to_be_visible()
    await page.get_by_role("button", name="Open the private one").last.click()
    await page.wait_for_url(lambda url: "/c/" in url and url != public)
    await expect(page.locator(".linked")).to_contain_text("Came from the public conversation")
    await composer(page).fill("Thank you, it left today.")
    await page.locator(".comp .btn.go").click()
    await expect(customer.get_by_text("Thank you, it left today.")).to_be_visible(timeout=15_000)
    await assert_axe_clean(page)
    await assert_axe_clean(customer)

    await customer.get_by_text("Take back").first.click()
    await customer.get_by_role("button", name="Take back").click()
    await expect(customer.get_by_text("Taken back.")).to_be_visible()
    await expect(page.locator(".msg.incoming .bub.gone")).to_be_visible()
    await customer.context.close()


async def test_what_is_hidden_leaves_the_public_page(
    page: Page, browser: Browser, desk: Desk
) -> None:
    await sign_in(page, desk, "alice")
    await prefer(page, undo_for=1)
    customer = await (await browser.new_context()).new_page()
    await customer.goto(f"{desk.url}/portal/help")
    await write(customer, "What a shabby parcel", public=True)
    found = await page.evaluate(FOUND, "What a shabby parcel")
    await page.goto(f"{desk.url}/c/{found}")
    await composer(page).fill("We are sorry.")
    await page.locator(".comp .btn.go").click()
    await expect(customer.get_by_text("We are sorry.")).to_be_visible(timeout=15_000)
    await customer.goto(f"{desk.url}/portal/help/public")
    await expect(customer.get_by_text("What a shabby parcel")).to_be_visible()
    said = page.locator(".msg.incoming", has_text="What a shabby parcel")
    await said.hover()
    await said.get_by_role("button", name="Hide on the network").click()
    await expect(said.get_by_role("button", name="Show", exact=False)).to_be_visible()
    await assert_axe_clean(page)
    await customer.reload()
    await expect(customer.get_by_text("Nothing is public yet.")).to_be_visible()
    await customer.context.close()
