"""When many write the same, one row stands for them; each of them can be seen and is still owed."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from earful.kit.clock import system_clock
from earful.networks.contract import Deletion, Person, Post
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in
from tests.browser.incoming import come_in

WORDS = "another outage, the whole zephyr tariff portal shows a blank page since this morning"
MANY = 6


def said(number: int) -> Post:
    """Nearly the same, from another person each time."""
    who = Person(f"fold-{number}", f"folded{number}", f"Folded {number}")
    end = ("", " 😡", "!!", " @Northwind", " https://example.org/x", " #down")[number]
    return Post(
        external_id=f"fold-{number}",
        author=who,
        text=f"@Northwind {WORDS}{end}",
        published_at=system_clock(),
    )


async def answer_each(page: Page) -> None:
    """One text for all who are selected, a reply of his own to each; then taken back."""
    await page.get_by_role("button", name="Answer each").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("heading")).to_have_text(f"Answer each of {MANY}")
    send = dialog.get_by_role("button", name=f"Send {MANY} replies")
    await expect(send).to_be_disabled()
    words = dialog.get_by_label("What each is told")
    await words.fill("x" * 4000)
    await send.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Not as it stands")
    await words.fill("Hi {{customer.name}}, the portal is back at noon.")
    await expect(dialog).to_contain_text(re.compile(r"The first of them reads: Hi Folded \d, the"))
    await assert_axe_clean(page)
    await send.click()
    done = page.get_by_role("status").filter(has_text=f"{MANY} replies leave in 30 s")
    await expect(done).to_be_visible()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("button", name="Answer each")).to_have_count(0)
    await done.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text(f"Taken back: {MANY}")).to_be_visible()


async def test_alike_posts_fold_and_unfold_by_key(page: Page, desk: Desk) -> None:
    await come_in(desk, *(said(number) for number in range(MANY)))
    await sign_in(page, desk, "alice")
    rows = page.locator(".list .slot").filter(has_text="zephyr tariff")
    await expect(page.locator(".list .slot").first).to_be_visible()
    await page.keyboard.press("q")
    await expect(page.locator(".list .bar")).to_contain_text("folded, gravest first")
    await expect(rows).to_have_count(1, timeout=20_000)
    await expect(rows.first).to_contain_text(f"and {MANY - 1} others say the same")
    await assert_axe_clean(page)
    await rows.first.locator(".row-in").click()
    await page.keyboard.press(",")
    await expect(rows).to_have_count(MANY)
    await rows.first.get_by_role("button", name="Select them all").click()
    await expect(page.locator(".list input:checked")).to_have_count(MANY)
    await assert_axe_clean(page)
    await answer_each(page)
    await page.keyboard.press("q")
    await expect(page.locator(".list .bar")).not_to_contain_text("folded")
    # The town knows nothing of these: whoever answers one, in a later test, would be refused.
    gone = system_clock()
    await come_in(desk, *(Deletion(external_id=f"fold-{n}", at=gone) for n in range(MANY)))
