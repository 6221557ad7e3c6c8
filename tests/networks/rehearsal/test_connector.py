"""The channel in one process: streaming, sending, settling, looking, and going on after a stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from earful.networks.contract import (
    Change,
    Connector,
    Draft,
    Looks,
    Post,
    Rejected,
    RetryLater,
    Sends,
    Settles,
    Streams,
    Target,
    Uncertain,
    Upload,
)
from earful.networks.rehearsal.connector import RehearsalConnector

from .conftest import START, Open


async def told(
    channel: RehearsalConnector, since: Mapping[str, Any] | None, least: int
) -> tuple[list[Change], Mapping[str, Any]]:
    """At least `least` changes from the cursor on, and the cursor after them."""
    changes: list[Change] = []
    async for batch in channel.stream(since):
        changes += batch.changes
        if len(changes) >= least:
            assert batch.cursor is not None
            return changes, batch.cursor
    raise AssertionError("the stream ended")


def answer_to(post: Post, text: str = "We are on it. ^AB") -> Draft:
    return Draft(text=text, reply_to=Target(post.external_id, post.author.handle, post.ref))


async def test_keeps_all_protocols(open_channel: Open) -> None:
    channel = open_channel()
    for protocol in (Connector, Streams, Sends, Settles, Looks):
        assert isinstance(channel, protocol)
    assert (await channel.probe()).handle == "Northwind"


async def test_a_desk_that_just_opened_is_not_empty(open_channel: Open) -> None:
    changes, _ = await told(open_channel(), None, 25)
    openings = [c for c in changes if isinstance(c, Post) and c.parent_id is None]
    ages = [START - post.published_at for post in openings]
    assert len({post.external_id for post in openings}) >= 25
    assert max(ages) > timedelta(minutes=18)
    assert min(ages) < timedelta(minutes=2)
    assert all("@Northwind" in post.text for post in openings)


async def test_the_same_seed_plays_the_same_town(open_channel: Open) -> None:
    first, _ = await told(open_channel(seed="7"), None, 80)
    second, _ = await told(open_channel(seed="7"), None, 80)
    other, _ = await told(open_channel(seed="8"), None, 80)
    assert first[:80] == second[:80]
    assert first[:80] != other[:80]


async def test_goes_on_after_a_restart_without_a_gap(open_channel: Open, tmp_path: Path) -> None:
    whole, _ = await told(open_channel(ledger=str(tmp_path / "a")), None, 90)
    channel = open_channel(ledger=str(tmp_path / "b"))
    before, cursor = await told(channel, None, 40)
    await channel.close()
    after, _ = await told(open_channel(ledger=str(tmp_path / "b")), cursor, 50)
    ids = [change.external_id for change in before + after]
    assert ids[:90] == [change.external_id for change in whole][:90]


async def test_a_reply_stands_can_be_looked_up_and_survives(
    open_channel: Open, tmp_path: Path
) -> None:
    channel = open_channel(ledger=str(tmp_path / "town"))
    changes, _ = await told(channel, None, 25)
    post = next(c for c in changes if isinstance(c, Post))
    draft = answer_to(post)
    assert await channel.settle(draft, "key-1") is None
    receipt = await channel.send(draft, "key-1")
    await channel.close()

    again = open_channel(ledger=str(tmp_path / "town"))
    assert await again.settle(draft, "key-1") == receipt
    seen = await again.look(receipt.parts[0].external_id)
    assert seen is not None
    assert (seen.own, seen.text, seen.parent_id) == (True, draft.text, post.external_id)
    assert await again.look("999999") is None


async def test_a_second_send_with_the_same_key_stands_twice(open_channel: Open) -> None:
    channel = open_channel()
    first = await channel.send(Draft(text="Hello"), "key-1")
    second = await channel.send(Draft(text="Hello"), "key-1")
    assert first.parts[0].external_id != second.parts[0].external_id


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (Draft(text="a" * 281), "281"),
        (Draft(text="  "), "empty"),
        (Draft(text="x", uploads=(Upload(b"", "image/png", " ", 1, 1),)), "alt"),
        (Draft(text="x", uploads=(Upload(b"", "image/png", "a cat", 1, 1),) * 5), "pictures"),
        (Draft(text="x", reply_to=Target("nobody", "x", {})), "gone"),
    ],
)
async def test_says_why_a_post_is_refused(open_channel: Open, draft: Draft, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        await open_channel().send(draft, "key-1")


async def test_two_handles_share_a_town(open_channel: Open, tmp_path: Path) -> None:
    config = {"handles": "Northwind NorthwindCare", "ledger": str(tmp_path / "town")}
    main, _ = await told(open_channel(handle="Northwind", **config), None, 20)
    care, _ = await told(open_channel(handle="NorthwindCare", **config), None, 5)
    assert {c.external_id for c in main}.isdisjoint({c.external_id for c in care})
    assert any("@NorthwindCare" in c.text for c in care if isinstance(c, Post))


async def test_settings_that_make_no_sense_are_refused(open_channel: Open) -> None:
    for wrong in ({"rate": "often"}, {"started_at": "soon"}, {"seed": "x"}):
        with pytest.raises(Rejected):
            open_channel(**wrong)


async def test_a_disk_that_refuses_is_told_in_the_contracts_words(
    open_channel: Open, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    channel = open_channel(ledger=str(tmp_path / "file" / "town"))
    with pytest.raises(Uncertain, match="ledger"):
        await channel.send(Draft(text="Hello"), "key-1")
    with pytest.raises(RetryLater, match="ledger"):
        await told(channel, None, 1)
    with pytest.raises(RetryLater, match="ledger"):
        await channel.settle(Draft(text="Hello"), "key-1")


@pytest.mark.parametrize("text", ["Dear Sir or Madam,\n", "one line without an end", "{}\n"])
async def test_a_file_that_is_no_ledger_is_left_alone(
    open_channel: Open, tmp_path: Path, text: str
) -> None:
    (tmp_path / "letter").write_text(text)
    with pytest.raises(Rejected, match="letter"):
        await told(open_channel(ledger=str(tmp_path / "letter")), None, 1)
    assert (tmp_path / "letter").read_text() == text
