"""The agents' screen on a real desk, as agents use it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, open_first, prefer, sign_in

SOON = 20_000  # milliseconds


@pytest_asyncio.fixture
async def clean(page: Page, desk: Desk) -> AsyncIterator[Page]:
    """Give a page that may neither log an error nor call another host."""
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((desk.url, "data:", "blob:"))
            else faults.append(f"calls {asked.url}")
        ),
    )
    yield page
    assert not faults


async def test_from_sign_in_to_the_first_answer(clean: Page, desk: Desk) -> None:
    page = clean
    await sign_in(page, desk, "bob")
    await prefer(page, undo_for=1)
    await page.reload()
    await open_first(page)
    await page.keyboard.press("r")
    await page.keyboard.type("Thank you, we look into it at once (4711).")
    await page.keyboard.press("Control+Enter")
    reply = page.locator(".msg.outgoing").filter(has_text="(4711)")
    await expect(reply).to_be_visible()
    await expect(composer(page)).to_have_value("")
    await expect(reply.locator(".fate")).to_have_count(0, timeout=SOON)
    assert desk.count_published("(4711)") == 1
    await page.reload()
    await expect(reply).to_have_count(1)
    await expect(composer(page)).to_have_value("")


async def test_a_reply_taken_back_is_never_published(clean: Page, desk: Desk) -> None:
    page = clean
    await sign_in(page, desk, "alice")
    await prefer(page, undo_for=20)
    await page.reload()
    await open_first(page)
    await composer(page).fill("Too quick (0815)")
    await page.get_by_role("button", name="Post publicly").click()
    await page.locator(".toast").get_by_role("button", name="Undo").click()
    await expect(composer(page)).to_have_value("Too quick (0815)")
    await expect(page.locator(".msg.outgoing")).to_have_count(0)
    await composer(page).fill("")
    assert desk.count_published("(0815)") == 0


async def test_a_draft_survives_a_reload_and_a_sign_out(
    clean: Page, desk: Desk, browser: Browser
) -> None:
    page = clean
    await sign_in(page, desk, "alice")
    where = await open_first(page)
    async with page.expect_response(re.compile("/draft$")):
        await composer(page).fill("Half a thought")
    await page.reload()
    await expect(composer(page)).to_have_value("Half a thought")
    await page.goto(f"{desk.url}/sign-out")
    await page.get_by_role("button", name="Sign out").click()
    # In another browser, only the desk can know it.
    other = await (await browser.new_context()).new_page()
    await sign_in(other, desk, "alice")
    await other.goto(f"{desk.url}/{where}")
    await expect(composer(other)).to_have_value("Half a thought")
    async with other.expect_response(re.compile("/draft$")):
        await composer(other).fill("")
    await other.context.close()


async def test_the_newer_draft_wins_and_two_are_a_choice(
    page: Page, desk: Desk, browser: Browser
) -> None:
    await sign_in(page, desk, "alice")
    where = await open_first(page)
    async with page.expect_response(re.compile("/draft$")):
        await composer(page).fill("From the desk")
    other = await (await browser.new_context()).new_page()
    await sign_in(other, desk, "alice", f"/{where}")
    await expect(composer(other)).to_have_value("From the desk")
    async with other.expect_response(re.compile("/draft$")):
        await composer(other).fill("From the phone")
    await page.reload()
    await expect(composer(page)).to_have_value("From the phone")
    # Words that never reached the desk, while it heard others.
    await page.route("**/draft", lambda route: route.abort())
    await composer(page).fill("Written on a train")
    async with other.expect_response(re.compile("/draft$")):
        await composer(other).fill("From the phone again")
    await page.goto("about:blank")
    await page.unroute("**/draft")
    await page.goto(f"{desk.url}/{where}")
    await expect(composer(page)).to_have_value("Written on a train")
    choice = page.get_by_role("alert").filter(has_text="From the phone again")
    await expect(choice).to_be_visible()
    await assert_axe_clean(page)
    async with page.expect_response(re.compile("/draft$")):
        await choice.get_by_role("button", name="Take that").click()
    await expect(composer(page)).to_have_value("From the phone again")
    await expect(choice).to_have_count(0)
    await other.context.close()
    async with page.expect_response(re.compile("/draft$")):
        await composer(page).fill("")


async def test_words_taken_back_elsewhere_return_exactly(clean: Page, desk: Desk) -> None:
    page = clean
    await sign_in(page, desk, "alice")
    await prefer(page, undo_for=20)
    await page.reload()
    await open_first(page)
    written = "Sign with ^AB, please.  Two spaces (0816)"
    await composer(page).fill(written)
    await page.keyboard.press("Control+Enter")
    reply = page.locator(".msg.outgoing").filter(has_text="(0816)")
    await reply.get_by_role("button", name="Undo").click()
    await expect(composer(page)).to_have_value(written)
    await page.reload()
    await expect(composer(page)).to_have_value(written)
    async with page.expect_response(re.compile("/draft$")):
        await composer(page).fill("")


async def test_acts_can_be_undone_and_done_to_many(clean: Page, desk: Desk) -> None:
    page = clean
    await sign_in(page, desk, "priya")
    await open_first(page)
    side = page.locator("aside dl").filter(has_text="Came in")
    before = await side.inner_text()
    await page.keyboard.press("p")
    await page.get_by_role("option", name="5: praise").click()
    await page.locator(".toast").filter(has_text="Severity 5").get_by_role("button").click()
    await page.keyboard.press("a")
    await page.get_by_role("option", name="Bob Castro").click()
    await expect(side).to_contain_text("Bob Castro")
    await page.locator(".toast").filter(has_text="Bob Castro").get_by_role("button").click()
    await page.keyboard.press("t")
    await page.get_by_role("combobox").fill("lost parcel")
    await page.keyboard.press("Enter")
    await expect(side).to_contain_text("lost parcel")
    await page.locator(".toast").filter(has_text="lost parcel").get_by_role("button").click()
    await expect(side).not_to_contain_text("lost parcel")
    await expect(side).not_to_contain_text("Bob Castro")
    assert re.search(r"Severity\s+(\d)", before)[1] in await side.inner_text()  # type: ignore[index]
    rows = page.locator(".row")
    for number in (0, 1):
        await rows.nth(number).get_by_role("checkbox").check(force=True)
    bar = page.get_by_role("toolbar")
    await bar.get_by_role("button", name="Tag").click()
    await page.get_by_role("combobox").fill("many at once")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row .tag").filter(has_text="many at once")).to_have_count(2)
    await expect(bar).to_have_count(0)


async def test_public_or_note_is_chosen_with_arrows(clean: Page, desk: Desk) -> None:
    page = clean
    await sign_in(page, desk, "priya")
    await open_first(page)
    public = page.get_by_role("radio", name="Public")
    await public.focus()
    # Backwards: between the two stands what only those can choose who are reached in private.
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_role("radio", name="Note")).to_be_focused()
    await expect(page.locator(".comp.note")).to_be_visible()
    await page.evaluate("document.documentElement.dir = 'rtl'")
    await page.keyboard.press("ArrowLeft")
    await expect(public).to_be_focused()
    await expect(page.locator(".comp.public")).to_be_visible()


async def test_a_note_stays_inside_and_calls_a_colleague(clean: Page, desk: Desk) -> None:
    page = clean
    await sign_in(page, desk, "alice")
    await open_first(page)
    await page.keyboard.press("n")
    await page.keyboard.type("@bob do you know this one? (note 1)")
    async with page.expect_response(re.compile("/notes$")) as answer:
        await page.keyboard.press("Control+Enter")
    note = await (await answer.value).json()
    assert len(note["mentions"]) == 1
    shown = page.locator(".msg.note").filter(has_text="(note 1)")
    await expect(shown).to_have_count(1)
    await page.reload()
    await expect(shown).to_have_count(1)
    await expect(composer(page)).to_have_value("")
    assert desk.count_published("(note 1)") == 0


async def test_snooze_resolve_with_a_reason_and_reopen(clean: Page, desk: Desk) -> None:
    page = clean
    await sign_in(page, desk, "alice")
    where = await open_first(page)
    await page.keyboard.press("s")
    await page.get_by_role("option", name="In an hour").click()
    await expect(page.get_by_role("status").filter(has_text="Snoozed")).to_be_visible()
    await page.goto(f"{desk.url}/{where}")
    await expect(composer(page)).to_be_visible()
    await page.keyboard.press("e")
    dialog = page.get_by_role("dialog", name="How did it end?")
    await assert_axe_clean(page)
    await dialog.get_by_role("button", name="Resolve").click()
    await expect(dialog).to_be_visible()  # silence needs a reason
    await dialog.get_by_label("Why is no answer needed?").fill("They talk to each other")
    await dialog.get_by_role("button", name="Resolve").click()
    await expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    await page.get_by_role("button", name="Reopen").click()
    await page.get_by_role("option", name="Reopen").click()
    await expect(page.locator(".head").get_by_role("button", name="Resolve")).to_be_visible()


async def test_the_palette_finds_people_words_and_commands(clean: Page, desk: Desk) -> None:
    page = clean
    await sign_in(page, desk, "alice")
    await open_first(page)
    # Whole words, since the search goes by words.
    words = re.findall(
        r"\b[a-z]{5,}\b", await page.locator(".msg.incoming .bub").first.inner_text()
    )
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill(words[0])
    await expect(page.get_by_text(re.compile("^Searched"))).to_be_visible()
    await expect(page.get_by_role("option").filter(has_text=words[0]).first).to_be_visible()
    await page.get_by_role("combobox").fill("show all keys")
    await page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Keys")
    await expect(sheet.get_by_text("Send and open the next")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await page.keyboard.press("?")
    await expect(sheet).to_be_visible()


async def test_send_and_open_the_next(clean: Page, desk: Desk) -> None:
    page = clean
    await sign_in(page, desk, "bob")
    first = await open_first(page)
    await composer(page).fill("On it (next).")
    await page.keyboard.press("Control+Shift+Enter")
    await expect(page).not_to_have_url(re.compile(first))
    await expect(page).to_have_url(re.compile("/c/"))
    await expect(composer(page)).to_have_value("")


async def test_two_tabs_share_one_stream(clean: Page, desk: Desk) -> None:
    streams: list[str] = []
    clean.context.on(
        "request",
        lambda asked: streams.append(asked.url) if "/stream" in asked.url else None,
    )
    await sign_in(clean, desk, "priya")
    where = await open_first(clean)
    other = await clean.context.new_page()
    await other.goto(f"{desk.url}/{where}")
    await expect(composer(other)).to_be_visible()
    await clean.keyboard.press("n")
    await clean.keyboard.type("seen in both tabs")
    await clean.keyboard.press("Control+Enter")
    note = other.locator(".msg.note").filter(has_text="seen in both tabs")
    await expect(note).to_have_count(1)
    assert len(streams) == 1
    # Told to start over while nothing answers, the tab that only listens asks until it is right.
    await other.route("**/api/v1/snapshot*", lambda route: route.abort(), times=1)
    await clean.evaluate("new BroadcastChannel('earful-stream').postMessage({ name: 'reset' })")
    async with other.expect_response("**/api/v1/snapshot*") as answered:
        await expect(other.locator(".banner", has_text="Reconnecting")).to_be_visible()
    assert (await answered.value).ok
    await expect(other.locator(".banner", has_text="Reconnecting")).to_have_count(0)
    # The tab that reads goes: the other one takes over.
    async with clean.context.expect_event("request", lambda asked: "/stream" in asked.url):
        await clean.close()
    await expect(other.locator(".banner", has_text="Reconnecting")).to_have_count(0)


async def test_a_killed_web_process_costs_no_reload(
    page: Page, desk: Desk, browser: Browser
) -> None:
    await sign_in(page, desk, "alice")
    where = await open_first(page)
    await page.evaluate("window.stayed = true")
    desk.kill_web()
    reconnecting = page.locator(".banner", has_text="Reconnecting")
    await expect(reconnecting).to_be_visible()
    other = await (await browser.new_context()).new_page()
    await sign_in(other, desk, "priya", f"/{where}")
    await composer(other).wait_for()
    await other.keyboard.press("n")
    await other.keyboard.type("after the crash")
    await other.keyboard.press("Control+Enter")
    note = page.locator(".msg.note").filter(has_text="after the crash")
    await expect(note).to_have_count(1, timeout=SOON)
    await expect(reconnecting).to_have_count(0, timeout=SOON)
    assert await page.evaluate("window.stayed")
    await other.context.close()


async def test_a_phone_goes_from_list_to_conversation_and_back(clean: Page, desk: Desk) -> None:
    page = clean
    await page.set_viewport_size({"width": 390, "height": 844})
    await sign_in(page, desk, "alice")
    await expect(composer(page)).to_have_count(0)
    await assert_axe_clean(page)
    await open_first(page)
    await expect(page.locator(".list")).to_be_hidden()
    await assert_axe_clean(page)
    await page.get_by_role("button", name="Back to the list").click()
    await expect(page.locator(".row").first).to_be_visible()


async def test_nothing_is_cut_off_at_any_width(clean: Page, desk: Desk) -> None:
    await sign_in(clean, desk, "alice")
    where = await open_first(clean)
    for path in ("", where, "settings/channels"):
        await clean.goto(f"{desk.url}/{path}")
        await expect(clean.locator("header")).to_be_visible()
        for width in (320, 390, 768, 1024, 1440, 3840):
            await clean.set_viewport_size({"width": width, "height": 700})
            assert await clean.evaluate("document.documentElement.scrollWidth") == width
            cut = await clean.locator("header").evaluate("bar => bar.scrollWidth - bar.clientWidth")
            assert cut <= 0, f"{cut} px of the header at {width} px"
            for part in await clean.locator(".head, .comp .as, .send").all():
                if await part.is_visible():
                    cut = await part.evaluate("part => part.scrollWidth - part.clientWidth")
                    assert cut <= 0, f"{cut} px of {part} at {width} px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_desk_and_settings_are_readable_in_both_themes(
    clean: Page, desk: Desk, scheme: str
) -> None:
    page = clean
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.goto(f"{desk.url}/sign-in")
    await assert_axe_clean(page)
    await sign_in(page, desk, "alice")
    await open_first(page)
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(18, 22, 29)" if scheme == "dark" else "rgb(250, 248, 244)")
    await assert_axe_clean(page)
    for name in ("channels", "agents", "inboxes", "macros", "views", "keyboard", "appearance",
                 "webhooks", "retention", "people", "audit", "set-aside", "tokens"):  # fmt: skip
        await page.goto(f"{desk.url}/settings/{name}")
        await expect(page.locator("main h1")).to_be_visible()
        await expect(page.get_by_text("Loading…")).to_have_count(0)
        await assert_axe_clean(page)
