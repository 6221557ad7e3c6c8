"""An answer too long for one post, where the network knows threads: seen before it is sent."""

from __future__ import annotations

from playwright.async_api import Page, expect

from earful.kit.clock import system_clock
from earful.networks.contract import Person, Post
from tests.browser.axe import assert_axe_clean
from tests.browser.desk import Desk, composer, sign_in
from tests.browser.incoming import come_in, connected

SENTENCE = "We have looked at your line from the exchange to the house, and it is fine. "
OF_THEA = """async () => {
  const { items } = await (await fetch("/api/v1/conversations?view=next&limit=100")).json();
  return items.find(({ contact }) => contact.name === "Thea Thread").id;
}"""


async def test_the_posts_of_a_long_answer_are_shown_as_they_will_stand(
    page: Page, desk: Desk
) -> None:
    handle = "northwind.bsky.example"
    channel = await connected(desk, "bluesky", handle)
    said = Post(
        external_id="at://thea/1",
        author=Person("did:plc:thea", "thea.bsky.example", "Thea Thread"),
        text=f"@{handle} is my line broken?",
        published_at=system_clock(),
        addressed=True,
    )
    await come_in(desk, said, handle=handle)
    await sign_in(page, desk, "alice")
    await page.goto(f"{desk.url}/c/{await page.evaluate(OF_THEA)}")
    await expect(page.locator(".head")).to_contain_text("Public on Bluesky")
    send = page.locator(".send")
    await composer(page).fill(SENTENCE * 2)
    await expect(send).to_contain_text(f"{300 - len(SENTENCE * 2) - len('^AB')} left")
    await composer(page).fill(SENTENCE * 6)
    await expect(send).to_contain_text("goes out as 2 posts")
    await page.get_by_text("Show the 2 posts").click()
    posts = page.locator(".parts li")
    texts = await posts.all_inner_texts()
    assert len(texts) == 2
    assert all(len(text) <= 300 for text in texts)
    assert texts[0].startswith(SENTENCE)
    assert texts[1].endswith("^AB")
    await assert_axe_clean(page)
    await expect(send.get_by_role("button", name="Post publicly")).to_be_enabled()
    await composer(page).fill("Short after all.")
    await expect(posts).to_have_count(0)
    await composer(page).fill("")
    gone = await page.evaluate(
        """async (id) => {
          const me = await (await fetch("/api/v1/me")).json();
          const headers = { "X-CSRF-Token": me.csrf };
          return (await fetch(`/api/v1/channels/${id}`, { method: "DELETE", headers })).status;
        }""",
        channel,
    )
    assert gone == 204
