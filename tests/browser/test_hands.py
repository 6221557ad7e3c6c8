"""The desk without a mouse: arrows through the list, the right field, focus that comes back."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, Route, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, open_first, sign_in


async def test_arrows_lead_through_the_list_and_tab_stops_once(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    rows = page.locator(".row-in")
    await expect(rows.nth(2)).to_be_visible()
    await expect(page.locator(".row-in[tabindex='0']")).to_have_count(1)
    await rows.first.focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    focused = "document.activeElement.closest('[data-index]').dataset.index"
    assert await page.evaluate(focused) == "2"
    await page.keyboard.press("ArrowUp")
    assert await page.evaluate(focused) == "1"
    await expect(page.locator(".row-in[tabindex='0']")).to_have_count(1)
    await assert_axe_clean(page)


async def test_the_focus_follows_the_keys_that_lead_through_the_list(
    page: Page, desk: Desk
) -> None:
    await sign_in(page, desk, "alice")
    at = "document.activeElement.closest('.row')?.classList.contains('on')"
    addresses = []
    for key in ("j", "j", "k"):
        before = page.url
        await page.keyboard.press(key)
        await page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]
        await page.wait_for_function(at)
        addresses.append(page.url)
    assert addresses[0] == addresses[2] != addresses[1]
    await expect(page.locator(".flow")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator(".flow")).to_be_focused()
    # Out again, and on from where one was.
    await page.keyboard.press("Escape")
    await page.wait_for_url("**/v/*")
    await page.wait_for_function("document.activeElement.matches('.row-in')")
    await page.keyboard.press("j")
    await page.wait_for_url("**/c/*")
    await page.wait_for_function(at)
    await expect(page.locator(".flow")).to_be_visible()
    await page.keyboard.press("r")
    await expect(composer(page)).to_be_focused()


async def test_a_dialog_waits_for_its_answer_and_says_what_went_wrong(
    page: Page, desk: Desk
) -> None:
    await sign_in(page, desk, "alice")
    await open_first(page)
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def refuse(route: Route) -> None:
        asked.set()
        await go_on.wait()
        why = "The disk is full. Nothing was changed; free some space."
        problem = {"type": "unavailable", "detail": why}
        await route.fulfill(json=problem, status=503)

    head = page.locator(".head")
    for path, button, choose in (
        ("resolution", "Resolve", "What a pity"),
        ("severity", "", ""),
    ):
        asked.clear()
        go_on.clear()
        await page.route(f"**/{path}", refuse)
        if button:
            await head.get_by_role("button", name=button).click()
        else:
            await page.locator(".flow").focus()
            await page.keyboard.press("p")
        dialog = page.get_by_role("dialog")
        if choose:
            await dialog.get_by_label("Why is no answer needed?").fill(choose)
        await page.keyboard.press("Enter")
        await asked.wait()
        await expect(dialog.locator("[aria-busy=true]")).to_be_visible()
        go_on.set()
        await expect(dialog.get_by_role("alert")).to_contain_text("The disk is full.")
        if choose:
            await expect(dialog.get_by_label("Why is no answer needed?")).to_have_value(choose)
        await assert_axe_clean(page)
        await page.unroute(f"**/{path}")
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
    await expect(head.get_by_role("button", name="Resolve")).to_be_visible()


async def test_a_dialog_gives_the_focus_back_to_what_opened_it(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await open_first(page)
    # A customer's words in the list may say "resolve" too.
    opener = page.locator(".head").get_by_role("button", name="Resolve")
    await opener.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("[data-first]")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_the_search_goes_further_back(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    asked: list[str] = []

    async def answer(route: Route) -> None:
        asked.append(route.request.url)
        first = "after=" not in route.request.url
        year = 2026 if first else 2025
        period = {"from": f"{year}-01-01T00:00:00Z", "to": f"{year}-12-31T00:00:00Z"}
        further = "older" if first else None
        said: dict[str, object] = {
            "items": [],
            "next": further,
            "complete": not first,
            "period": period,
        }
        await route.fulfill(json=said)

    await page.route("**/api/v1/search*", answer)
    await page.locator(".search").click()
    await page.keyboard.type("zebra")
    await page.get_by_role("option", name="Search further back").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Nothing found in 1 Jan 2025")
    await expect(page.get_by_role("option", name="Search further back")).to_have_count(0)
    assert [("after=older" in url) for url in asked] == [False, True]
    await assert_axe_clean(page)
