"""A conversation is handed to another desk, and what that says of it comes back on screen."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, open_first, sign_in
from tests.handoff.peer import Comment, peering


async def test_handed_on_and_closed_there(page: Page, desk: Desk) -> None:
    async with peering() as peer:
        await sign_in(page, desk, "priya")
        await page.goto(f"{desk.url}/settings/desks")
        await expect(page.get_by_text("No other desk is connected.")).to_be_visible()
        await page.get_by_label("Kind").select_option("zammad")
        await page.get_by_label("Address").fill(peer.url)
        await page.get_by_label("Access token").fill("t")
        await page.get_by_label("Customer's email").fill("care@northwind.example")
        await page.get_by_role("button", name="Connect").click()
        await expect(page.get_by_text("it is asked every ten minutes")).to_be_visible()
        await assert_axe_clean(page)
        await page.goto(desk.url)
        await open_first(page)
        side = page.locator(".elsewhere")
        await side.get_by_role("button", name="Hand to another desk").click()
        await page.get_by_label("What they should know").fill("The parcel lies in Leeds")
        await assert_axe_clean(page)
        await page.get_by_role("button", name="Hand it over").click()
        await expect(side).to_contain_text("open there", timeout=20_000)
        await assert_axe_clean(page)
        [case] = peer.cases
        assert "The parcel lies in Leeds" in case.comments[0].text
        assert case.comments[0].public is False
        await side.get_by_role("button", name="Take it back").click()
        await expect(side.get_by_role("button", name="Hand to another desk")).to_be_visible()
        case.comments.append(Comment("Sent again today.", public=True))
