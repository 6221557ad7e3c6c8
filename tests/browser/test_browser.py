"""The browser itself: it opens pages, keeps them apart, takes pictures, and finds faults."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.async_api import Page

from tests.browser.axe import assert_axe_clean, find_violations

GOOD = """<!doctype html><html lang="en"><title>Earful</title>
<body style="margin:0;background:#fff"><main style="background:#0a0;height:100vh">
<h1 style="color:#000">Calls</h1></main></body></html>"""
BAD = """<!doctype html><html lang="en"><title>Earful</title>
<main><h1>Calls</h1><button></button></main></html>"""


async def test_a_picture_shows_the_page(page: Page) -> None:
    await page.set_content(GOOD)
    picture = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
    assert picture.size == (1280, 800)
    assert picture.getpixel((1200, 700)) == (0, 170, 0)


async def test_several_pages_stand_beside_each_other(page: Page) -> None:
    other = await page.context.new_page()
    await page.goto("data:text/html,<title>one</title>")
    await other.goto("data:text/html,<title>two</title>")
    assert [await page.title(), await other.title()] == ["one", "two"]


async def test_a_page_without_faults_is_clean(page: Page) -> None:
    await page.set_content(GOOD)
    await assert_axe_clean(page)


async def test_a_nameless_button_is_found(page: Page) -> None:
    await page.set_content(BAD)
    assert [item["id"] for item in await find_violations(page)] == ["button-name"]
    with pytest.raises(AssertionError, match="button-name"):
        await assert_axe_clean(page)
