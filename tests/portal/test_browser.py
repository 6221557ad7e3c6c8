"""The portal in a real browser: without script, live, in a flood, on a phone, in the dark, and
embedded in another site."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from typing import Literal

import msgspec
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.async_api import Browser, Page, expect

from earful.pages.portal.assets import script
from earful.pages.portal.pace import PortalPace
from tests.browser.axe import assert_axe_clean
from tests.browser.conftest import browser, page
from tests.desk.acts import answer, rows
from tests.portal.conftest import GOOD, Desk, Visitor
from tests.portal.test_flood import flood

__all__ = ["browser", "page"]


@pytest.fixture
async def address(desk: Desk) -> AsyncIterator[str]:
    """Where the portal answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    server = Server(desk.app, "127.0.0.1", port, interface=Interfaces.ASGI, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            break
    yield f"http://127.0.0.1:{port}"
    await desk.app.state.bell.stop()
    server.stop()  # type: ignore[no-untyped-call]
    await serving


class Shop:
    """A site of one page."""

    url = ""
    direction, language = "ltr", "en"
    label = 'data-label="Write to us"'

    def __init__(self, portal: str) -> None:
        self.portal = portal

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The page, whatever is asked for."""
        await reader.readuntil(b"\r\n\r\n")
        policy = f"default-src 'none'; script-src {self.portal}; frame-src {self.portal}"
        html = f"""<!doctype html><html lang="{self.language}" dir="{self.direction}">
          <title>Shop</title><link rel="icon" href="data:,"><main><h1>Shop</h1><p>Shoes.</p></main>
          <script src="{self.portal}/portal-assets/widget.js" {self.label}
            data-portal="{self.portal}/portal/help" data-colour="#0f766e" async></script>"""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Security-Policy: {policy}"
        writer.write(f"{head}\r\nConnection: close\r\n\r\n{html}".encode())
        await writer.drain()
        writer.close()


async def answered(desk: Desk, text: str) -> None:
    [card] = await rows(desk.cast, "SELECT id FROM conversation")
    await answer(desk.cast, card["id"], text)
    await desk.send_out()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_whole_story_without_script_on_a_small_phone(
    browser: Browser, address: str, desk: Desk, scheme: Literal["light", "dark"]
) -> None:
    context = await browser.new_context(
        java_script_enabled=False, color_scheme=scheme, viewport={"width": 320, "height": 640}
    )
    page = await context.new_page()
    await page.goto(f"{address}/portal/help")
    desk.cast.time.pass_(seconds=5)
    await page.get_by_label("Your message").fill("Where is my parcel?")
    await page.get_by_label("Everyone").check()
    await page.get_by_label("Your name").fill("Carol")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Keep the address of this page")).to_be_visible()
    here = page.url.partition("?")[0]
    await answered(desk, "It comes today.")
    await page.get_by_role("link", name="Look again").click()
    await expect(page.get_by_text("It comes today.")).to_be_visible()
    desk.cast.time.pass_(seconds=5)
    await page.get_by_label("Write more").fill("Thank you")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Thank you")).to_be_visible()
    assert await context.cookies() == []
    await context.close()
    # Rules are checked with a program in the page, so by a browser that runs some.
    context = await browser.new_context(color_scheme=scheme, viewport={"width": 320, "height": 640})
    page = await context.new_page()
    for path in (
        here.removeprefix(address),
        *(f"/portal/help{p}" for p in ("", "/help", "/public", "/legal", "/lost")),
    ):
        await page.goto(address + path)
        await assert_axe_clean(page)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, path
    await context.close()


async def test_an_answer_appears_by_itself_and_what_is_typed_stays(
    page: Page, address: str, desk: Desk
) -> None:
    await page.goto(f"{address}/portal/help")
    desk.cast.time.pass_(seconds=5)
    await page.get_by_label("Your message").fill("Are you there?")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("not answered yet")).to_be_visible()
    more = page.get_by_label("Write more")
    await more.fill("half a sent")
    await answered(desk, "Yes, we are.")
    await expect(page.locator("article.ours")).to_contain_text("Yes, we are.")
    await expect(page.get_by_text("not answered yet")).to_have_count(0)
    await expect(more).to_have_value("half a sent")
    [talk] = await rows(desk.cast, "SELECT seen_at, answered_at FROM portal_thread")
    assert talk["seen_at"] >= talk["answered_at"]
    await assert_axe_clean(page)


async def test_in_a_flood_the_page_does_its_sum_by_itself(
    page: Page, address: str, desk: Desk, visitors: Callable[[int], Visitor]
) -> None:
    desk.app.state.portal_pace = PortalPace(desk.cast.database, requests=100_000)
    await flood(desk, visitors, 80)
    await page.goto(f"{address}/portal/help")
    desk.cast.time.pass_(seconds=5)
    await page.get_by_label("Your message").fill("I am a person")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Keep the address of this page")).to_be_visible()


@pytest.fixture
async def shop(address: str) -> AsyncIterator[Shop]:
    """Another site, which embeds the portal under a strict policy of its own."""
    shop = Shop(address)
    server = await asyncio.start_server(shop.answer, "127.0.0.1", 0)
    shop.url = f"http://localhost:{server.sockets[0].getsockname()[1]}"
    yield shop
    server.close()
    await server.wait_closed()


async def test_another_site_embeds_it_with_one_script(page: Page, shop: Shop, desk: Desk) -> None:
    await desk.set(msgspec.structs.replace(GOOD, origins=[shop.url]))
    await page.goto(shop.url)
    button = page.get_by_role("button", name="Write to us")
    await expect(button).to_have_attribute("aria-expanded", "false")
    await assert_axe_clean(page)
    await button.press("Enter")
    frame = page.frame_locator("iframe")
    await frame.get_by_label("Your message").fill("Do you have these in red?")
    desk.cast.time.pass_(seconds=5)
    await frame.get_by_role("button", name="Send").click()
    await expect(frame.get_by_text("Keep the address of this page")).to_be_visible()
    await assert_axe_clean(page)
    await frame.get_by_label("Write more").press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(button).to_be_focused()
    await answered(desk, "Yes, in red too.")
    await expect(button).to_have_attribute("data-news", "")
    # On the shop's next page, in the same tab, the talk is still there.
    await page.goto(f"{shop.url}/shoes")
    await page.get_by_role("button", name="Write to us").click()
    await expect(page.frame_locator("iframe").get_by_text("Yes, in red too.")).to_be_visible()
    assert await page.context.cookies() == []


async def test_a_site_that_is_not_named_gets_no_frame_and_right_to_left_is_mirrored(
    page: Page, shop: Shop
) -> None:
    shop.direction, shop.language, shop.label = "rtl", "nl-BE", ""
    await page.goto(shop.url)
    button = page.get_by_role("button", name="Schrijf ons")
    box = await button.bounding_box()
    assert box is not None
    assert box["x"] < 100, "it stands on the left where one reads from the right"
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    await button.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    for _ in range(100):
        if any("frame-ancestors" in text for text in refused):
            break
        await page.wait_for_timeout(50)
    assert any("frame-ancestors" in text for text in refused), refused


def test_the_scripts_are_small() -> None:
    sizes = {name: len(script(name)) for name in ("widget", "page")}
    assert all(sizes.values()), "build the screen first"
    assert sum(sizes.values()) < 15_000, sizes
    assert not re.search(rb"\bimport\b|\beval\b|innerHTML", script("widget") + script("page"))
