"""The settings on a real desk: keys, webhooks, retention, and a screen that breaks."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Page, Route, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, open_first, sign_in


async def test_keys_are_changed_once_each_and_hints_follow(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "priya")
    await page.goto(f"{desk.url}/settings/keyboard")
    snooze = page.get_by_label("Snooze", exact=True)
    await snooze.press("r")
    await expect(page.get_by_role("alert")).to_contain_text("R is taken by “Reply”")
    await expect(snooze).to_have_value("S")
    await snooze.press("7")
    await expect(snooze).to_have_value("7")
    await assert_axe_clean(page)
    await page.goto(desk.url)
    await open_first(page)
    hint = page.get_by_role("button", name=re.compile("^Snooze")).locator("kbd").first
    await expect(hint).to_have_text("7")
    await page.locator(".talk h1, .talk h2").first.click()
    await page.keyboard.press("7")
    await expect(page.get_by_role("dialog")).to_contain_text("Snooze until")
    await page.goto(f"{desk.url}/settings/keyboard")
    await page.get_by_role("button", name="All as they were").click()
    await expect(snooze).to_have_value("S")


async def test_a_webhook_is_added_paused_and_removed(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/webhooks")
    await page.get_by_label("Address").fill("http://127.0.0.1:9/hook")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("it is shown this once")).to_be_visible()
    await assert_axe_clean(page)
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("No program is told of anything yet")).to_be_visible()


async def test_what_is_not_saved_is_asked_about(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/retention")
    await page.get_by_label("Text of messages").first.fill("365")
    await page.get_by_role("button", name="See what this would forget").click()
    await expect(page.get_by_text("would forget nothing")).to_be_visible()
    await page.get_by_role("link", name="Macros").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Leave without saving?")
    await page.get_by_role("button", name="Stay here").click()
    await page.get_by_role("button", name="Save these lengths").click()
    await expect(page.get_by_text("It counts from the next night on")).to_be_visible()
    await page.get_by_role("link", name="Macros").click()
    await expect(page.locator("main h1")).to_have_text("Macros")


async def test_a_list_that_fails_is_tried_again(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")

    async def fail(route: Route) -> None:
        await route.abort()

    await page.route("**/api/v1/macros", fail)
    await page.goto(f"{desk.url}/settings/macros")
    await expect(page.get_by_role("alert")).to_contain_text("could not be fetched")
    await page.unroute("**/api/v1/macros")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_a_broken_screen_says_so_and_keeps_the_draft(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    where = await open_first(page)
    await composer(page).fill("Half an answer (6502)")

    async def nonsense(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, json=await answer.json() | {"channels": None})

    await page.route("**/api/v1/snapshot*", nonsense)
    await page.goto(f"{desk.url}/{where}")
    await expect(page.locator("h1")).to_have_text("The screen broke")
    await expect(page.get_by_role("alert")).to_contain_text("what you wrote is kept")
    await assert_axe_clean(page)
    await page.unroute("**/api/v1/snapshot*")
    await page.get_by_role("button", name="Reload").click()
    await expect(composer(page)).to_have_value("Half an answer (6502)")


async def test_a_part_that_does_not_come_says_what_to_do(page: Page, desk: Desk) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    await sign_in(page, desk, "alice")
    later = re.compile(r"/static/assets/(Board|Figures|Mentions|Radar|Settings)Screen-")
    assert not [url for url in fetched if later.search(url)], "the desk opens without them"
    where = await open_first(page)
    await composer(page).fill("Half an answer (6503)")

    async def gone(route: Route) -> None:
        await route.fulfill(status=404, json={"error": {"code": "not_found"}})

    held = asyncio.Event()

    async def slow(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await page.route("**/static/assets/SettingsScreen-*", gone)
    await page.get_by_role("link", name="Settings", exact=True).click()
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("may have been upgraded since you opened it")
    await assert_axe_clean(page)
    await page.unroute("**/static/assets/SettingsScreen-*")
    await page.route("**/static/assets/Channels-*", slow)
    await page.get_by_role("button", name="Load anew").click()
    await expect(page.get_by_role("status").filter(has_text="Opening")).to_be_visible()
    await assert_axe_clean(page)
    held.set()
    await expect(page.get_by_role("heading", name="Channels", level=1)).to_be_visible()
    await expect(page.get_by_text("Opening…")).to_have_count(0)
    await expect(alert).to_have_count(0)
    await page.goto(f"{desk.url}/{where}")
    await expect(composer(page)).to_have_value("Half an answer (6503)")
    await composer(page).fill("")


async def test_a_portal_is_made_filled_in_and_goes_live(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.evaluate(
        """async () => {
          const get = async (path) => (await fetch("/api/v1" + path)).json();
          const { csrf } = await get("/me");
          const [inbox] = await get("/inboxes");
          const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
          // Other tests may have left one.
          for (const { id, network } of await get("/channels"))
            if (network === "portal")
              await fetch("/api/v1/channels/" + id, { method: "DELETE", headers });
          const fields = { name: "Northwind", slug: "counter" };
          const body = { network: "portal", inbox_id: inbox.id, fields };
          await fetch("/api/v1/channels", { method: "POST", body: JSON.stringify(body), headers });
        }"""
    )
    await page.goto(f"{desk.url}/settings/portal")
    live = page.get_by_role("button", name="Go live")
    await expect(live).to_be_disabled()
    await assert_axe_clean(page)
    await page.locator("[name=privacy]").fill("We keep what you write for a year.")
    await page.locator("[name=imprint]").fill("Northwind Ltd, 1 Main Street")
    await page.locator("[name=contact]").fill("https://northwind.example/contact")
    await page.get_by_role("button", name="Save").click()
    await live.click()
    await expect(page.get_by_text("Live:")).to_be_visible()
    await expect(page.get_by_text("widget.js")).to_be_visible()
    await page.goto(f"{desk.url}/portal/counter")
    await expect(page.get_by_role("heading", name="Write to us")).to_be_visible()
