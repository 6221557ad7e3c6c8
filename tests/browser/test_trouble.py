"""What went wrong, as a lead sees it: posts set aside, webhooks in trouble, a channel to leave."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
from playwright.async_api import Page, expect

from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.networks.contract import Person, Post, Unreadable
from earful.settings import Settings
from earful.store.opening import open_store
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in
from tests.browser.incoming import come_in

SCRIPT = "<script>alert(1)</script>"
HOOK = """
INSERT INTO webhook (workspace_id, id, url, secret, seq, run_at, created_at, state, error,
  attempts, failing_since, told_at, skipped)
SELECT workspace_id, $1, $2, 'x', greatest(seq - 7, 0), $3, $3, $4, $5, $6, $7, $7, $8
FROM event_counter
"""


async def troubled_hooks(desk: Desk) -> None:
    """One webhook fails, another has missed events."""
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(desk.folder)})
    now = system_clock()
    later, since = now + timedelta(hours=2), now - timedelta(hours=3)
    why = "It answered 503 Service Unavailable."
    fails: tuple[Any, ...] = ("https://fails.example/hook", later, "failing", why, 6, since, 0)
    lags: tuple[Any, ...] = ("https://lags.example/hook", later, "active", "", 0, since, 1204)
    async with open_store(settings, size=2) as store, store.database.acquire() as db:
        for hook in (fails, lags):
            await db.execute(HOOK, new_id(), hook[0], hook[1], *hook[2:5], hook[5], hook[6])


async def test_posts_set_aside_are_taken_in_or_let_go(page: Page, desk: Desk) -> None:
    scripted = Person("did:script", "script.example", SCRIPT)
    said = Post(
        external_id="set-aside-1",
        author=scripted,
        text=f"@Northwind my name is {SCRIPT}",
        published_at=system_clock(),
        addressed=True,
    )
    whole = msgspec.json.encode(said).decode()
    await asyncio.gather(
        sign_in(page, desk, "alice"),
        come_in(
            desk,
            Unreadable(external_id=said.external_id, reason="ValueError: a date", payload=whole),
            Unreadable(
                external_id="set-aside-2", reason="no text in it", payload='{"record": "cut'
            ),
        ),
    )
    await page.reload()
    await expect(
        page.get_by_role("status").filter(has_text="could not be taken in: 2")
    ).to_be_visible()
    await page.get_by_role("button", name="Look", exact=True).click()
    readable = page.get_by_role("listitem").filter(has_text="script.example")
    await expect(readable).to_contain_text("It could not be taken in: ValueError: a date")
    await expect(readable).to_contain_text(f"my name is {SCRIPT}")
    cut_off = page.get_by_role("listitem").filter(has_text="no text in it")
    await expect(cut_off).to_contain_text("asks the network for the post again")
    await assert_axe_clean(page)
    await cut_off.get_by_role("button", name="Discard").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Nobody will answer it")
    await assert_axe_clean(page)
    await dialog.get_by_label("Why is it not needed?").fill("cut off on the way")
    await dialog.get_by_role("button", name="Discard").click()
    await expect(cut_off).to_have_count(0)
    await readable.get_by_role("button", name="Take in").click()
    await expect(page.get_by_text("Every post was taken in.")).to_be_visible()
    await page.get_by_role("button", name="Open it").click()
    # What a customer calls herself, and writes, is text wherever it stands; a script that ran
    # would have opened a dialog of the browser's, and the page would hang.
    await expect(page.locator(".talk")).to_contain_text(f"my name is {SCRIPT}")
    await expect(page.get_by_text(SCRIPT, exact=True).first).to_be_visible()
    assert await page.locator("script:not([src])").filter(has_text="alert(1)").count() == 0
    await assert_axe_clean(page)


async def test_webhooks_say_how_they_fail_and_what_they_missed(page: Page, desk: Desk) -> None:
    await troubled_hooks(desk)
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/webhooks")
    fails = page.get_by_role("listitem").filter(has_text="fails.example")
    await expect(fails).to_contain_text("503 Service Unavailable")
    lags = page.get_by_role("listitem").filter(has_text="lags.example")
    await expect(lags).to_contain_text("1,204")
    await assert_axe_clean(page)
    for hook in (fails, lags):
        await hook.get_by_role("button", name="Remove").click()
        await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        await expect(hook).to_have_count(0)


async def test_disconnecting_says_first_what_it_will_do(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/channels")
    channel = page.get_by_role("listitem").first
    await channel.get_by_role("button", name="Disconnect").click()
    dialog = page.get_by_role("dialog")
    for words in ("is not seen here any more", "reply", "conversations stay", "the same channel"):
        await expect(dialog).to_contain_text(words)
    await assert_axe_clean(page)
    await expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(channel.get_by_role("button", name="Disconnect")).to_be_visible()
