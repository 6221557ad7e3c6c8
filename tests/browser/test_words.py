"""Words as they were meant: posts from right to left, drafts without what nobody wrote."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.desk import Desk, composer, open_first, sign_in


async def test_a_post_reads_as_its_own_words_do(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "priya")
    await open_first(page)
    field = composer(page)
    await field.fill("@Northwind مرحبا، طلبي رقم 4471 لم يصل")
    await expect(field).to_have_attribute("dir", "rtl")
    await field.fill("@شركة we are on it")
    await expect(field).to_have_attribute("dir", "ltr")
    await field.fill("")


async def test_a_draft_comes_back_without_a_warning_nobody_wrote(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "priya")
    await open_first(page)
    async with page.expect_response(re.compile("/draft$")):
        await composer(page).fill("To be finished")
    await page.evaluate("localStorage.clear()")
    await page.reload()
    await expect(composer(page)).to_have_value("To be finished")
    await expect(page.get_by_role("textbox", name="Content warning")).to_have_count(0)
