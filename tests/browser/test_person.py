"""One person, several handles: a code for the private message, words on both sides, and apart."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from earful.kit.clock import system_clock
from earful.networks.contract import Person, Post
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, sign_in
from tests.browser.incoming import come_in
from tests.browser.test_private import open_one

HOME = """async (name) => {
  const get = async (path) => (await fetch("/api/v1" + path)).json();
  // Whoever is called exactly so: the town has names of its own that begin alike.
  const all = await get(`/contacts?q=${name}`);
  const ends = `@${name.toLowerCase()}`;
  const found = all.find((one) => one.handles.some((handle) => handle.endsWith(ends)));
  return (await get(`/contacts/${found.id}/conversations`)).items[0].id;
}"""


async def written(page: Page, desk: Desk, name: str, text: str) -> str:
    """Somebody of ours writes, who deletes nothing meanwhile. Returns the conversation."""
    who = Person(name, name, name.title())
    await come_in(
        desk, Post(external_id=f"by-{name}", author=who, text=text, published_at=system_clock())
    )
    found: str = await page.evaluate(HOME, name)
    return found


async def test_a_code_goes_into_the_private_message(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    public = await open_one(page, desk, can=True)
    dialog = page.get_by_role("dialog")
    await page.keyboard.press("i")
    await expect(dialog).to_contain_text("Here everybody could read it. Go on in private first: D")
    await expect(dialog.get_by_role("button", name="Put a code")).to_have_count(0)
    await page.keyboard.press("Escape")
    await page.keyboard.press("d")
    await page.keyboard.type("Just a moment")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(lambda url: "/c/" in url and public not in url)
    await page.locator("aside").get_by_role("button", name="Another account of theirs").click()
    await expect(dialog).to_contain_text("They have written nothing here yet")
    await assert_axe_clean(page)
    await dialog.get_by_role("button", name="Put a code into the message").click()
    await expect(composer(page)).to_have_value(
        re.compile("send us this code from there .* within a day: [A-Z2-9]{4}-[A-Z2-9]{4}")
    )
    await expect(composer(page)).to_be_focused()


async def test_their_time_stands_beside_what_they_wrote(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    home = await written(page, desk, "yumi", "Is anybody there?")
    await page.goto(f"{desk.url}/c/{home}")
    beside = page.locator("aside")
    await beside.get_by_role("button", name="Note their time zone").click()
    await beside.get_by_label("Time zone they live in").select_option("Asia/Tokyo")
    told = re.compile(r"There it is \d?\d:\d\d.* \(Asia/Tokyo\)")
    await expect(beside.get_by_text(told)).to_be_visible()
    await assert_axe_clean(page)


async def test_two_accounts_are_one_person_when_both_say_so(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    one = await written(page, desk, "fern", "I am ivy, too")
    other = await written(page, desk, "ivy", "Yes, fern is me")
    await page.goto(f"{desk.url}/c/{one}")
    await expect(composer(page)).to_be_visible()
    await page.keyboard.press("i")
    dialog, beside = page.get_by_role("dialog"), page.locator("aside")
    await assert_axe_clean(page)
    await dialog.get_by_label("Handle there, exactly").fill("nobody.at.all")
    await dialog.get_by_role("button", name="Propose it").click()
    await expect(dialog).to_contain_text("Nobody of exactly that handle has written")
    await dialog.get_by_label("Handle there, exactly").fill("@Ivy")
    await dialog.get_by_role("button", name="Propose it").click()
    proposal = beside.locator(".proposal")
    await expect(proposal).to_contain_text("It must say so in the other, too.")
    await expect(proposal.get_by_role("button", name="Confirm")).to_have_count(0)
    await page.goto(f"{desk.url}/c/{other}")
    await proposal.get_by_role("button", name="They say so here, too").click()
    await expect(dialog.get_by_label("Handle there")).to_have_value("fern")
    await dialog.get_by_role("button", name="Propose it").click()
    await assert_axe_clean(page)
    await proposal.get_by_role("button", name="Confirm").click()
    accounts = beside.locator(".accounts")
    await expect(accounts).to_contain_text("agreed in both accounts, confirmed by Alice")
    await expect(accounts).to_contain_text("@fern")
    await expect(beside.get_by_label(re.compile("All 2 accounts"))).to_be_visible()
    await expect(beside.locator(".step")).to_contain_text("I am ivy, too")
    await assert_axe_clean(page)
    await accounts.get_by_role("button", name="Part from").click()
    await dialog.get_by_role("button", name="Part them").click()
    await expect(accounts.locator("li")).to_have_count(0)
    await expect(page.locator(".flow")).to_contain_text("parted this account from another")
