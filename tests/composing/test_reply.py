"""A reply: signed once, aimed at somebody, covering what that one waits for."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from earful.composing.preview import Channel, Preview, preview, signed
from earful.desk.drafts import Draft, keep_draft
from earful.desk.merge import merge
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import graphemes
from earful.networks.bluesky.split import split
from earful.networks.contract import Deletion, Visibility
from earful.networks.registry import networks
from tests.cast import DAVE, START, Cast, post
from tests.desk.acts import answer, card_of, delivery, home_of, rows, take
from tests.networks import doors


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hello", "Hello ^BO"),
        ("  Hello \n", "Hello ^BO"),
        ("Hello ^BO", "Hello ^BO"),
        ("^BO said hello", "^BO said hello ^BO"),
    ],
)
def test_the_sign_off_stands_once(text: str, wanted: str) -> None:
    assert signed(text, "BO") == wanted
    assert signed(text, "") == text.strip()


async def test_it_covers_who_is_answered_and_nobody_else(cast: Cast) -> None:
    await take(cast, post("1"), post("2", published_at=START + timedelta(seconds=1)))
    await take(cast, post("3", author=DAVE, parent_id="1"))
    home = await home_of(cast, "1")
    [first] = await rows(cast, "SELECT id FROM message WHERE external_id = '1'")
    sent = await answer(cast, home, in_reply_to=first["id"])
    covered = await rows(
        cast, "SELECT external_id FROM message WHERE id = ANY($1::uuid[])", sent.covers
    )
    assert {row["external_id"] for row in covered} == {"1", "2"}
    assert sent.draft["reply_to"]["external_id"] == "1"


async def test_who_answers_what_nobody_has_takes_it(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    await answer(cast, home)
    assert (await card_of(cast, home)).assignee_id == cast.bob.id
    await answer(cast, home, who=cast.alice)
    assert (await card_of(cast, home)).assignee_id == cast.bob.id


async def test_the_draft_is_gone_once_it_is_sent(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    for who in (cast.bob, cast.alice):
        async with cast.works.open(cast.workspace_id, who) as work:
            await keep_draft(work, home, str(who.id), Draft(text="half"))
    await answer(cast, home)
    left = await rows(cast, "SELECT agent_id FROM draft")
    assert [row["agent_id"] for row in left] == [cast.alice.id]


async def test_an_empty_draft_is_forgotten(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    for text in ("half\x00", "  "):
        async with cast.works.open(cast.workspace_id, cast.bob) as work:
            await keep_draft(work, home, str(cast.bob.id), Draft(text=text))
    assert await rows(cast, "SELECT 1 FROM draft") == []


async def test_a_vanished_post_stops_the_reply(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    [first] = await rows(cast, "SELECT id FROM message WHERE external_id = '1'")
    seen = (await card_of(cast, home)).version
    await take(cast, Deletion(external_id="1", at=START))
    cast.time.pass_(minutes=2)
    with pytest.raises(Refused) as stopped:
        await answer(cast, home, in_reply_to=first["id"], seen_version=seen)
    assert stopped.value.extra["changes"] == ["The customer deleted a post 2 min ago."]
    with pytest.raises(Refused) as gone:
        await answer(cast, home, in_reply_to=first["id"], force=True)
    assert gone.value.slug == "gone"
    with pytest.raises(NotFound):
        await answer(cast, home, force=True)


async def test_an_edited_post_stops_the_reply_and_ones_own_acts_do_not(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    seen = (await card_of(cast, home)).version
    await answer(cast, home)
    await answer(cast, home, "and more", seen_version=seen)
    await take(cast, post("1", "never mind", edited_at=START + timedelta(seconds=1)))
    with pytest.raises(Refused) as stopped:
        await answer(cast, home, seen_version=seen)
    assert stopped.value.extra["changes"] == ["The customer edited a post 0 s ago."]


async def test_a_conversation_that_was_joined_meanwhile_stops_the_reply(cast: Cast) -> None:
    await take(cast, post("1"), post("2", author=DAVE))
    home, other = await home_of(cast, "1"), await home_of(cast, "2")
    seen = (await card_of(cast, home)).version
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await merge(work, other, home)
    with pytest.raises(Refused) as stopped:
        await answer(cast, home, seen_version=seen)
    assert stopped.value.extra["changes"] == [
        "Alice merged another conversation into this 0 s ago."
    ]


async def test_a_merged_conversation_says_where_to_go_on(cast: Cast) -> None:
    await take(cast, post("1"), post("2", author=DAVE))
    home, other = await home_of(cast, "1"), await home_of(cast, "2")
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await merge(work, home, other)
    with pytest.raises(Refused) as stopped:
        await answer(cast, home, force=True)
    assert stopped.value.extra["merged_into"] == other


async def test_a_disconnected_channel_takes_no_reply(cast: Cast) -> None:
    await take(cast, post("1"))
    async with cast.database.acquire() as db:
        await db.execute("UPDATE channel SET state = 'off'")
    with pytest.raises(Refused) as stopped:
        await answer(cast, await home_of(cast, "1"))
    assert stopped.value.slug == "held"


async def test_it_waits_as_long_as_the_agent_wishes(cast: Cast) -> None:
    await take(cast, post("1"))
    sent = await answer(cast, await home_of(cast, "1"), undo_for=30)
    assert (await delivery(cast, sent.id))["run_at"] == START + timedelta(seconds=30)


COUNTS = json.loads(
    (Path(__file__).parents[2] / "web" / "src" / "desk" / "counts.json").read_text()
)


@pytest.mark.parametrize("case", COUNTS, ids=lambda case: ascii(case["text"]))
def test_lengths_are_those_the_screen_counts(case: dict[str, Any]) -> None:
    # The same file runs through web/src/desk/count.test.ts.
    assert graphemes(case["text"]) == case["graphemes"]
    assert len(case["text"]) == case["characters"]


def previewed(network: str, text: str, limits: dict[str, Any] | None = None) -> Preview:
    channel = Channel(network, limits or {}, {"app": "a1"})
    return preview(channel, text, "AB", Visibility.PUBLIC)


def test_a_preview_shows_the_very_posts_that_sending_makes() -> None:
    text = "We looked into it. " * 40
    shown = previewed("bluesky", text)
    assert shown.parts == split(signed(text, "AB"))
    assert len(shown.parts) == 3
    assert (shown.length, shown.limit, shown.refusal) == (len(signed(text, "AB")), 300, "")


def test_a_preview_says_what_will_not_go_out() -> None:
    shown = previewed("rehearsal", "x" * 300)
    assert shown.parts == []
    assert "too many" in shown.refusal
    assert "too many" in previewed("bluesky", "x" * 4000).refusal


def test_a_channels_own_limits_count_and_what_it_warns_of_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(networks(), "doors", doors.NETWORK)
    text = "Look at https://northwind.example/a/rather/long/address/of/a/page"
    own = previewed("doors", text, {"length": 60, "link_length": 23})
    assert (own.length, own.limit, own.refusal) == (8 + 23 + 4, 60, "")
    assert own.warnings == ["A link costs $0.20 (public, a1)."]
    assert previewed("doors", "Look").warnings == []
    assert "too many" in previewed("doors", "x" * 51).refusal
    assert previewed("doors", "x" * 56, {"length": 60}).refusal == ""


async def test_a_reply_is_checked_by_its_channels_own_limits(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    await rows(cast, "UPDATE channel SET limits = $1", {"length": 20})
    with pytest.raises(Refused, match="takes 20"):
        await answer(cast, home, "x" * 30)
    await rows(cast, "UPDATE channel SET limits = $1", {"length": 2000})
    assert (await delivery(cast, (await answer(cast, home, "x" * 1000)).id))["state"] == "queued"
