"""What goes out: to whom, readable by whom, once whatever the server ignores."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from earful.kit.ids import new_id
from earful.networks.contract import (
    Draft,
    Rejected,
    RetryLater,
    Target,
    Upload,
    Visibility,
)
from earful.networks.mastodon import NETWORK
from tests.networks.mastodon.bench import Bench
from tests.networks.mastodon.server import Account
from tests.networks.mastodon.village_server import VillageServer

SENTENCE = "This is a sentence of some length, number {}. "


async def answering(bench: Bench, village: VillageServer, status: dict[str, Any]) -> Target:
    """The target that a told post becomes."""
    post = await bench.connector.look(f"{village.url.partition('://')[2]}/{status['id']}")
    assert post is not None
    return Target(post.external_id, post.author.handle, post.ref)


@pytest.mark.parametrize(
    ("asked", "drafted", "answered"),
    [
        ("public", Visibility.PUBLIC, "public"),
        ("unlisted", Visibility.PUBLIC, "unlisted"),
        ("private", Visibility.PUBLIC, "direct"),
        ("direct", Visibility.PUBLIC, "direct"),
        ("direct", Visibility.DIRECT, "direct"),
        ("public", Visibility.DIRECT, "direct"),
    ],
)
async def test_an_answer_is_never_more_public_than_what_it_answers(
    there: Bench, village: VillageServer, asked: str, drafted: Visibility, answered: str
) -> None:
    northwind = village.account_of(there.token)
    dana = await village.account("dana")
    made = await dana.post(f"@{northwind.acct} help", visibility=asked)
    target = await answering(there, village, made)
    await there.connector.send(Draft(text="Yes.", reply_to=target, visibility=drafted), new_id())
    [status] = await northwind.posts()
    assert (status["visibility"], status["in_reply_to_id"]) == (answered, made["id"])
    assert status["text"] == f"@{dana.acct} Yes."


async def test_who_is_named_already_is_not_named_twice(
    there: Bench, village: VillageServer, northwind: Account, dana: Account
) -> None:
    target = await answering(there, village, await dana.post(f"@{northwind.acct} help"))
    draft = Draft(text=f"Hello @{dana.full}, *yes*.", reply_to=target, warning="food")
    await there.connector.send(draft, new_id())
    [status] = await northwind.posts()
    assert (status["text"], status["spoiler_text"]) == (f"Hello @{dana.full}, *yes*.", "food")
    assert "*yes*" in status["content"]  # signs are no markup


async def test_the_key_is_ignored_and_settling_finds_what_stands(
    there: Bench, village: VillageServer, northwind: Account, dana: Account
) -> None:
    """Three sends are three posts there: nobody may send again on the strength of the key."""
    assert not NETWORK.manifest.idempotent_send
    target = await answering(there, village, await dana.post(f"@{northwind.acct} help"))
    draft, key = Draft(text="On our way 🚚", reply_to=target), new_id()
    sent = [await there.connector.send(draft, key) for _ in range(3)]
    assert len(await northwind.posts()) == 3
    assert await there.open().settle(draft, key) == sent[0]


async def test_settling_is_not_taken_in_by_what_only_looks_alike(
    there: Bench, village: VillageServer, northwind: Account, dana: Account
) -> None:
    """The same words under another post, older ones, or other words are not it."""
    one = await dana.post(f"@{northwind.acct} help")
    other = await dana.post(f"@{northwind.acct} help me too")
    target = await answering(there, village, one)
    draft, key = Draft(text="Thanks!", reply_to=target), new_id()
    await northwind.post(f"@{dana.acct} Thanks!", in_reply_to_id=other["id"])
    await northwind.post(f"@{dana.acct} Thanks a lot!", in_reply_to_id=one["id"])
    old = {"in_reply_to_id": one["id"], "created_at": "2026-01-01T00:00:00.000Z"}
    await northwind.post(f"@{dana.acct} Thanks!", **old)
    assert await there.connector.settle(draft, key) is None
    sent = await there.connector.send(draft, key)
    assert await there.connector.settle(draft, key) == sent


async def test_a_thread_cut_short_is_completed(
    there: Bench, village: VillageServer, northwind: Account, dana: Account
) -> None:
    """The limit strikes after the first part; the same key adds the others, and none twice."""
    target = await answering(
        there, village, await dana.post(f"@{northwind.acct} tell", visibility="direct")
    )
    text = "".join(SENTENCE.format(number) for number in range(260))
    draft, key = Draft(text=text, reply_to=target), new_id()
    village.village.limited_after = 1
    with pytest.raises(RetryLater) as cut:
        await there.connector.send(draft, key)
    assert (cut.value.begun, cut.value.after, len(await northwind.posts())) == (1, 30, 1)
    assert await there.connector.settle(draft, key) is None

    village.village.limited_after = None
    receipt = await there.connector.send(draft, key)
    standing = await northwind.posts()
    assert [part.external_id.rpartition("/")[2] for part in receipt.parts] == [
        status["id"] for status in standing
    ]
    assert len(standing) == 3
    assert [status["in_reply_to_id"] for status in standing[1:]] == [
        status["id"] for status in standing[:-1]
    ]
    # Only who is named may read a direct post: each part names her.
    assert all(status["text"].startswith(f"@{dana.acct} ") for status in standing)


async def test_pictures_are_waited_for_and_described(
    there: Bench, village: VillageServer, northwind: Account
) -> None:
    upload = Upload(b"\xff\xd8 not looked at here", "image/jpeg", "A red light", 10, 10)
    await there.connector.send(Draft(text="see", uploads=(upload,)), new_id())
    [status] = await northwind.posts()
    assert status["media_attachments"][0]["description"] == "A red light"
    assert status["media_attachments"][0]["url"]


async def test_limits_are_the_servers_own(there: Bench) -> None:
    limits = await there.connector.limits()
    assert (limits.length, limits.link_length, limits.images) == (5000, 25, 6)
    assert (limits.image_bytes, limits.image_types) == (40_000_000, ("image/jpeg",))
    text = "x" * 4968 + " https://example.com"
    assert NETWORK.count_by(text, limits) == 4968 + 26
    parts = [part.text for part in (await there.connector.send(Draft(text=text), new_id())).parts]
    assert parts == NETWORK.split_by(text, limits)
    assert len(parts) == 2


async def test_removes_our_own_only(there: Bench, northwind: Account, dana: Account) -> None:
    """Twice is as good as once; a stranger's post is refused in words."""
    receipt = await there.connector.send(Draft(text="oops"), new_id())
    external_id = receipt.parts[0].external_id
    await there.connector.remove(external_id)
    await there.connector.remove(external_id)
    assert await northwind.posts() == []
    theirs = await dana.post("mine")
    with pytest.raises(Rejected, match="this account"):
        await there.connector.remove(f"{external_id.rpartition('/')[0]}/{theirs['id']}")


