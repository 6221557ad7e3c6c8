"""Mentions, replies and what X does not let one say."""

from __future__ import annotations

from datetime import datetime

import pytest

from earful.networks.x.simulator import Plan
from earful.networks.x.simulator.problems import DUPLICATE, NOT_SUMMONED

from .client import Brand


async def test_mentions_are_walked_in_pages_until_the_last_known(brand: Brand) -> None:
    """Every mention once, newest first, none before `since_id`."""
    known = brand.says("@Northwind the first")
    sent = [brand.says(f"@northwind number {number}").id for number in range(12)]
    brand.says("nobody is called here")
    seen: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = await brand.mentions(since_id=known.id, max_results=5, **token)
        seen += [post["id"] for post in page["data"]]
        assert len(page["data"]) <= 5
        if "next_token" not in page["meta"]:
            break
        token = {"pagination_token": page["meta"]["next_token"]}
    assert seen == sent[::-1]
    assert await brand.mentions(since_id=sent[-1]) == {"meta": {"result_count": 0}}


async def test_a_text_leaves_as_x_writes_it(brand: Brand) -> None:
    """Escaped, links shortened, indices in UTF-16 units of what stands there."""
    brand.says("🦊 <late> & @Northwind see https://www.example.com/x?y=1#z #Late", lang="sv")
    (post,) = (await brand.mentions(**{"tweet.fields": "entities,lang,display_text_range"}))["data"]
    assert post["text"].startswith("🦊 &lt;late&gt; &amp; @Northwind see https://t.co/")
    units = post["text"].encode("utf-16-le")
    (link,), (called,) = post["entities"]["urls"], post["entities"]["mentions"]
    assert units[2 * link["start"] : 2 * link["end"]].decode("utf-16-le") == link["url"]
    assert units[2 * called["start"] : 2 * called["end"]].decode("utf-16-le") == "@Northwind"
    assert link["expanded_url"] == "https://www.example.com/x?y=1#z"
    assert post["display_text_range"] == [0, len(units) // 2]


async def test_links_that_x_adds_stand_behind_the_shown_text(brand: Brand) -> None:
    """Of a picture, with its key, and of what is quoted."""
    other = brand.says("the first")
    brand.says("@Northwind look", quote=other.id, alts=("a box",))
    (post,) = (await brand.mentions(**{"tweet.fields": "entities,display_text_range"}))["data"]
    assert post["display_text_range"] == [0, len("@Northwind look")]
    quoted, picture = post["entities"]["urls"]
    assert quoted["expanded_url"].endswith(f"/status/{other.id}")
    assert picture["expanded_url"].endswith(f"/dana/status/{post['id']}/photo/1")
    assert picture["media_key"].startswith("3_")


async def test_a_long_post_has_its_whole_text_apart(brand: Brand) -> None:
    whole = "@Northwind " + "a long story, " * 40
    brand.says(whole)
    (post,) = (await brand.mentions(**{"tweet.fields": "note_tweet"}))["data"]
    assert post["note_tweet"]["text"] == whole
    assert len(post["text"]) < 280


async def test_a_reply_stands_once_in_the_ledger(brand: Brand) -> None:
    asked = brand.says("@Northwind @tom where is it?", by="dana")
    answer = await brand.reply(asked, "On its way")
    assert answer.status_code == 201
    assert answer.json()["data"]["text"] == "@dana On its way"
    (entry,) = [entry for entry in brand.state.world.ledger if entry.own]
    assert (entry.id, entry.parent_id) == (answer.json()["data"]["id"], asked.id)
    again = await brand.reply(asked, "On its way")
    assert (again.status_code, again.json()["detail"]) == (403, DUPLICATE)
    gone = await brand.user.delete(f"/2/tweets/{entry.id}")
    assert gone.json() == {"data": {"deleted": True}}
    assert brand.state.world.ledger[-1].kind == "deletion"


@pytest.mark.parametrize("implicit", [True, False])
async def test_only_the_summoned_may_reply(brand: Brand, implicit: bool) -> None:
    """Where a follow-up's own mention counts or not; X does not say, so both can be played."""
    brand.state.plan.implicit_summons = implicit
    elsewhere = brand.says("Northwind is late again")
    refused = await brand.reply(elsewhere, "Sorry")
    assert (refused.status_code, refused.json()["detail"]) == (403, NOT_SUMMONED[0])
    asked = brand.says("@Northwind hello?")
    answered = await brand.reply(asked, "Hello!")
    ours = brand.state.world.posts[answered.json()["data"]["id"]]
    follow_up = brand.says("still nothing", reply_to=ours.id)
    assert follow_up.text == "@Northwind still nothing"
    answer = await brand.reply(follow_up, "We look into it")
    assert answer.status_code == (201 if implicit else 403)
    if not implicit:
        assert answer.json()["detail"] == NOT_SUMMONED[1]
    quoting = brand.says("what a joke", quote=ours.id)
    assert (await brand.reply(quoting, "Tell us more")).status_code == 201


async def test_enterprise_replies_anywhere_and_may_quote(brand: Brand) -> None:
    post = brand.says("Northwind is late again")
    quote = {"text": "Look", "quote_tweet_id": post.id}
    assert (await brand.user.post("/2/tweets", json=quote)).status_code == 403
    brand.state.plan.tier = "enterprise"
    assert (await brand.reply(post, "Sorry")).status_code == 201
    assert (await brand.user.post("/2/tweets", json=quote)).status_code == 201


async def test_what_is_not_to_be_had_is_told_in_errors(brand: Brand) -> None:
    """Deleted, protected and unknown posts; withheld ones say where."""
    shut = brand.says("@Northwind psst", by="shy")
    brand.state.world.users[shut.author_id].protected = True
    gone, here = brand.says("@Northwind oops"), brand.says("@Northwind hi")
    brand.state.world.remove(gone, by_api=False)
    here.withheld = ("DE",)
    ids = f"{shut.id},{gone.id},{here.id},77"
    answer = await brand.user.get("/2/tweets", params={"ids": ids, "tweet.fields": "withheld"})
    told = answer.json()
    assert [post["id"] for post in told["data"]] == [here.id]
    assert told["data"][0]["withheld"]["country_codes"] == ["DE"]
    kinds = [error["type"].rsplit("/", 1)[1] for error in told["errors"]]
    assert kinds == ["not-authorized-for-resource", "resource-not-found", "resource-not-found"]


async def test_an_edit_is_a_new_post_with_one_history(brand: Brand) -> None:
    first = brand.says("@Northwind wher is it")
    second = brand.says("@Northwind where is it", edit=first.id)
    (post,) = (await brand.mentions())["data"]
    assert post["edit_history_tweet_ids"] == [first.id, second.id]
    assert post["id"] == second.id
    own = (await brand.user.post("/2/tweets", json={"text": "Open agian"})).json()["data"]["id"]
    body = {"text": "Open again", "edit_options": {"previous_post_id": own}}
    brand.state.now.advance(60)
    edited = await brand.user.post("/2/tweets", json=body)
    assert edited.json()["data"]["edit_history_tweet_ids"][0] == own
    brand.state.now.advance(3600)
    body["edit_options"] = {"previous_post_id": edited.json()["data"]["id"]}
    assert (await brand.user.post("/2/tweets", json=body | {"text": "No"})).status_code == 403


async def test_answers_speak_the_words_of_the_request(brand: Brand) -> None:
    asked = brand.says("@Northwind hi", reply_to=brand.says("hello world").id)
    path = f"/2/tweets/{asked.id}"
    old = {"tweet.fields": "text", "expansions": "referenced_tweets.id"}
    new = {"post.fields": "text", "expansions": "referenced_posts"}
    told = [(await brand.user.get(path, params=query)).json() for query in (old, new)]
    assert ("tweets" in told[0]["includes"], "posts" in told[1]["includes"]) == (True, True)
    assert "edit_history_tweet_ids" in told[0]["data"]
    assert "edit_history_post_ids" in told[1]["data"]
    unknown = await brand.user.get(path, params={"post.fields": "author_id"})
    assert unknown.status_code == 400


async def test_hiding_is_for_ones_own_conversation(brand: Brand) -> None:
    ours = (await brand.user.post("/2/tweets", json={"text": "We are open"})).json()["data"]["id"]
    rude = brand.says("you fools", reply_to=ours)
    hidden = await brand.user.put(f"/2/tweets/{rude.id}/hidden", json={"hidden": True})
    assert hidden.json() == {"data": {"hidden": True}}
    assert rude.hidden
    other = brand.says("mine", reply_to=brand.says("my own").id)
    answer = await brand.user.put(f"/2/tweets/{other.id}/hidden", json={"hidden": True})
    assert answer.status_code == 403


@pytest.mark.parametrize("plan", [Plan(started_at=datetime.fromisoformat("2026-03-02T23:30Z"))])
async def test_it_costs_what_the_table_says(brand: Brand) -> None:
    """Once for the same resource and UTC day; a link makes a post dear."""
    asked = brand.says("@Northwind hi")
    for _ in range(3):
        await brand.mentions()
    await brand.reply(asked, "Hello")
    await brand.user.post("/2/tweets", json={"text": "See https://example.com/help"})
    (today,) = brand.state.spend.told().values()
    assert today["items"] == {"read_mention": 1, "post_with_link": 1, "summoned_reply": 1}
    assert today["total"] == "0.211"
    brand.state.now.advance(3600)
    await brand.mentions()
    assert brand.state.spend.told()["2026-03-03"]["total"] == "0.001"


async def test_requests_are_limited_by_endpoint_and_token(brand: Brand) -> None:
    for _ in range(15):
        last = await brand.user.get("/2/dm_events")
    assert (last.status_code, last.headers["x-rate-limit-remaining"]) == (200, "0")
    refused = await brand.user.get("/2/dm_events")
    assert (refused.status_code, refused.json()["title"]) == (429, "Too Many Requests")
    resets = int(refused.headers["x-rate-limit-reset"])
    assert resets == int(brand.state.now().timestamp()) + 900
    assert (await brand.user.get("/2/users/me")).status_code == 200
    brand.state.now.advance(900)
    assert (await brand.user.get("/2/dm_events")).status_code == 200
