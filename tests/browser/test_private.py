"""Private messages beside public posts: never to be confused, linked, and taken back."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Page, Route, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, prefer, sign_in

REACHED = """async ([can, seen]) => {
  const get = async (path) => (await fetch("/api/v1" + path)).json();
  const { items } = await get("/conversations?view=next&limit=50");
  for (const card of items) {
    if (seen.includes(card.id) || card.visibility !== "public" || card.assignee_id) continue;
    if ((await get(`/conversations/${card.id}/reach`)).can === can) return card.id;
  }
  return null;
}"""

taken: list[str] = []


async def open_one(page: Page, desk: Desk, *, can: bool) -> str:
    """Open a conversation nobody has, with somebody who takes private messages, or does not."""
    found: str | None = await page.evaluate(REACHED, [can, taken])
    assert found is not None
    taken.append(found)
    await page.goto(f"{desk.url}/c/{found}")
    await expect(composer(page)).to_be_visible()
    return found


async def test_a_private_message_opens_a_talk_beside_the_public_one(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    public = await open_one(page, desk, can=True)
    box = page.locator(".comp")
    await composer(page).fill("What all may read")
    await composer(page).press("Escape")
    await page.keyboard.press("d")
    await expect(box).to_have_class(re.compile(r"\bdirect\b"))
    await expect(composer(page)).to_have_value("")
    await expect(box).to_contain_text("Opens a private conversation beside this one.")
    await composer(page).fill("Which number are you on?")
    await assert_axe_clean(page)
    await box.get_by_role("button", name="Send in private").click()
    await page.wait_for_url(lambda url: "/c/" in url and public not in url)
    await expect(page.locator(".talk.private .msg.outgoing")).to_contain_text("Which number")
    await expect(page.locator(".linked")).to_contain_text("Came from the public conversation")
    await expect(box).to_have_class(re.compile(r"\bdirect\b"))
    await assert_axe_clean(page)
    await page.locator(".linked").get_by_role("button", name="Open the public one").click()
    await page.wait_for_url(f"**/c/{public}")
    await expect(composer(page)).to_have_value("What all may read")
    await expect(page.locator(".linked")).to_contain_text("Goes on in private")


async def test_taken_back_it_is_in_the_public_composer_again(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    public = await open_one(page, desk, can=True)
    await page.keyboard.press("d")
    await page.keyboard.type("Between you and me")
    await page.keyboard.press("Control+Enter")
    await page.locator(".toasts").get_by_role("button", name="Undo").click()
    await page.wait_for_url(f"**/c/{public}")
    await expect(page.locator(".comp")).to_have_class(re.compile(r"\bdirect\b"))
    await expect(composer(page)).to_have_value("Between you and me")
    await expect(page.locator(".linked")).to_have_count(0)


async def test_who_takes_none_is_said_in_words(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await open_one(page, desk, can=False)
    private = page.locator(".comp").get_by_role("radio", name="Private")
    await private.hover()
    await expect(private).to_have_attribute("aria-disabled", "true")
    await expect(private).to_have_attribute("title", "They take private messages only from those "
                                                     "they follow.")  # fmt: skip
    await page.keyboard.press("d")
    await page.keyboard.type("Hello?")
    await expect(page.locator(".comp")).to_contain_text("only from those they follow")
    await expect(page.locator(".comp").get_by_role("button", name="Send in")).to_be_disabled()
    await assert_axe_clean(page)


ANSWER = """async ([id, text]) => {
  const me = await (await fetch("/api/v1/me")).json();
  const headers = {
    "X-CSRF-Token": me.csrf, "Content-Type": "application/json",
    "Idempotency-Key": crypto.randomUUID(),
  };
  const body = JSON.stringify({ text, force: true });
  const path = `/api/v1/conversations/${id}/replies`;
  return (await fetch(path, { method: "POST", headers, body })).status;
}"""


async def test_they_are_asked_to_come_and_the_public_one_is_closed(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await prefer(page, undo_for=1)
    public = await open_one(page, desk, can=True)
    checks = page.locator(".comp")
    for said in ("Is the light on?", "And since when?", "Which number is it?"):
        await expect(checks).not_to_contain_text("public answers so far")
        assert await page.evaluate(ANSWER, [public, said]) in (201, 202)
    await expect(checks).to_contain_text("3 public answers so far")
    await checks.get_by_role("button", name="Go on in private").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("option", name="Ask them to write to us in private").click()
    await expect(composer(page)).to_have_value(
        re.compile("^Please write to us in private.*: https://rehearsal.invalid/messages/Northwind")
    )
    await page.keyboard.press("Control+Enter")
    await expect(composer(page)).to_have_value("")
    await expect(page.locator(".msg.outgoing").last).to_contain_text("Please write to us")
    # It counts once it was sent, and shows from then on.
    await expect(page.locator(".linked")).to_contain_text(
        "no answer in private yet", timeout=20_000
    )
    await composer(page).press("Escape")
    await page.keyboard.press("f")
    await expect(composer(page)).to_have_value("We've sorted this out in private. Thank you!")
    await expect(page.locator(".comp")).to_contain_text("Resolved once it is sent")
    await assert_axe_clean(page)


async def test_a_barred_post_is_answered_there_and_said_so_here(page: Page, desk: Desk) -> None:
    async def bar(route: Route) -> None:
        answer = await route.fetch()
        whole: dict[str, Any] = await answer.json()
        for message in whole.get("messages", []):
            if message["direction"] == "incoming":
                message["extra"] = {"barred": "Nobody called for us there."}
        await route.fulfill(response=answer, json=whole)

    await sign_in(page, desk, "alice")
    await page.route("**/api/v1/conversations/*-*-*-*", bar)
    await open_one(page, desk, can=True)
    notice = page.locator(".barred")
    await expect(notice).to_contain_text("Nobody called for us there.")
    await composer(page).fill("Said there")
    await expect(page.locator(".comp").get_by_role("button", name="Post publicly")).to_be_disabled()
    await assert_axe_clean(page)
    await notice.get_by_role("button", name="I answered it there").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("textarea")).to_have_value("Said there")
    await assert_axe_clean(page)
    await dialog.get_by_role("button", name="It is answered").click()
    await expect(page.locator(".msg.outgoing")).to_contain_text("answered on the network")
    await expect(composer(page)).to_have_value("")


async def test_our_own_post_is_deleted_after_a_second_look(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await prefer(page, undo_for=1)
    await open_one(page, desk, can=True)
    await composer(page).fill("A slip of the pen")
    await page.keyboard.press("Control+Enter")
    ours = page.locator(".msg.outgoing")
    await ours.get_by_role("button", name="Delete").click(timeout=20_000)
    await ours.get_by_role("button", name="Really delete it on the network").click()
    await expect(ours).to_contain_text("deleted")


async def test_a_content_warning_comes_before_the_words(page: Page, desk: Desk) -> None:
    async def warn(route: Route) -> None:
        answer = await route.fetch()
        whole: dict[str, Any] = await answer.json()
        for message in whole.get("messages", []):
            message["extra"] = {"warning": "Spiders"}
        await route.fulfill(response=answer, json=whole)

    await sign_in(page, desk, "alice")
    await page.route("**/api/v1/conversations/*-*-*-*", warn)
    await open_one(page, desk, can=True)
    first = page.locator(".msg.incoming").first
    await expect(first.locator("summary")).to_contain_text("Spiders")
    await expect(first.locator(".bub")).to_be_hidden()
    await first.locator("summary").click()
    await expect(first.locator(".bub")).to_be_visible()
    await assert_axe_clean(page)
