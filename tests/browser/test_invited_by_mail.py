"""Asked in public to write a mail: she does, from a program of her own, and is answered there."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, prefer, sign_in
from tests.networks.email.bench import CAROL, Bench
from tests.networks.email.imap_server import PASSWORD, USER, pymap_server
from tests.networks.email.smtp_server import smtp_server
from tests.networks.mastodon.bench import until

CONNECTED = """async (fields) => {
  const me = await (await fetch("/api/v1/me")).json();
  const [inbox] = await (await fetch("/api/v1/inboxes")).json();
  const answer = await fetch("/api/v1/channels", { method: "POST",
    body: JSON.stringify({ network: "email", inbox_id: inbox.id, fields }),
    headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf } });
  if (!answer.ok) throw new Error(await answer.text());
}"""
CODE = re.compile(re.escape(USER) + r", with (\[[a-z2-9]{10}\]) in the subject")


async def test_asked_to_write_a_mail_she_comes_and_is_answered_there(
    page: Page, desk: Desk
) -> None:
    await sign_in(page, desk, "alice")
    await prefer(page, undo_for=1)
    async with pymap_server() as mail, smtp_server(mail) as post:
        bench = Bench(mail, post, dns="127.0.0.1:9")
        fields = {name: told for name, told in bench.config.items() if name != "answer_within"}
        await page.evaluate(CONNECTED, fields | {"password": PASSWORD})
        await page.reload()
        row = page.locator(".row").filter(has_not_text=re.compile("draft|yours|Alice")).first
        await row.locator(".row-in").click()
        await expect(composer(page)).to_be_visible()
        public = page.url
        await page.keyboard.press("v")
        await page.get_by_role("option", name="Ask them to write a mail").click()
        await expect(composer(page)).to_have_value(CODE)
        asked = CODE.search(await composer(page).input_value())
        assert asked is not None
        await page.locator(".comp .btn.go").click()
        await expect(page.locator(".linked")).to_contain_text(
            "asked to write a mail", timeout=20_000
        )

        await bench.write("Here I am, order 4471", Subject=f"My order {asked[1]}")
        await expect(page.get_by_text("has come to you in private.")).to_be_visible(timeout=20_000)
        await page.get_by_role("button", name="Open the private one").last.click()
        await page.wait_for_url(lambda url: "/c/" in url and url != public)
        await expect(page.locator(".linked")).to_contain_text("Came from the public conversation")
        await expect(page.locator(".flow")).to_contain_text("Here I am, order 4471")
        await assert_axe_clean(page)
        await composer(page).fill("Thank you, it left today.")
        await page.locator(".comp .btn.go").click()
        await until(lambda: bool(post.got))
        [answer] = post.got
        assert (answer["To"], asked[1] in str(answer["Subject"])) == (CAROL, True)
        await expect(page.locator(".msg.outgoing").last).to_contain_text("it left today.")

        # Her code is spent: whoever reads it in public comes as anybody does.
        await bench.write("Me too", Subject=f"Re: {asked[1]}", From="eve@evil.example")
        await page.goto(public)
        await expect(page.locator(".linked")).to_contain_text("arrived")
        await page.goto(f"{desk.url}/settings/channels")
        mailbox = page.locator(".channel").filter(has_text=USER)
        await mailbox.get_by_role("button", name="Disconnect").click()
        await page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
        await expect(mailbox).to_have_count(0)
