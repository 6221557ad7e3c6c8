"""A lead's board on a real desk: what presses, who is here, one key to reassign, no agent in it."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in


async def test_a_lead_reassigns_from_the_board_by_one_key(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.get_by_role("link", name="Board").click()
    oldest = page.get_by_role("region", name="Waiting longest")
    first = oldest.get_by_role("listitem").first
    await expect(first).to_be_visible()
    await expect(page.get_by_role("region", name="Late")).to_be_visible()
    crew = page.get_by_role("region", name="Who is here")
    await expect(crew.get_by_role("row", name=re.compile("^Bob"))).to_contain_text("Away")
    await expect(page.get_by_role("region", name="Gaps today")).to_contain_text("no roster yet")
    await assert_axe_clean(page)

    chosen = page.locator(".press li.on")
    await page.keyboard.press("j")
    await expect(chosen).to_have_count(1)
    name = await chosen.locator("bdi").inner_text()
    await page.keyboard.press("a")
    await page.get_by_role("combobox").fill("Priya")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    taken = page.locator(".press li", has_text=name).first
    await expect(taken).to_contain_text("Priya")
    # It is renewed by what happened, not by asking again.
    load = crew.get_by_role("row", name=re.compile("^Priya")).get_by_role("cell").nth(1)
    await expect(load).not_to_have_text("0")
    await page.locator(".toasts").get_by_role("button", name="Undo").click()
    await expect(taken).not_to_contain_text("Priya")

    await crew.get_by_role("button", name="I am here").click()
    mine = crew.get_by_role("row", name=re.compile("^Alice"))
    await expect(mine).to_contain_text("Here")
    await page.get_by_role("button", name=re.compile("^You are: ")).click()
    await page.get_by_role("dialog").get_by_role("button", name="Away").click()
    await expect(mine).to_contain_text("Away")

    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(first.get_by_role("button", name=re.compile("^Reassign"))).to_be_visible()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    await assert_axe_clean(page)
    await page.set_viewport_size({"width": 320, "height": 700})
    bar = page.get_by_role("navigation").first
    hidden = await bar.evaluate("bar => bar.scrollWidth - bar.clientWidth")
    assert hidden == 0, "everything in the bar is in sight"
    await chosen.locator(".press-in").press("Enter")
    await expect(page).to_have_url(re.compile("/c/"))


async def test_the_board_says_when_it_could_not_be_renewed(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.route("**/api/v1/board*", lambda route: route.fulfill(status=500, body="{}"))
    await page.goto(f"{desk.url}/board")
    await expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    await page.unroute("**/api/v1/board*")
    await page.get_by_role("main").get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("region", name="Waiting longest")).to_be_visible()


async def test_agents_have_no_board(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "bob")
    await expect(page.get_by_role("link", name="Mine")).to_be_visible()
    await expect(page.get_by_role("link", name="Board")).to_have_count(0)
    await page.goto(f"{desk.url}/board")
    await expect(page.locator(".list")).to_be_visible()
