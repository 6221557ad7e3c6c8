"""The screen with a hundred thousand open conversations: measured, and pictures to look at.

Not a test, for it takes minutes: `python -m tests.browser.crowded FOLDER [CONVERSATIONS]` from the
repository's root. It prints a line per figure and leaves the pictures in FOLDER.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from playwright.async_api import Page, TimeoutError, expect

from earful.bench.existing import PER_CONVERSATION, fill
from earful.bench.ground import Ground
from earful.intake.channel import Channel
from earful.settings import Settings
from earful.store.opening import open_store
from tests.browser.desk import Desk, running_desk, sign_in
from tests.browser.launch import running_browser

CHANNEL = "SELECT * FROM channel ORDER BY created_at LIMIT 1"
BUSY = """
window.busy = [];
new PerformanceObserver((list) => window.busy.push(...list.getEntries().map((one) => one.duration)))
  .observe({ type: "longtask", buffered: true });
"""


async def crowd(desk: Desk, conversations: int) -> None:
    """Put them into the desk, in place of what there was."""
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(desk.folder)})
    async with open_store(settings, size=2) as store:
        async with store.database.acquire() as db:
            row = await db.fetchrow(CHANNEL)
        assert row is not None
        places = {"workspace_id": row["workspace_id"], "store": store}
        names = ("settings", "environ", "running", "works", "keyring", "agent_id", "token")
        ground = Ground(**dict.fromkeys(names), **places, inbox_id=row["inbox_id"])  # type: ignore[arg-type]
        channel = Channel(
            row["id"], row["network"], row["inbox_id"], row["handle"], row["external_id"]
        )
        await fill(ground, channel, conversations * PER_CONVERSATION, open_share=1.0)


class Watch:
    """Times what is done, and how long the screen did not listen meanwhile; in milliseconds."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder

    @asynccontextmanager
    async def over(self, name: str, times: int = 1) -> AsyncIterator[None]:
        """Print what `name` took, `times` over, and the longest task in it; take a picture."""
        began = perf_counter()
        yield
        took = (perf_counter() - began) * 1000 / times
        busy = await self.page.evaluate("Math.max(0, ...window.busy.splice(0))")
        print(f"{name}: {took:.0f} ms, busy for {busy:.0f} ms at most", flush=True)
        await self.page.screenshot(path=self.folder / f"crowd {name}.png")


async def lead(page: Page) -> None:
    """Wait until the focus stands on the open conversation's row."""
    await page.wait_for_function("document.activeElement.closest('.row')?.classList.contains('on')")


async def drive(page: Page, desk: Desk, folder: Path) -> None:
    """What somebody does all day, and one thing nobody does: to scroll to the end."""
    watch = Watch(page, folder)
    await page.add_init_script(BUSY)
    await sign_in(page, desk, "alice")
    async with watch.over("first rows"):
        await page.goto(f"{desk.url}/v/next")
        await expect(page.locator(".row").first).to_be_visible()
    async with watch.over("J", 50):
        for _ in range(50):
            await page.keyboard.press("j")
        await lead(page)
        await expect(page.locator(".flow")).to_be_visible()
    loaded = 0
    for pages in (10, 90, 900):
        loaded += pages
        async with watch.over(f"a page more, up to {loaded}", pages):
            await scroll(page, pages)
    async with watch.over("15 s of events with all of it there"):
        await page.wait_for_timeout(15_000)
    async with watch.over("J with all of it there"):
        await page.keyboard.press("j")
        await lead(page)
    for view in ("mine", "resolved", "next"):
        async with watch.over(f"view {view}"):
            await page.locator(f"nav a[href$='/v/{view}']").click()
            await expect(page.locator(".list [role=status]")).to_have_count(0)
    async with watch.over("search"):
        await page.keyboard.press("/")
        await page.keyboard.type("order")
        await expect(page.get_by_role("option").filter(has_text="Past").first).to_be_visible()
    heap = await page.evaluate("performance.memory.usedJSHeapSize / 1e6")
    print(f"heap: {heap:.0f} MB")


async def scroll(page: Page, pages: int) -> None:
    """To the end of what is there, again and again; the last page there is may come."""
    box = page.locator(".rows")
    for _ in range(pages):
        before = await box.evaluate("(box) => box.scrollHeight")
        await box.evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
        try:
            await page.wait_for_function(
                "(before) => document.querySelector('.rows').scrollHeight > before",
                arg=before,
                timeout=10_000,
            )
        except TimeoutError:
            return


async def main(folder: Path, conversations: int) -> None:
    """Fill a desk and drive it."""
    with running_desk() as desk:
        await crowd(desk, conversations)
        async with running_browser() as browser:
            page = await browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(60_000)
            await drive(page, desk, folder)


if __name__ == "__main__":
    os.umask(0o077)
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000))
