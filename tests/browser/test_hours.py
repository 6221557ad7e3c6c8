"""Hours and answer times: begun with a size, changed with what it means beside it, put back."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, sign_in


async def test_a_lead_sets_hours_and_answer_times_and_sees_what_they_mean(
    page: Page, desk: Desk
) -> None:
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/settings/hours")
    await expect(page.get_by_text("No hours yet")).to_be_visible()
    await page.goto(f"{desk.url}/settings/policies")
    await page.get_by_label("Time zone").select_option("Europe/Berlin")
    await page.get_by_label("Public holidays of").select_option("DE")
    await page.get_by_label("Region").select_option("BY")
    await assert_axe_clean(page)
    await page.get_by_role("button", name="Begin with these").click()
    await page.get_by_role("button", name="Change Everybody").click()

    now = page.get_by_role("region", name="If a post came now")
    await expect(now).to_contain_text("Severity 5")
    await page.get_by_role("button", name="Set a target: 3, Resolved").click()
    await expect(now).to_contain_text("Resolved")
    await assert_axe_clean(page)
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".toasts")).to_contain_text("from now on")

    await page.goto(f"{desk.url}/settings/hours")
    await page.get_by_role("button", name="Change Opening hours").click()
    await expect(now).to_contain_text("within 10 min")
    await page.get_by_role("button", name="Add a slot to Monday").click()
    await page.get_by_label("Monday opens").nth(1).fill("19:00")
    await expect(now).to_contain_text("Monday 08:00–20:00 and 19:00–24:00 overlap")
    await assert_axe_clean(page)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_contain_text("overlap")
    await page.get_by_label("Monday opens").nth(1).fill("21:00")
    await expect(now).to_contain_text("within 10 min")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("(Europe/Berlin)")).to_be_visible()

    await page.goto(f"{desk.url}/settings/policies")
    await page.get_by_role("button", name="Remove Everybody").click()
    await expect(page.get_by_text("How do you work?")).to_be_visible()
    await page.goto(f"{desk.url}/settings/hours")
    await page.get_by_role("button", name="Remove Opening hours").click()
    await expect(page.get_by_text("No hours yet")).to_be_visible()


SETS = """async ([day]) => {
  const get = async (path) => (await fetch("/api/v1" + path)).json();
  const { csrf, agent } = await get("/me");
  const send = async (method, path, body) => (await fetch("/api/v1" + path, { method,
    body: JSON.stringify(body), headers: { "Content-Type": "application/json",
    "X-CSRF-Token": csrf } })).text();
  const week = Object.fromEntries(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    .map((one) => [one, ["00:00-24:00"]]));
  await send("POST", "/hours", { name: "Always", calendar: { zone: "UTC", week } });
  await send("POST", "/shifts", { agent_id: agent.id, opens: "09:00", closes: "17:00",
    from_day: day });
}"""
PUTS_BACK = """async () => {
  const get = async (path) => (await fetch("/api/v1" + path)).json();
  const { csrf } = await get("/me");
  const send = (method, path, body) => fetch("/api/v1" + path, { method, body,
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf } });
  for (const { id } of await get("/inboxes")) await send("PUT", `/inboxes/${id}/responder`, "{}");
  for (const what of ["hours", "shifts"])
    for (const { id } of await get(`/${what}`)) await send("DELETE", `/${what}/${id}`);
}"""


async def test_the_line_for_a_profile_and_what_the_roster_does_not_keep(
    page: Page, desk: Desk
) -> None:
    await sign_in(page, desk, "alice")
    await page.evaluate(SETS, ["2026-01-01"])
    await page.goto(f"{desk.url}/settings/away")
    await page.get_by_label("Somebody is there").select_option(label="Always")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("For your profile:")).to_be_visible()
    await expect(page.locator(".once code")).to_have_text("24/7")
    note = page.get_by_role("note").filter(has_text="the roster has nobody")
    await expect(note).to_contain_text("09:00")
    await expect(note).to_contain_text("more within a week")
    await assert_axe_clean(page)
    await page.evaluate(PUTS_BACK)
