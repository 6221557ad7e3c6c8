"""Connecting an account on a real desk: the guide, the network's own page, and the way back."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in
from tests.networks.mastodon.village_server import village_server


async def test_there_and_back_on_a_servers_own_page(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/channels")
    await page.locator(".connect select").first.select_option("mastodon")
    await assert_axe_clean(page)
    connect = page.locator(".connect")
    await expect(connect.locator(".guide li").first).to_contain_text("Say where the account lives")
    go = connect.get_by_role("button", name="Sign in at Mastodon")
    await connect.locator("[name=token]").fill("made by hand")
    await expect(go).to_have_count(0)
    await connect.locator("[name=token]").fill("")
    async with village_server() as village:
        await village.account("northwind")
        await connect.locator("[name=instance]").fill(village.url)
        # In a rehearsal nothing is left to the server, which might name one elsewhere.
        await connect.locator("[name=streaming]").fill("off")
        await go.click()
        await page.wait_for_url(f"{desk.url}/settings/channels")
        await expect(page.locator(".done")).to_contain_text("northwind")
        row = page.locator(".channel").filter(has_text="mastodon")
        await expect(row.locator(".state").first).to_have_text("Listening")
        await row.get_by_role("button", name="Check").click()
        await expect(row.locator(".findings")).to_contain_text(
            "the network answers", ignore_case=True
        )
        await assert_axe_clean(page)

        # Whoever goes back in the browser comes with a state that was used.
        await page.goto(f"{desk.url}/oauth/callback?state={'A' * 43}&code=1")
        await expect(page.locator("main h1")).to_have_text("That did not work")
        await expect(page.locator("main")).to_contain_text("Nothing was connected.")
        await assert_axe_clean(page)
        await page.get_by_role("link", name="Back to the channels").click()
        await row.get_by_role("button", name="Disconnect").click()
        await page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
        await expect(row).to_have_count(0)


async def test_what_must_be_copied_is_copied_and_what_is_lacking_is_said(
    page: Page, desk: Desk
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/channels")
    await page.locator(".connect select").first.select_option("email")
    step = page.locator(".guide li").filter(has_text="Google: your own app")
    await step.get_by_role("button", name=re.compile("^Copy")).click()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{desk.url}/oauth/callback"
    await expect(step.get_by_role("link")).to_have_attribute("rel", "noreferrer")
    await assert_axe_clean(page)
