"""Promises by one key, kept by evidence; what is said while nobody is there, tried before it is."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, open_first, sign_in


async def test_a_promise_is_written_down_and_proved(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await open_first(page)
    await composer(page).press("Escape")
    await page.keyboard.press("w")
    asked = page.get_by_role("dialog")
    await asked.get_by_label("Promised").fill("Refund of 19.90")
    await assert_axe_clean(page)
    await asked.get_by_role("button", name="Write it down").click()
    beside = page.locator("aside")
    await expect(beside).to_contain_text("Refund of 19.90")
    await expect(page.locator(".talk")).to_contain_text("Alice Brown promised by")
    await beside.get_by_role("button", name="It is done").click()
    await asked.get_by_label("How can one see it?").fill("Bank slip 4471")
    await asked.get_by_role("button", name="Save").click()
    await expect(beside).to_contain_text("kept, by")
    await expect(beside).to_contain_text("Bank slip 4471")
    await assert_axe_clean(page)


async def test_a_promise_is_offered_while_it_is_written(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await open_first(page)
    writing, offer = composer(page), page.locator(".comp .word")
    await writing.fill("Could you send us the bill by Friday?")
    await expect(offer).to_have_count(0)
    await writing.fill("Your refund is there within two days.")
    await expect(offer).to_contain_text("A promise, due")
    await assert_axe_clean(page)
    await offer.get_by_role("button", name="No promise").click()
    await expect(offer).to_have_count(0)
    await writing.fill("We call you tomorrow.")
    await expect(offer).to_be_visible()
    await writing.press("Alt+Enter")
    await expect(offer).to_contain_text("Is written down as a promise once sent")
    await assert_axe_clean(page)
    await writing.press("Control+Enter")
    await expect(page.locator(".toasts")).to_contain_text("Written down as promised by")
    await page.locator(".toasts").get_by_role("button", name="Undo").first.click()
    await expect(writing).to_have_value("We call you tomorrow.")
    beside = page.locator("aside")
    await expect(beside).to_contain_text("We call you tomorrow.")
    await expect(beside).to_contain_text("Its message was taken back")
    await expect(beside).to_contain_text("no longer holds")
    # As it was: nothing sent, nothing promised, nothing written.
    await writing.fill("")


async def test_what_would_be_said_is_tried_first(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/away")
    await page.get_by_label("Another language").fill("en")
    await page.get_by_role("button", name="Add", exact=True).click()
    await page.get_by_label("With the time").fill("Hi {name}, soon.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".toasts")).to_contain_text("needs {time}")
    await page.get_by_label("With the time").fill("Hi {name}, a person answers by {time}.")
    await page.get_by_label("Where no time is known").fill("We will be back.")
    await page.get_by_role("button", name="What would be said now?").click()
    told = page.get_by_role("status").filter(has_text="We will be back.")
    await expect(told).to_contain_text("Nothing tells when a person answers.")
    await assert_axe_clean(page)
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".toasts")).to_contain_text("Saved")
    await page.reload()
    await expect(page.get_by_label("With the time")).to_have_value(
        "Hi {name}, a person answers by {time}."
    )
    # As it was: other tests look at a desk that says nothing.
    await page.evaluate(
        """async () => {
          const get = async (path) => (await fetch("/api/v1" + path)).json();
          const { csrf } = await get("/me");
          for (const { id } of await get("/inboxes"))
            await fetch(`/api/v1/inboxes/${id}/responder`, { method: "PUT", body: "{}",
              headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf } });
        }"""
    )