@pytest.mark.parametrize(
    "draft",
    [
        Draft(text="  "),
        Draft(text="psst", visibility=Visibility.DIRECT),
        Draft(text="mail", visibility=Visibility.EMAIL),
        Draft(text="x", uploads=(Upload(b"x", "image/jpeg", "a", 1, 1),) * 7),
        Draft(text="x", uploads=(Upload(b"x", "image/gif", "a", 1, 1),)),
        Draft(text="x", uploads=(Upload(bytes(40_000_001), "image/jpeg", "a", 1, 1),)),
        Draft(text="word " * 20_000),
        Draft(text="x", reply_to=Target("127.0.0.1/1", "nobody", {})),
    ],
    ids=["empty", "direct to nobody", "mail", "seven pictures", "gif", "large", "long", "gone"],
)
async def test_refuses_in_words(there: Bench, northwind: Account, draft: Draft) -> None:
    """What the server can't carry is refused before anything is published."""
    with pytest.raises(Rejected) as refused:
        await there.connector.send(draft, new_id())
    assert len(str(refused.value).split()) > 3
    assert await northwind.posts() == []


async def test_a_spent_budget_stops_before_the_network(there: Bench, northwind: Account) -> None:
    there.budget.spent.add("posts")
    with pytest.raises(RetryLater):
        await there.connector.send(Draft(text="too much"), new_id())
    assert await northwind.posts() == []


async def test_two_who_send_at_once_do_not_meet(there: Bench, northwind: Account) -> None:
    drafts = [Draft(text=f"number {number}") for number in range(5)]
    receipts = await asyncio.gather(*(there.connector.send(draft, new_id()) for draft in drafts))
    texts = {status["id"]: status["text"] for status in await northwind.posts()}
    for draft, receipt in zip(drafts, receipts, strict=True):
        assert texts[receipt.parts[0].external_id.rpartition("/")[2]] == draft.text
