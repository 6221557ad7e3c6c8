"""The roster on a real desk: a lead writes it, agents see it, and what is uncovered is named."""

from __future__ import annotations

import re

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in

MONTHS = """BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
SUMMARY:Late\r
DTSTART:20301104T140000Z\r
DTEND:20301104T220000Z\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:Once a month\r
DTSTART:20301104T140000Z\r
DURATION:PT1H\r
RRULE:FREQ=MONTHLY\r
END:VEVENT\r
END:VCALENDAR\r
"""


HERS = """async () => {
  const { items } = await (await fetch("/api/v1/conversations?view=mine&limit=50")).json();
  return items.length;
}"""
GIVEN = """async () => {
  const get = async (path) => (await fetch("/api/v1" + path)).json();
  const { items } = await get("/conversations?view=mine&limit=50");
  for (const { id } of items) {
    const { messages } = await get(`/conversations/${id}`);
    if (messages.some((one) => one.text.startsWith("Earful assigned it to Priya"))) return true;
  }
  return false;
}"""


async def _moves(page: Page, row: Locator) -> None:
    """A single shift of Tuesday is dragged to Saturday, moved on by key, and taken back."""
    mover, days = row.get_by_role("button", name=re.compile("^22:00")), row.get_by_role("cell")
    await mover.drag_to(days.nth(5))
    await expect(page.locator(".toasts")).to_contain_text("Moved to Priya Nair, Sat")
    await expect(days.nth(5)).to_contain_text("22:00–06:00")
    await mover.press("Alt+ArrowRight")
    await expect(days.nth(6)).to_contain_text("22:00–06:00")
    await expect(mover).to_be_focused()
    await page.get_by_role("button", name="Undo").last.click()
    await expect(days.nth(5)).to_contain_text("22:00–06:00")
    await mover.click()
    asked = page.get_by_role("dialog")
    await asked.get_by_label("On the day").fill(await days.nth(1).get_attribute("data-on") or "")
    await asked.get_by_role("button", name="Move it").click()
    await expect(days.nth(1)).to_contain_text("22:00–06:00")


async def _chooses(page: Page, asked: Locator) -> None:
    """A shift on weekdays of one's choice, and a single one."""
    await page.get_by_role("button", name=re.compile("^Add for Priya .*Mon")).click()
    await asked.get_by_label("From", exact=True).fill("06:00")
    await asked.get_by_label("To", exact=True).fill("08:00")
    await asked.get_by_label("When").select_option(label="On weekdays of your choice")
    await asked.get_by_role("checkbox", name="Monday").uncheck()
    await expect(asked).to_contain_text("Choose one weekday at least.")
    for day in ("Wednesday", "Sunday"):
        await asked.get_by_role("checkbox", name=day).check()
    await assert_axe_clean(page)
    await asked.get_by_role("button", name="Add").click()
    await page.get_by_role("button", name=re.compile("^Add for Priya .*Fri")).click()
    await asked.get_by_label("From", exact=True).fill("10:00")
    await asked.get_by_label("To", exact=True).fill("11:00")
    await asked.get_by_role("button", name="Add").click()


