"""The screen in a surge: a day of posts told by a hundred times as many people while one works.

Not a test, for it takes minutes: `python -m tests.browser.flooded FOLDER [POSTS A_SECOND]` from
the repository's root. It prints a line per figure and leaves the pictures in FOLDER.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from time import perf_counter

from playwright.async_api import Page, expect

from earful.bench.flood import flood
from earful.intake.channel import Channel
from earful.intake.receive import receive
from earful.kit.clock import system_clock
from earful.networks.contract import Batch
from earful.networks.rehearsal.translate import to_change
from earful.settings import Settings
from earful.store.opening import open_store
from earful.stream.work import Works
from tests.browser.crowded import BUSY, CHANNEL, Watch, lead
from tests.browser.desk import Desk, running_desk, sign_in
from tests.browser.launch import running_browser

BATCH = 25


async def pour(desk: Desk, posts: int, rate: int) -> None:
    """Posts come in at a steady pace."""
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(desk.folder)})
    told = flood(posts, "Northwind")
    async with open_store(settings, size=2) as store:
        async with store.database.acquire() as db:
            row = await db.fetchrow(CHANNEL)
        assert row is not None
        names = ("id", "network", "inbox_id", "handle", "external_id")
        channel = Channel(*(row[name] for name in names))
        works, began = Works(store.database, system_clock), perf_counter()
        for at in range(0, len(told), BATCH):
            await asyncio.sleep(max(0.0, began + at / rate - perf_counter()))
            batch = Batch(tuple(map(to_change, told[at : at + BATCH])), {})
            await receive(works, row["workspace_id"], channel, batch, cursor=False)
    took = perf_counter() - began
    print(f"poured {len(told) / took:.0f} a second", flush=True)


async def work(page: Page, watch: Watch, when: str) -> None:
    """What an agent does: go on, fold, unfold the first fold, go back, open a settings page."""
    async with watch.over(f"{when}: J", 20):
        for _ in range(20):
            await page.keyboard.press("j")
        await lead(page)
    others = page.locator(".others button").first
    unfolded = page.locator(".others button[aria-expanded=true]")
    async with watch.over(f"{when}: fold"):
        await page.keyboard.press("q")
        await expect(others).to_be_visible(timeout=30_000)
    await page.locator(".rows").evaluate("(box) => box.scrollTo(0, 0)")
    await expect(others).to_be_visible()
    async with watch.over(f"{when}: unfold"):
        # Not by a pointer, which would wait until rows stand still.
        await page.locator(".others button[aria-expanded=false]").first.dispatch_event("click")
        await expect(unfolded).not_to_have_count(0)
    async with watch.over(f"{when}: 10 s of looking at folds"):
        await page.wait_for_timeout(10_000)
    await unfolded.first.dispatch_event("click")
    async with watch.over(f"{when}: all again"):
        await page.keyboard.press("q")
        await expect(others).to_have_count(0)
    async with watch.over(f"{when}: 5 s of looking at all"):
        await page.wait_for_timeout(5_000)


async def main(folder: Path, posts: int, rate: int) -> None:
    """Measure on a desk of its own."""
    with running_desk() as desk:
        async with running_browser() as browser:
            page = await browser.new_page(viewport={"width": 1280, "height": 800})
            await page.add_init_script(BUSY)
            await sign_in(page, desk, "alice")
            watch = Watch(page, folder)
            pouring = asyncio.create_task(pour(desk, posts, rate))
            await asyncio.sleep(5)
            turn = 0
            while not pouring.done():
                turn += 1
                await work(page, watch, f"turn {turn}")
            await pouring
            await work(page, watch, "after")


if __name__ == "__main__":
    count, pace = (*sys.argv[2:], "15000", "300")[:2] if len(sys.argv) < 4 else sys.argv[2:4]
    asyncio.run(main(Path(sys.argv[1]), int(count), int(pace)))
