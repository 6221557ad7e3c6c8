"""The browser for tests: one process for the whole run, a fresh profile for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page

from tests.browser.desk import Desk, running_desk
from tests.browser.launch import running_browser


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Give a running Chromium, closed when all tests are done."""
    async with running_browser() as browser:
        yield browser


@pytest_asyncio.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """Give a page with no history of its own; an error its scripts do not catch fails the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(10_000)
    page = await context.new_page()
    uncaught: list[Error] = []
    page.on("pageerror", lambda error: uncaught.append(error))  # noqa: PLW0108 - it sets a mark on it
    yield page
    await context.close()
    assert not uncaught, f"the page's scripts failed: {uncaught}"


@pytest.fixture(scope="session")
def desk() -> Iterator[Desk]:
    """Give a real desk with a rehearsal network in it; its tests each take another conversation."""
    with running_desk() as desk:
        yield desk
