"""A lead's figures on a real desk: each leads to whom it counts; no agent sees them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in

SET_RULES = """async (rules) => {
  const me = await (await fetch("/api/v1/me")).json();
  await fetch("/api/v1/workspace", { method: "PATCH", body: JSON.stringify(rules),
    headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf } });
}"""


async def test_each_figure_leads_to_whom_it_counts(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.keyboard.press("g")
    await expect(page).to_have_url(re.compile("/figures$"))
    main = page.get_by_role("main")
    card = main.get_by_role("listitem").filter(has_text="Still waiting")
    await expect(card.get_by_role("button").first).to_contain_text("Today")
    await expect(main.get_by_role("row", name=re.compile("^All"))).to_be_visible()
    await main.get_by_text("What these figures mean").click()
    await assert_axe_clean(page)

    # Posts come and go meanwhile, so how many they are is tested elsewhere.
    await card.get_by_role("button").first.click()
    listed = page.get_by_role("dialog").get_by_role("listitem")
    await expect(listed.first).to_contain_text("still waiting")
    await assert_axe_clean(page)
    await page.get_by_label("Show").select_option("promises_broken")
    await expect(page.get_by_role("dialog")).to_contain_text("None. Choose others above.")
    await page.keyboard.press("Escape")
    await expect(card.get_by_role("button").first).to_be_focused()

    await main.get_by_role("radio", name="Day", exact=True).press("ArrowRight")
    channel = main.get_by_role("row", name=re.compile("Rehearsal")).get_by_role("button").first
    async with page.expect_download() as kept:
        await main.get_by_role("link", name="CSV").click()
    lines = list(csv.DictReader(io.StringIO(_text(await (await kept.value).path()))))
    assert [line["channel"] for line in lines][-1] == "all"
    assert lines[-1]["next_answered"].isdigit()
    assert lines[-1]["resolved"].isdigit()
    await main.get_by_role("radio", name="Resolution").check()
    await expect(main.get_by_role("columnheader", name="Resolved")).to_be_visible()
    await expect(main.get_by_role("columnheader", name="Rating")).to_have_count(0)
    await main.get_by_role("radio", name="First answer").check()
    await channel.press("Enter")
    await expect(listed.first).to_be_visible()
    await listed.first.get_by_role("button").press("Enter")
    await expect(page).to_have_url(re.compile("/c/"))


def _text(path: Path) -> str:
    return path.read_text("utf-8-sig")


async def test_they_fit_a_phone_and_say_when_they_fail(page: Page, desk: Desk) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await sign_in(page, desk, "alice")
    await page.route("**/api/v1/figures?*", lambda route: route.fulfill(status=500, body="{}"))
    await page.get_by_role("link", name="Board").click()
    await page.get_by_role("main").get_by_role("link", name="Figures").click()
    await expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    await page.unroute("**/api/v1/figures?*")
    await page.get_by_role("main").get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("main").get_by_role("table")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await assert_axe_clean(page)


async def test_where_agents_are_not_measured_there_is_no_such_split(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/figures")
    agent = page.get_by_role("main").get_by_role("radio", name="Agent")
    await expect(agent).to_be_visible()
    try:
        await page.evaluate(SET_RULES, {"agent_figures": False})
        await page.reload()
        await expect(page.get_by_role("main").get_by_role("radio", name="Team")).to_be_visible()
        await expect(agent).to_have_count(0)
    finally:
        await page.evaluate(SET_RULES, {"agent_figures": True})


async def test_agents_have_no_figures(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "bob")
    await expect(page.get_by_role("link", name="Mine")).to_be_visible()
    await expect(page.get_by_role("link", name="Figures")).to_have_count(0)
    await page.goto(f"{desk.url}/figures")
    await expect(page.locator(".list")).to_be_visible()
    await page.keyboard.press("g")
    await expect(page).to_have_url(re.compile("/figures$"))
    await expect(page.locator(".list")).to_be_visible()
