"""Answers are prepared from what the radar shows, offered where posts fit, and asked back else."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.async_api import Page, expect

from earful.kit.clock import system_clock
from earful.networks.contract import Deletion, Person, Post
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, sign_in
from tests.browser.incoming import come_in
from tests.browser.test_person import HOME
from tests.browser.test_radar import seeded

PETRA = Person("petra", "petra", "Petra Prepared")


def said(key: str, text: str) -> Post:
    return Post(external_id=key, author=PETRA, text=text, published_at=system_clock())


async def test_from_a_theme_to_an_answer_that_is_offered(page: Page, desk: Desk) -> None:
    await come_in(desk, said("prepared-1", "worst company ever"))
    await sign_in(page, desk, "alice")
    home = f"{desk.url}/c/{await page.evaluate(HOME, 'petra')}"
    await page.goto(home)
    ready = page.get_by_role("group", name="Ready to say")
    await ready.get_by_role("button", name="Ask what it is about").click()
    await expect(composer(page)).to_have_value(re.compile("^I'm sorry to hear that"))
    await expect(ready).to_have_count(0)
    async with page.expect_response(re.compile("/draft$")):
        await composer(page).fill("")
    await expect(ready).to_be_visible()

    await seeded(page)
    await page.goto(f"{desk.url}/radar")
    await page.get_by_role("button", name="Prepare an answer").click()
    search = page.get_by_label("Offered as an answer where a post is")
    await expect(search).to_have_value('"parcel lost"')
    await page.get_by_role("textbox", name="Name", exact=True).fill("Lost parcels")
    await page.get_by_role("textbox", name="Text Variables").fill(
        "Hi {{customer.name}}, the depot is looking for it."
    )
    await search.fill("the")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("Nearly everything would match")).to_be_visible()
    await search.fill('"parcel lost" OR "lost parcel"')
    await page.get_by_role("button", name="Add", exact=True).click()
    row = page.locator("li").filter(has_text="Lost parcels")
    await expect(row).to_contain_text('Offered for "parcel lost" OR "lost parcel"')
    await assert_axe_clean(page)

    await page.goto(home)
    await expect(ready).to_be_visible()
    await come_in(desk, said("prepared-2", "you have a lost parcel of mine"))
    chip = ready.get_by_role("button", name="Lost parcels")
    await expect(chip).to_be_visible()
    await expect(ready.get_by_role("button")).to_have_count(1)
    await assert_axe_clean(page)
    if folder := os.environ.get("EARFUL_PICTURES"):
        await page.screenshot(path=Path(folder) / "prepared.png")
    await chip.press("Enter")
    await expect(composer(page)).to_have_value("Hi Petra Prepared, the depot is looking for it.")
    async with page.expect_response(re.compile("/draft$")):
        await composer(page).fill("")
    await page.goto(f"{desk.url}/settings/macros")
    await row.get_by_role("button", name="Remove").click()
    await expect(row).to_have_count(0)
    # The town knows nothing of these: whoever answers them, in a later test, would be refused.
    gone = system_clock()
    await come_in(desk, *(Deletion(external_id=f"prepared-{n}", at=gone) for n in (1, 2)))
