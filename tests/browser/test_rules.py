"""Rules: built as a sentence, tried out on what came in, kept, acting, turned off, removed."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.async_api import Page, expect

from earful.kit.clock import system_clock
from earful.networks.contract import Person, Post
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in
from tests.browser.incoming import come_in

OLGA, OTTO = Person("olga", "olga", "Olga Orange"), Person("otto", "otto", "Otto")
PICTURES = os.environ.get("EARFUL_PICTURES")
"""A folder to leave pictures in, for whoever wants to look."""


def said(number: int, author: Person) -> Post:
    return Post(
        external_id=f"orange-{number}",
        author=author,
        text="Where is the persimmon refund I was promised?",
        published_at=system_clock(),
        addressed=True,
    )


async def look(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"rules-{name}.png", full_page=True)


async def test_a_lead_makes_a_rule_that_acts(page: Page, desk: Desk) -> None:
    await come_in(desk, said(1, OLGA))
    await sign_in(page, desk, "priya")
    await page.goto(f"{desk.url}/settings/rules")
    await expect(page.get_by_text("No rules yet")).to_be_visible()
    await assert_axe_clean(page)
    await look(page, "empty")
    await page.get_by_role("button", name="New rule").click()
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type("Persimmons")
    await page.get_by_label("What condition 1 looks for").fill("persimmon*, kaki")
    await page.get_by_role("button", name="Add a condition").click()
    await page.get_by_label("What condition 2 looks at").select_option("visibility")
    await page.get_by_role("group", name="Condition 2").get_by_label("everybody").check()
    await page.get_by_role("button", name="Add a condition").click()
    await page.get_by_label("What condition 3 looks at").select_option("kind")
    third = page.get_by_role("group", name="Condition 3")
    for kind in ("a complaint", "a question", "a request"):
        await third.get_by_label(kind).check()
    await page.get_by_label("With what 1").fill("fruit")
    await page.get_by_role("button", name="Do something more").click()
    await page.get_by_label("What to do 2").select_option("severity")
    await page.get_by_label("With what 2").select_option("2")
    says = page.locator(".says")
    await expect(says).to_have_text(
        "When a post opens a conversation, if it says “persimmon*” or “kaki” and it is read by "
        "everybody (public) and it is a complaint, a question or a request, then put "
        "on the tag “fruit” and set its severity to 2."
    )
    await page.get_by_role("button", name="Try it out on last week").click()
    tried = page.get_by_role("region", name="What it would have done")
    await expect(tried).to_contain_text("it is about 1, in 1 conversations")
    await expect(tried).to_contain_text("put on the tag “fruit”, set its severity to 2")
    await assert_axe_clean(page)
    await look(page, "tried")
    await page.set_viewport_size({"width": 390, "height": 844})
    await look(page, "phone")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Nothing yet")).to_be_visible()
    await come_in(desk, said(2, OTTO))
    await acted(page)
    await assert_axe_clean(page)
    await look(page, "kept")
    await tidy(page)


async def acted(page: Page) -> None:
    """Wait until the rule has acted on what came in."""
    done = page.get_by_text("About 1 posts in the last 30 days")
    for _ in range(30):
        await page.reload()
        await expect(page.get_by_role("button", name="New rule")).to_be_visible()
        if await done.count():
            return
        await page.wait_for_timeout(500)
    await expect(done).to_be_visible()


async def tidy(page: Page) -> None:
    """Leave the desk as it was."""
    await page.get_by_role("button", name="Turn off").click()
    await expect(page.get_by_role("button", name="Turn on")).to_be_visible()
    await page.get_by_role("button", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("No rules yet")).to_be_visible()
