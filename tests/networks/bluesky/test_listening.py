"""What only Bluesky does: firehose and notifications together, edits, quotes, our own posts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from earful.kit.clock import system_clock
from earful.networks.bluesky.keys import stamp
from earful.networks.conformance import Ear
from earful.networks.contract import Change, Deletion, Post
from tests.networks.bluesky.bench import WITHIN, Bench, listen
from tests.networks.bluesky.network import Account, BlueskyNetwork, mention

NOWHERE = "ws://127.0.0.1:1"


def told(external_id: str) -> Callable[[list[Change]], bool]:
    """Whether a post of that id is among the changes."""
    return lambda changes: any(isinstance(each, Post) and each.external_id == external_id
                               for each in changes)  # fmt: skip


def found(changes: list[Change], external_id: str) -> Post:
    """The last telling of a post."""
    return [each for each in changes if isinstance(each, Post) and each.external_id == external_id][
        -1
    ]


async def write(who: Account, brand: Account, text: str) -> dict[str, str]:
    """A mention of the brand."""
    signed = f"@{brand.handle} {text}"
    return await who.post(signed, facets=[mention(signed, brand)])


async def test_cursor_from_the_future(bench: Bench, brand: Account, carol: Account) -> None:
    """A relay that was set back: we start from now, and the notifications fill the gap."""
    made = await write(carol, brand, "before")
    since = {"firehose": 10**12, "firehose_url": bench.firehose, "seen_at": stamp(system_clock())}
    async with asyncio.timeout(WITHIN), Ear(bench.connector, since) as ear:
        await ear.post(made["uri"])
        while bench.seq(ear.cursor) == 10**12:
            await write(carol, brand, "something new for the firehose")
            await asyncio.sleep(0.1)
    assert bench.seq(ear.cursor) < 10**12


async def test_firehose_dead(bench: Bench, brand: Account, carol: Account) -> None:
    """The notifications go on alone."""
    made = await write(carol, brand, "no firehose")
    connector = bench.open(firehose=NOWHERE)
    heard = await listen(connector, told(made["uri"]))
    assert found(heard.changes, made["uri"]).addressed


async def test_firehose_off_and_away_for_an_hour(
    bench: Bench, brand: Account, carol: Account
) -> None:
    """Notifications alone fill the gap since the cursor, newest known item or not."""
    first = await write(carol, brand, "one")
    heard = await listen(bench.open(firehose="off"), told(first["uri"]))
    second = await write(carol, brand, "two")
    again = await listen(bench.open(firehose="off"), told(second["uri"]), since=heard.cursor)
    assert "firehose" not in again.cursor


async def test_quote_reply_edit_and_own(bench: Bench, brand: Account, carol: Account) -> None:
    """All of it comes by replaying the firehose from its beginning."""
    ours = await brand.post("We are hiring")
    quote = {"$type": "app.bsky.embed.record", "record": ours}
    quoting = await carol.post("look at this", embed=quote)
    below = await carol.post("hm", reply={"root": ours, "parent": quoting})
    edited = await carol.post("hello", reply={"root": ours, "parent": ours})
    await carol.edit(edited["uri"], "hello, edited", reply={"root": ours, "parent": ours})
    unrelated = await carol.post("nothing to do with anybody")
    await carol.delete(unrelated["uri"])

    since = {"firehose": 0, "firehose_url": bench.firehose}
    heard = await listen(bench.connector, gone(unrelated["uri"]), since=since)
    assert found(heard.changes, ours["uri"]).own
    assert found(heard.changes, quoting["uri"]).quoted_id == ours["uri"]
    assert found(heard.changes, below["uri"]).addressed
    newest = found(heard.changes, edited["uri"])
    assert newest.text == "hello, edited"
    assert not told(unrelated["uri"])(heard.changes)


async def test_looks_a_post_up(
    bench: Bench, network: BlueskyNetwork, carol: Account, brand: Account
) -> None:
    """A post nobody delivered, and one that is gone."""
    made = await carol.post("nobody was named")
    await carol.shown(made["uri"])
    post = await bench.connector.look(made["uri"])
    assert post is not None
    assert (post.text, post.addressed, post.author.handle) == (
        "nobody was named",
        False,
        carol.handle,
    )
    await carol.delete(made["uri"])
    await carol.gone(made["uri"])
    assert await bench.connector.look(made["uri"]) is None


def gone(external_id: str) -> Callable[[list[Change]], bool]:
    """Whether the deletion was told."""
    return lambda changes: any(isinstance(each, Deletion) and each.external_id == external_id
                               for each in changes)  # fmt: skip
