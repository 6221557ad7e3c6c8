"""Words of other lengths and ways: a language half as long again, and posts from right to left."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import Browser, Page, Route, expect

from earful.composing.preview import Channel, preview
from earful.networks.contract import Visibility
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, open_first, sign_in

PAGES = [
    "channels", "inboxes", "agents", "teams", "set-aside", "tags", "macros", "views", "mail",
    "workspace", "retention", "people", "audit", "tokens", "webhooks", "appearance", "keyboard",
    "sessions",
]  # fmt: skip
CUT = """() => {
  const shown = (part) => part.checkVisibility({ visibilityProperty: true })
    && part.getClientRects().length && !part.closest("nav, .hidden");
  const wide = document.documentElement.clientWidth;
  const parts = "button, a, label, h1, h2, p, legend, summary, .chip, .banner, .state";
  return [...document.querySelectorAll(parts)]
    .filter(shown)
    .filter((part) => {
      const { left, right, width } = part.getBoundingClientRect();
      const style = getComputedStyle(part);
      const hides = style.overflowX !== "visible" && style.textOverflow !== "ellipsis";
      const lost = hides && part.scrollWidth > part.clientWidth + 1;
      return width > 2 && (lost || left < -1 || right > wide + 1);
    })
    .map((part) => part.outerHTML.slice(0, 160));
}"""


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1920])
async def test_longer_words_fit_everywhere(browser: Browser, desk: Desk, width: int) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 800}, locale="en-XA")
    page = await context.new_page()
    await sign_in(page, desk, "alice")
    await expect(page.locator(".bar h1")).to_have_text(re.compile(r"^\[Ñéxt üp"))
    assert await page.evaluate(CUT) == []
    await open_first(page)
    assert await page.evaluate(CUT) == []
    await composer(page).click()
    assert await page.evaluate(CUT) == []
    for name in PAGES:
        await page.goto(f"{desk.url}/settings/{name}")
        await expect(page.locator(".page h1")).to_be_visible()
        assert (name, await page.evaluate(CUT)) == (name, [])
        assert await page.evaluate("document.documentElement.scrollWidth") == width
    await context.close()


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


async def test_a_long_text_shows_the_posts_it_goes_out_as(page: Page, desk: Desk) -> None:
    """The rehearsal knows no threads: its channel is shown as Bluesky's, with its own counting."""

    async def threads(route: Route) -> None:
        answer = await route.fetch()
        said = await answer.json()
        for channel in said["channels"]:
            channel["limits"] |= {"length": 300, "counted_in": "graphemes", "threads": True}
        await route.fulfill(response=answer, json=said)

    async def split(route: Route) -> None:
        text = json.loads(route.request.post_data or "")["text"]
        found = preview(Channel("bluesky", {}, {}), text, "PR", Visibility.PUBLIC)
        await route.fulfill(json={name: getattr(found, name) for name in found.__struct_fields__})

    await page.route("**/api/v1/snapshot*", threads)
    await page.route("**/api/v1/conversations/*/preview", split)
    await sign_in(page, desk, "priya")
    await open_first(page)
    sentence = "We looked into it 👩‍🚀 and this is what we found out about your order. "
    await composer(page).fill(sentence * 9)
    count = page.locator(".send .num")
    await expect(count).to_have_text("goes out as 3 posts")
    await page.locator(".parts summary").click()
    parts = page.locator(".parts li")
    await expect(parts).to_have_count(3)
    for said in await parts.all_inner_texts():
        assert said.rstrip().endswith((".", "^PR")), "split at a sentence"
    await expect(parts.last).to_contain_text("^PR")
    await expect(page.locator(".send .go")).to_be_enabled()
    await assert_axe_clean(page)
    await composer(page).fill("Short again.")
    await expect(page.locator(".parts")).to_have_count(0)
