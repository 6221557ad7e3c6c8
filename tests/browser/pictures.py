"""Takes the pictures of the README: `.venv/bin/python -m tests.browser.pictures`.

It takes some minutes: on a desk that has just begun every fuse is whole.
"""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page

from tests.browser.desk import Desk, composer, running_desk, sign_in
from tests.browser.launch import running_browser

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST = 200_000  # bytes
BURNING_FOR = 9 * 60  # seconds; the first clock is ten minutes
ANSWER = "So sorry about this. I have your account open in front of me and look into it now."
BUSY_DESK = """async () => {
  const get = async (path) => (await fetch("/api/v1" + path)).json();
  const { csrf } = await get("/me");
  const change = (method, path, body) => fetch("/api/v1" + path, { method,
    body: JSON.stringify(body), headers: { "Content-Type": "application/json",
    "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() } });
  const { items } = await get("/conversations?view=next&limit=40");
  const { agents } = await get("/snapshot?view=next&limit=1");
  const reason = "seen by an agent";
  await change("PUT", `/conversations/${items[1].id}/severity`, { severity: 2, reason });
  await change("PUT", `/conversations/${items[2].id}/severity`, { severity: 1, reason });
  await change("PUT", `/conversations/${items[3].id}/assignee`, { agent_id: agents[0].id });
  await change("PUT", `/conversations/${items[4].id}/tags/delivery`, {});
  for (const card of items.slice(20, 29))
    await change("PUT", `/conversations/${card.id}/resolution`,
      { disposition: "praise_noted", reason: "no question in it" });
}"""


async def main() -> None:
    """Fill a desk, and take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_desk() as desk:
        await asyncio.sleep(BURNING_FOR)
        async with running_browser() as browser:
            page = await _opened(browser, desk, "light")
            await page.evaluate(BUSY_DESK)
            await _write(page)
            await _keep(page, "desk-light.png")
            dark = await _opened(browser, desk, "dark")
            await _write(dark)
            await _keep(dark, "desk-dark.png")
            await page.goto(desk.url)
            await page.set_viewport_size({"width": 390, "height": 844})
            await page.wait_for_selector(".row")
            await _keep(page, "desk-phone.png")


async def _opened(browser: Browser, desk: Desk, scheme: str) -> Page:
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
    )
    page = await context.new_page()
    await sign_in(page, desk, "alice")
    return page


async def _write(page: Page) -> None:
    await page.reload()
    await page.locator(".row-in").nth(1).click()
    await composer(page).fill(ANSWER)
    await page.mouse.move(700, 300)


async def _keep(page: Page, name: str) -> None:
    """Save what the page shows, with few enough colors to stay small."""
    await page.evaluate("document.fonts.ready")
    await page.wait_for_timeout(1500)  # the counts follow the events
    picture = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
    path = FOLDER / name
    picture.quantize(192, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{name} is too large: {path.stat().st_size} bytes")


if __name__ == "__main__":
    asyncio.run(main())
