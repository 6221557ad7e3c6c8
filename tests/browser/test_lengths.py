"""No words are cut: in a language two fifths longer than English, and from right to left."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.desk import Desk, composer, open_first, sign_in
from tests.browser.pseudo import keys, speak

# What the screen itself says; customers' words may end in dots.
CUT = """() => {
  const own = `.btn, .tabs button, .plain, nav a span, h1, h2, legend, label, .banner, .chip, .send,
    .empty, .nothing, .quiet, dt, .picker li span, .dialog h2, th, summary, .toast`;
  const bad = [];
  if (document.documentElement.scrollWidth > innerWidth + 1)
    bad.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const one of document.querySelectorAll(own)) {
    if (one.closest(".hidden")) continue;
    const box = one.getBoundingClientRect();
    if (!box.width || box.width <= 1 || !one.textContent.includes("[")) continue;
    const scrolls = one.closest("nav, .rows, .flow, .picker, aside");
    const out = !scrolls && (box.right > innerWidth + 1 || box.left < -1);
    const { display, overflowY } = getComputedStyle(one);
    const wide = display !== "inline" && one.scrollWidth > one.clientWidth + 1;
    const high = overflowY === "hidden" && one.scrollHeight > one.clientHeight + 2;
    if (out || wide || high)
      bad.push(`${one.tagName}.${one.className}: ${one.textContent.slice(0, 60)}`);
  }
  return bad;
}"""
PAGES = (
    "channels", "inboxes", "hours", "policies", "paging", "alerts", "live",
    "agents", "teams", "set-aside", "tags", "macros",
    "views", "mail", "workspace", "retention", "people", "audit", "tokens", "webhooks",
    "appearance", "keyboard", "sessions",
)  # fmt: skip


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1920])
async def test_longer_words_are_not_cut(page: Page, desk: Desk, width: int) -> None:
    found: list[int] = []
    await speak(page, found)
    await page.set_viewport_size({"width": width, "height": 800})
    await sign_in(page, desk, "alice")
    assert sum(found) == len(keys()), "words of the screen were not found in what was built"
    bad = {"list": await page.evaluate(CUT)}
    await open_first(page)
    await composer(page).fill("We look into it.")
    bad["conversation"] = await page.evaluate(CUT)
    await page.keyboard.press("Escape")
    for name in ("s", "a", "e", "t"):
        await page.keyboard.press(name)
        await expect(page.get_by_role("dialog")).to_be_visible()
        bad[f"dialog {name}"] = await page.evaluate(CUT)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await composer(page).fill("")
    assert {where: cut for where, cut in bad.items() if cut} == {}


@pytest.mark.parametrize("width", [320, 1024])
async def test_longer_words_fit_the_settings(page: Page, desk: Desk, width: int) -> None:
    found: list[int] = []
    await speak(page, found)
    await page.set_viewport_size({"width": width, "height": 800})
    await sign_in(page, desk, "alice")
    bad = {}
    for name in PAGES:
        await page.evaluate("name => history.pushState(null, '', `/settings/${name}`)", name)
        await page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
        await expect(page.locator(".page h1")).to_be_visible()
        await expect(page.get_by_text("Ľoáding")).to_have_count(0)
        bad[name] = await page.evaluate(CUT)
    await page.goto(f"{desk.url}/board")
    await expect(page.locator(".press li").first).to_be_visible()
    bad["board"] = await page.evaluate(CUT)
    assert {where: cut for where, cut in bad.items() if cut} == {}
