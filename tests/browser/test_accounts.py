"""The settings of accounts in a real browser: mail, teams, rules."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, sign_in
from tests.mail_server import mail_server


async def test_an_owner_sets_a_mail_server_and_tests_it(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(desk.url + "/settings/mail")
    async with mail_server() as post:
        await page.locator("[name=host]").fill("127.0.0.1")
        await page.locator("[name=port]").fill(str(post.port))
        await page.locator("[name=security]").select_option("none")
        await page.locator("[name=sender]").fill("care@northwind.example")
        await page.get_by_role("button", name="Save").click()
        test = page.get_by_role("button", name="Send me a test")
        await test.click()
        await expect(page.get_by_text("Sent to alice@northwind.example")).to_be_visible()
        assert len(post.got) == 1
        post.refuse["RCPT"] = "550 5.7.1 relaying denied"
        await test.click()
        await expect(page.get_by_text("550 5.7.1 relaying denied")).to_be_visible()
        await assert_axe_clean(page)
    await page.get_by_role("button", name="Send no mail any more").click()
    await expect(page.get_by_text("Earful sends no mail yet")).to_be_visible()


async def test_a_conversation_is_handed_to_a_team(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(desk.url + "/settings/teams")
    await page.locator("[name=name]").fill("Billing")
    await page.get_by_role("button", name="Add").click()
    await page.get_by_text("Who belongs to Billing").click()
    await page.get_by_label("Alice Brown").click()
    await page.get_by_label("Bob Castro").click()
    await expect(page.get_by_text("Alice Brown, Bob Castro")).to_be_visible()
    await assert_axe_clean(page)
    await page.goto(desk.url)
    await page.locator(".row-in").nth(2).click()
    await expect(composer(page)).to_be_visible()
    await page.locator(".head").get_by_role("button", name="Assign").click()
    await page.get_by_role("option", name="Billing").click()
    await expect(page.locator("aside").get_by_text("Billing")).to_be_visible()
    await page.get_by_role("link", name="My teams").click()
    await expect(page.locator(".row").get_by_text("Billing")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_rules_keep_the_rules_of_accessibility(
    page: Page, desk: Desk, scheme: str
) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await sign_in(page, desk, "alice")
    await page.goto(desk.url + "/settings/workspace")
    await expect(page.get_by_label("Colleagues see who is typing")).to_be_visible()
    await assert_axe_clean(page)
    await page.get_by_label("Everybody signs in with a code").click()
    await page.get_by_role("button", name="Require codes").click()
    await expect(page.get_by_text("Turn on codes for yourself first")).to_be_visible()
    await page.set_viewport_size({"width": 390, "height": 844})
    await assert_axe_clean(page)