async def test_a_lead_writes_the_roster_and_sees_its_gaps(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/roster")
    await expect(page.get_by_text("There are no shifts yet")).to_be_visible()
    now = page.get_by_role("region", name="If a post came now")
    await expect(now).to_contain_text("A question now would be due at")
    await expect(now).to_contain_text("Nothing tells when a person answers. On shift now: 0.")
    await assert_axe_clean(page)
    await page.get_by_role("button", name=re.compile("^Add for Bob .*Mon")).press("Enter")
    asked = page.get_by_role("dialog")
    await asked.get_by_label("To", exact=True).fill("06:00")
    await asked.get_by_label("From", exact=True).fill("22:00")
    await expect(asked).to_contain_text("ends on the next day")
    await asked.get_by_label("When").select_option(label="Monday to Friday, every week")
    await assert_axe_clean(page)
    await asked.get_by_role("button", name="Add").click()
    row = page.get_by_role("row", name=re.compile("^Bob"))
    await expect(row.get_by_text("22:00–06:00")).to_have_count(5)
    await expect(now).to_contain_text("A person answers by")

    await row.get_by_role("button", name=re.compile("^22:00")).nth(1).click()
    await asked.get_by_label("Give this day to").select_option(label="Priya Nair")
    await asked.get_by_role("button", name="Give it").click()
    await expect(row.get_by_text("22:00–06:00")).to_have_count(4)
    priya = page.get_by_role("row", name=re.compile("^Priya"))
    await expect(priya.get_by_text("22:00–06:00")).to_have_count(1)

    await _moves(page, priya)

    await page.get_by_role("button", name=re.compile("^Add for Bob .*Thu")).click()
    await asked.get_by_label("What").select_option(label="Sick")
    await asked.get_by_role("button", name="Add").click()
    await expect(row.get_by_text("Sick")).to_be_visible()
    await assert_axe_clean(page)
    await _chooses(page, asked)
    await expect(priya.get_by_text("06:00–08:00")).to_have_count(2)
    await page.get_by_role("button", name="The week after").click()
    await page.get_by_role("button", name="Copy last week").click()
    await expect(page.locator(".toasts")).to_contain_text("Copied: 1")
    await expect(priya.get_by_text("10:00–11:00")).to_have_count(1)
    await expect(priya.get_by_text("22:00–06:00")).to_have_count(0)  # Bob's own day is back
    await expect(row.get_by_text("22:00–06:00")).to_have_count(5)

    await page.goto(f"{desk.url}/settings/coverage")
    gaps = page.get_by_role("region", name="Nobody is there")
    await expect(gaps).to_contain_text("Monday 00:00–22:00: nobody")
    cell = page.get_by_role("row", name=re.compile("^23")).get_by_role("cell").first
    await expect(cell).to_contain_text("1 on shift")
    await assert_axe_clean(page)
    await page.get_by_role("combobox", name="Of").select_option(index=1)
    await expect(gaps).to_be_visible()
    await assert_axe_clean(page)


async def test_calendars_go_in_after_a_look_and_out_by_an_address(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/roster")
    await page.get_by_text("Take in a calendar file").click()
    file = FilePayload(name="late.ics", mimeType="text/calendar", buffer=MONTHS.encode())
    await page.get_by_label("File (.ics)").set_input_files(file)
    await expect(page.get_by_text("New shifts: 1. New absences: 0.")).to_be_visible()
    await expect(page.get_by_text("Only what repeats weekly")).to_be_visible()
    await page.get_by_role("button", name="Take it in").click()
    await expect(page.locator(".toasts")).to_contain_text("It is in the roster")
    await page.get_by_text("Show the roster in a calendar program").click()
    await page.get_by_role("button", name="Make an address").click()
    url = await page.locator(".once code").inner_text()
    answer = await page.request.get(url)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert (await answer.text()).startswith("BEGIN:VCALENDAR")
    wrong = await page.request.get(f"{desk.url}/roster/wrong.ics")
    assert wrong.status == 404


async def test_work_is_given_out_to_who_says_she_is_here(page: Page, desk: Desk) -> None:
    await sign_in(page, desk, "priya")
    await page.goto(f"{desk.url}/settings/giving")
    form = page.locator("form").first
    await form.get_by_label("Conversations are").select_option(label="given out in turn")
    await form.get_by_label("Open conversations an agent has at once").fill(
        str(1 + await page.evaluate(HERS))
    )
    await form.get_by_role("button", name="Save").click()
    await expect(page.locator(".toasts")).to_contain_text("Saved")
    await page.get_by_text("Change Alice").click()
    able = page.locator("li", has_text="Change Alice")
    await able.get_by_label("Skills").fill("Billing, router")
    await able.get_by_role("button", name="Save").click()
    await expect(able).to_contain_text("billing · router")
    await assert_axe_clean(page)
    await page.goto(desk.url)
    mine = page.get_by_role("button", name=re.compile("^You are"))
    await expect(mine).to_have_text(re.compile("Away"))
    await mine.click()
    await assert_axe_clean(page)
    await page.get_by_role("dialog").get_by_role("button", name="Here").click()
    await expect(mine).to_have_text(re.compile("Here"))
    # Others of hers may stand from tests before: whichever was given out says so.
    for _ in range(40):
        if await page.evaluate(GIVEN):
            break
        await page.wait_for_timeout(250)
    assert await page.evaluate(GIVEN)
    await page.goto(f"{desk.url}/settings/giving")
    await form.get_by_label("Conversations are").select_option(label="taken by people")
    await form.get_by_role("button", name="Save").click()
    await expect(page.locator(".toasts")).to_contain_text("Saved")
