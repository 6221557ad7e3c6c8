"""Starts the Chromium of the tests: the one the npm package carried, or the machine's own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Playwright, async_playwright

import node

UNPACKED = Path(__file__).parent / "node_modules" / ".chromium"
FLAGS = [
    "--no-sandbox",  # containers and root have no user namespaces to build one from
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-dev-shm-usage",  # a container's /dev/shm is often 64 MB
]


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Start a browser, and close it in the end."""
    # Playwright brings a Node that needs libatomic, which a bare Debian lacks; ours does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node.find_or_fail().node))
    async with async_playwright() as playwright:
        browser = await _launch(playwright)
        yield browser
        await browser.close()


async def _launch(playwright: Playwright) -> Browser:
    named = os.environ.get("EARFUL_TEST_BROWSER")
    if named:
        return await playwright.chromium.launch(executable_path=named, args=FLAGS)
    program = UNPACKED / "chromium"
    if not program.exists():
        raise RuntimeError("no browser to test with; run tests/browser/install.sh")
    return await playwright.chromium.launch(
        executable_path=program, args=FLAGS, env=_environment(UNPACKED)
    )


def _environment(unpacked: Path) -> dict[str, str | float | bool]:
    """Let the browser find the libraries and the font that came with it."""
    return {
        **os.environ,
        "LD_LIBRARY_PATH": str(unpacked / "lib"),
        "FONTCONFIG_FILE": str(unpacked / "fonts.conf"),
    }
