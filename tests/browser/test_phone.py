"""The desk by thumb, on a phone: from the list to the answer and to the next who waits."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, sign_in, untouched

PHONE = {"width": 390, "height": 844}


@pytest_asyncio.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    """Give a page on a phone that is only touched."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="en-GB"
    )
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


async def draw(page: Page, row: Locator, by: int) -> None:
    """Draw a row aside by `by` pixels with one finger."""
    box = await row.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = await page.context.new_cdp_session(page)
    for kind, at in [
        ("touchStart", 0),
        *(("touchMove", by * step / 6) for step in range(1, 7)),
        ("touchEnd", None),
    ]:
        points = [] if at is None else [{"x": x + at, "y": y}]
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


async def draw_until(page: Page, by: int, dialog: Locator) -> None:
    """Draw the first free row aside until it asks; a post that comes in may move it meanwhile."""
    for _ in range(5):
        await draw(page, await untouched(page), by)
        try:
            await expect(dialog).to_be_visible(timeout=2_000)
        except AssertionError:
            continue
        return
    await expect(dialog).to_be_visible()


async def test_from_the_list_to_the_answer_and_to_the_next(phone: Page, desk: Desk) -> None:
    await sign_in(phone, desk, "alice")
    row = await untouched(phone)
    await row.locator(".row-in").tap()
    await expect(phone.locator(".list")).to_be_hidden()
    readers = await phone.locator(".comp .tabs").bounding_box()
    assert readers is not None
    assert readers["width"] > PHONE["width"] * 0.8, "who reads it is cramped"
    await composer(phone).tap()
    await expect(phone.locator("header")).to_be_hidden()
    box = await phone.locator(".comp").bounding_box()
    assert box is not None
    assert box["x"] == 0
    assert box["width"] == PHONE["width"]
    assert box["y"] + box["height"] == PHONE["height"]
    assert box["height"] > PHONE["height"] * 0.9
    await expect(phone.locator(".comp .answered")).to_be_visible()
    await assert_axe_clean(phone)
    await phone.get_by_role("button", name="Back to the conversation").tap()
    await expect(phone.locator("header")).to_be_visible()
    await composer(phone).tap()
    await phone.keyboard.type("We are on it, from a phone.")
    here = phone.url
    await phone.locator(".send").get_by_role("button", name="Post publicly").tap()
    await expect(phone.locator(".bub").filter(has_text="from a phone")).to_be_in_viewport()
    toast = phone.locator(".toast").filter(has_text="leaves in a moment")
    said, writing = await toast.bounding_box(), await phone.locator(".comp").bounding_box()
    assert said is not None
    assert writing is not None
    assert said["y"] + said["height"] < writing["y"], "a short message covers the composer"
    await phone.locator(".head").get_by_role("button", name="Next").tap()
    await phone.wait_for_url(lambda url: url != here)
    await expect(composer(phone)).to_be_visible()
    await phone.get_by_role("button", name="Back to the list").tap()
    await expect(phone.locator(".row").first).to_be_visible()
    await assert_axe_clean(phone)


async def test_a_finger_draws_a_row_aside(phone: Page, desk: Desk) -> None:
    await sign_in(phone, desk, "alice")
    row = await untouched(phone)
    await expect(row).to_be_visible()
    await draw(phone, row, 40)
    await expect(phone.get_by_role("dialog")).to_have_count(0)
    snooze = phone.get_by_role("dialog", name="Snooze until")
    await draw_until(phone, 130, snooze)
    await assert_axe_clean(phone)
    await snooze.get_by_role("option", name="In an hour").tap()
    await phone.locator(".toast").get_by_role("button", name="Undo").tap()
    resolve = phone.get_by_role("dialog", name="How did it end?")
    await draw_until(phone, -130, resolve)
    await expect(resolve.get_by_role("radio", name="No reply needed")).to_be_checked()
    await assert_axe_clean(phone)


async def test_the_settings_are_one_field_on_a_phone(phone: Page, desk: Desk) -> None:
    await sign_in(phone, desk, "alice")
    await phone.goto(f"{desk.url}/settings/hours")
    page = phone.get_by_label("Page", exact=True)
    await expect(page).to_have_value("hours")
    await expect(phone.get_by_role("link", name="Roster")).to_be_hidden()
    await page.select_option("coverage")
    await phone.wait_for_url(f"{desk.url}/settings/coverage")
    await expect(phone.get_by_role("heading", name="Coverage", level=1)).to_be_visible()
    await expect(phone.get_by_role("link", name="Sign out")).to_be_visible()
    assert await phone.evaluate("document.documentElement.scrollWidth") <= 390
    await assert_axe_clean(phone)
