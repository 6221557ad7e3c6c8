"""Somebody is woken: a way to reach her, a ladder, an alert above the desk, and who has it."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, open_first, sign_in
from tests.paging.services import serving


async def test_a_grave_conversation_wakes_whoever_stands_on_the_ladder(
    page: Page, desk: Desk
) -> None:
    async with serving() as service:
        await sign_in(page, desk, "alice")
        await page.goto(f"{desk.url}/settings/paging")
        ways = page.get_by_role("region", name="Where you are reached")
        await expect(ways).to_contain_text("Nobody can be woken yet")
        await ways.get_by_label("Address").fill("syslog://")
        await ways.get_by_role("button", name="Add", exact=True).click()
        await expect(ways.get_by_role("alert")).to_contain_text("a way of this machine")
        await ways.get_by_label("Address").fill(service.address("json"))
        await ways.get_by_label("Name").fill("Phone")
        await ways.get_by_role("button", name="Add", exact=True).click()
        row = ways.locator("li").filter(has_text="Phone")
        await expect(row).to_contain_text("never tried")
        await row.get_by_role("button", name="Try it: Phone").click()
        await expect(row).to_contain_text("reached just now")
        assert service.words[0].startswith("Earful can wake you")
        ladders = page.get_by_role("region", name="Ladders")
        await ladders.get_by_label("Name").fill("Night")
        await ladders.get_by_label("Whom to page").select_option(label="All owners")
        await ladders.get_by_role("button", name="Add", exact=True).click()
        await expect(ladders.locator(".things")).to_contain_text("All owners, then wait 5 min")
        causes = page.get_by_role("region", name="What pages")
        chosen = causes.get_by_label("Who is woken: Severity 1")
        await chosen.select_option(label="Night")
        await expect(chosen).to_have_value(re.compile(r".{36}"))
        await assert_axe_clean(page)

        await page.goto(desk.url)
        await open_first(page)
        await page.keyboard.press("p")
        await page.get_by_role("option", name="1:").click()
        alert = page.locator(".banner.alerted")
        await expect(alert).to_contain_text("Severity 1: 1 conversation in", timeout=30_000)
        await expect(alert).to_contain_text("the next person in", timeout=30_000)
        await assert_axe_clean(page)
        await page.keyboard.press("b")
        await expect(alert).to_have_count(0)
        await page.goto(f"{desk.url}/settings/alerts")
        await expect(page.locator("main")).to_contain_text("has it")
        await page.get_by_role("button", name="Who was told").first.click()
        await expect(page.locator(".findings")).to_contain_text("Phone: sent")
        await assert_axe_clean(page)
        link = service.words[-1].split("I have it: ")[1].split()[0]
        await page.context.clear_cookies()
        await page.goto(link)
        await expect(page.locator("main")).to_contain_text("has it. Nobody else is woken")
        await assert_axe_clean(page)


async def test_what_is_missing_before_going_live_leads_to_where_it_is_done(
    page: Page, desk: Desk
) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/live")
    line = page.locator(".things li").filter(has_text="Texts")
    await expect(line).to_contain_text("missing")
    await assert_axe_clean(page)
    await line.get_by_role("button", name="Do it: Texts").click()
    await expect(page).to_have_url(re.compile("/settings/away$"))
