"""A newcomer's first minute, at a person's pace: steps, seconds and pictures to look at.

Not a test, for it takes its time: `python -m tests.browser.newcomer FOLDER`. She knows her address
and password, has read nothing, and uses the mouse and the words on the screen alone. A pause before
each act stands for reading and aiming (1.2 s), a letter takes a fifth of a second.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from time import perf_counter

from playwright.async_api import Locator, Page, expect

from tests.browser.desk import STARTS_WITHIN, Desk, running_desk
from tests.browser.launch import running_browser

PAUSE = 1200
LETTER = 200
ANSWER = "Sorry about that! Which app version are you on?"


class Newcomer:
    """Somebody who acts slowly; counts what she does."""

    def __init__(self, page: Page, folder: Path, name: str) -> None:
        self.page, self.folder, self.name, self.steps = page, folder, name, 0

    async def _step(self) -> None:
        await self.page.wait_for_timeout(PAUSE)
        self.steps += 1
        await self.page.screenshot(path=self.folder / f"new-{self.name}-{self.steps}.png")

    async def press(self, what: Locator) -> None:
        """Click, or tap, what she sees."""
        await self._step()
        await what.click()

    async def write(self, text: str) -> None:
        """Type a text where the cursor is."""
        await self._step()
        await self.page.keyboard.type(text, delay=LETTER)


async def first_answer(page: Page, desk: Desk, folder: Path, name: str) -> tuple[int, float]:
    """From the address to the answer on the network. Steps, and seconds."""
    newcomer = Newcomer(page, folder, name)
    for _ in range(STARTS_WITHIN * 5):
        try:
            await page.goto(desk.url)
            break
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            await page.wait_for_timeout(200)
    began = perf_counter()
    await newcomer.press(page.locator("[name=email]"))
    await page.keyboard.type("alice@northwind.example", delay=60)  # as a browser would fill it in
    await newcomer.press(page.locator("[name=password]"))
    await page.keyboard.type(desk.passwords["alice"], delay=60)
    await newcomer.press(page.get_by_role("button", name="Sign in"))
    row = page.locator(".row-in").first
    await expect(row).to_be_visible()
    await newcomer.press(row)
    field = page.locator(".comp .text")
    await newcomer.press(field)
    await newcomer.write(ANSWER)
    await newcomer.press(page.locator(".comp").get_by_role("button", name="Post publicly"))
    await expect(page.locator(".msg.outgoing").filter(has_text="Which app version")).to_be_visible()
    await page.screenshot(path=folder / f"new-{name}-undo.png")
    while not desk.count_published("Which app version"):
        await page.wait_for_timeout(200)
    taken = perf_counter() - began
    await page.screenshot(path=folder / f"new-{name}-end.png")
    return newcomer.steps, taken


async def main(folder: Path) -> None:
    """On a desk, and on a phone."""
    async with running_browser() as browser:
        for name, (width, height) in {"desk": (1280, 800), "phone": (390, 844)}.items():
            with running_desk() as desk:
                context = await browser.new_context(viewport={"width": width, "height": height})
                page = await context.new_page()
                steps, taken = await first_answer(page, desk, folder, name)
                print(f"{name}: {steps} steps, {taken:.0f} s", flush=True)
                await context.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
