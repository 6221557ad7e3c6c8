"""The radar on a real desk: what people speak of, and who waits longest; for leads alone."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Route, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in

ID = "01a20822-9786-7299-95fa-4e7e6a029ef2"
POST = {
    "message_id": ID, "conversation_id": ID, "network": "rehearsal", "author_name": "Ann Lee",
    "author_handle": "ann", "text": "My parcel is lost", "at": "2026-11-02T09:00:00Z",
    "unanswered": True, "sentiment": -0.6,
}  # fmt: skip
THEME = {
    "id": ID, "label": "parcel lost", "phrases": ["parcel lost"], "authors": 1, "posts": 1,
    "usual": 0.2, "trend": "new", "course": [0] * 26 + [1], "sentiment": -0.6,
    "sentiment_before": 0.1, "suspected": ["same_text"],
    "reach": {"followers": 210_000, "known": 2, "people": 3}, "waiting": 1, "oldest": POST,
    "samples": [POST],
}  # fmt: skip
SIGNAL = {
    "id": ID, "kind": "burst", "inbox_id": ID, "conversation_id": None, "reason": "",
    "authors": 90, "began_at": "2026-11-02T09:00:00Z", "ended_at": None,
}  # fmt: skip


async def seeded(page: Page) -> None:
    """What the worker would have drawn once three people had said the same."""

    async def with_theme(route: Route) -> None:
        found: dict[str, Any] = await (await route.fetch()).json()
        await route.fulfill(json=found | {"items": [THEME], "read": 1, "posts": 1, "authors": 1})

    async def with_signal(route: Route) -> None:
        found: dict[str, Any] = await (await route.fetch()).json()
        voices = [{"search_id": ID, "name": "Our name", "authors": 3, "posts": 4}]
        await route.fulfill(json=found | {"signals": [SIGNAL], "voices": voices})

    async def with_post(route: Route) -> None:
        page = {"label": "parcel lost", "posts": 1, "authors": 1, "items": [POST], "next": None}
        await route.fulfill(json=page)

    await page.route("**/api/v1/insights/themes?*", with_theme)
    await page.route("**/api/v1/insights/overview", with_signal)
    await page.route("**/api/v1/insights/themes/*/posts*", with_post)


async def test_a_lead_sees_the_whole_picture(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.keyboard.press("h")
    await expect(page).to_have_url(re.compile("/radar$"))
    main = page.get_by_role("main")
    await expect(main.get_by_role("region", name="Mood, 4 weeks")).to_be_visible()
    await expect(main.get_by_role("region", name="Share of voice, 7 days")).to_have_count(0)
    await expect(main.get_by_role("region", name="What people speak of")).to_be_visible()
    await assert_axe_clean(page)

    await seeded(page)
    await page.reload()
    await expect(main.get_by_role("region", name="Share of voice, 7 days")).to_be_visible()
    await expect(main).to_contain_text("90 people in five minutes")
    await expect(main).to_contain_text("same text, new accounts")
    await expect(main).to_contain_text("bad −0.6 (before: +0.1)")
    await expect(main).to_contain_text("210,000 follow them, known for 2 of 3")
    await expect(
        main.get_by_role("button", name=re.compile("Waits longest: Ann Lee"))
    ).to_be_visible()
    await main.get_by_text("As a table").last.click()
    await main.get_by_text("What this means").click()
    await assert_axe_clean(page)
    number = main.get_by_role("button", name=re.compile("1 person"))
    await number.press("Enter")
    listed = page.get_by_role("dialog").get_by_role("listitem")
    await expect(listed).to_contain_text("My parcel is lost")
    await assert_axe_clean(page)
    await page.keyboard.press("Escape")
    await expect(number).to_be_focused()
    await main.get_by_role("radio", name="Day", exact=True).press("ArrowRight")
    async with page.expect_download() as kept:
        await main.get_by_role("link", name="CSV").first.click()
    assert (await kept.value).suggested_filename.startswith("themes-week-")


async def test_what_they_speak_of_leads_to_the_posts(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/radar")
    region = page.get_by_role("region", name="What is praised, and what is not").first
    row = region.locator("tbody tr").first
    await expect(row).to_be_visible(timeout=20_000)
    posts = int(await row.locator("td").nth(1).inner_text())
    await row.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("listitem").first).to_be_visible()
    assert await dialog.get_by_role("listitem").count() >= posts  # the town goes on talking
    await assert_axe_clean(page)
    await page.keyboard.press("Escape")
    await region.get_by_role("radio", name="Product").click()
    await expect(region).to_contain_text(re.compile("posts say so|names a product"))
    await assert_axe_clean(page)
    if folder := os.environ.get("EARFUL_PICTURES"):
        await page.screenshot(path=Path(folder) / "radar-observations.png", full_page=True)


async def test_it_fits_a_phone_and_says_when_it_fails(page: Page, desk: Desk) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await sign_in(page, desk, "alice")
    await seeded(page)
    await page.route(
        "**/api/v1/insights/overview", lambda route: route.fulfill(status=500, body="{}")
    )
    await page.get_by_role("link", name="Board").click()
    await page.get_by_role("main").get_by_role("link", name="Radar").click()
    await expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    await expect(page.get_by_role("main")).to_contain_text("parcel lost")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await assert_axe_clean(page)


async def test_agents_have_no_radar(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "bob")
    await expect(page.get_by_role("link", name="Mine")).to_be_visible()
    await expect(page.get_by_role("link", name="Radar")).to_have_count(0)
    await page.goto(f"{desk.url}/radar")
    await expect(page.locator(".list")).to_be_visible()
