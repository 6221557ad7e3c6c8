"""The desk out of reach: said at once, then with what to do, and right again by itself."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, open_first, sign_in


async def test_a_lost_network_is_said_and_what_to_do_about_it(page: Page, desk: Desk) -> None:
    await page.clock.install()
    await sign_in(page, desk, "bob")
    await open_first(page)
    await composer(page).fill("half an answer")
    banner = page.locator(".banner")
    await page.context.set_offline(True)
    await expect(banner.filter(has_text="Reconnecting")).to_be_visible()
    await expect(page.locator(".comp")).to_contain_text("nothing can be sent now")
    send = page.locator(".comp").get_by_role("button", name="Post publicly")
    await expect(send).to_be_disabled()
    await page.clock.fast_forward(25_000)
    await page.clock.fast_forward(1_000)
    long = banner.filter(has_text="tell whoever runs the desk")
    await expect(long).to_contain_text("What you write is kept here")
    await assert_axe_clean(page)
    await page.context.set_offline(False)
    await expect(banner.filter(has_text="has not answered")).to_have_count(0)
    await expect(composer(page)).to_have_value("half an answer")
    await expect(page.locator(".comp")).not_to_contain_text("nothing can be sent now")
    await expect(send).to_be_enabled()


async def test_a_desk_that_does_not_answer_at_the_start_says_so(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "bob")
    await page.route("**/api/v1/**", lambda route: route.abort())
    await page.reload()
    await expect(page.get_by_role("status")).to_contain_text("The desk cannot be reached.")
    await expect(page.get_by_role("status")).to_contain_text("It is asked again by itself.")
    await page.unroute_all()
    await expect(page.locator(".row").first).to_be_visible()
