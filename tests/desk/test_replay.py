"""Events applied to the snapshot before give the one after: for every command, kept as files.

The screen's reducer runs through the same files. After a change that is meant, write them anew:
`EARFUL_WRITE_REPLAY=1 pytest tests/desk/test_replay.py`, and read what git says has changed.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from earful.accounts.teams import add_team
from earful.conversations.cards import load_cards
from earful.conversations.messages import load_messages
from earful.desk.assign import assign
from earful.desk.channels import describe, set_channel_state
from earful.desk.deliveries import send_again, settle_by_hand, undo
from earful.desk.hand_over import hand_over
from earful.desk.merge import merge
from earful.desk.notes import add_note
from earful.desk.resolve import reopen, resolve, wait_for_customer
from earful.desk.settle import delivery_moved, delivery_sent, delivery_troubled
from earful.desk.severity import set_severity
from earful.desk.snooze import snooze, wake
from earful.desk.summary import set_summary
from earful.desk.tags import add_tag, remove_tag
from earful.desk.timers import act_on_time
from earful.networks.contract import Deletion, Published, Receipt
from earful.outbox import outcome, queue
from earful.stream.hub import Hub
from tests.cast import DAVE, START, Cast, post
from tests.desk.acts import answer, home_of, rows, take

FILES = Path(__file__).parents[1] / "replay"
Step = Callable[[Cast], Awaitable[Any]]


@pytest.fixture
def counted_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids in the order in which they are made, so that the files stay as they are."""
    numbers = itertools.count(1)
    made = (UUID(f"00000000-0000-7000-8000-{n:012d}") for n in numbers)
    monkeypatch.setattr("uuid_utils.uuid7", lambda: next(made))


async def carol_writes(cast: Cast) -> None:
    await take(cast, post("1", "@Northwind my router is down"))


async def two_write(cast: Cast) -> None:
    await carol_writes(cast)
    await take(cast, post("2", "@Northwind mine too", author=DAVE))


async def bob_answers(cast: Cast) -> None:
    await carol_writes(cast)
    await answer(cast, await home_of(cast, "1"), "We look into it")


async def it_fails(cast: Cast) -> None:
    await bob_answers(cast)
    await ends("failed")(cast)


async def it_is_resolved(cast: Cast) -> None:
    await carol_writes(cast)
    await on(resolve, "no_reply_needed", "meant for others")(cast)


def on(command: Any, *args: Any) -> Step:
    """Bob does it to Carol's conversation."""

    async def step(cast: Cast) -> None:
        home = await home_of(cast, "1")
        async with cast.works.open(cast.workspace_id, cast.bob) as work:
            await command(work, home, *args)

    return step


def ends(state: str) -> Step:
    """The worker claims the reply, and it ends so."""

    async def step(cast: Cast) -> None:
        async with cast.works.open(cast.workspace_id) as work:
            for one in await queue.claim(work):
                await delivery_moved(work, one, "delivery.started")
                if state == "sent":
                    part = Published("ours", "https://northwind.example/1", "", {})
                    await outcome.sent(work, one, Receipt((part,)))
                    await delivery_sent(work, one)
                else:
                    await outcome.back_to(work, one, state, "It did not go as it should.")
                    await delivery_troubled(work, one, state)

    return step


def by_hand(command: Any, **more: Any) -> Step:
    """Bob does it to the delivery."""

    async def step(cast: Cast) -> None:
        [row] = await rows(cast, "SELECT id FROM delivery")
        async with cast.works.open(cast.workspace_id, cast.bob) as work:
            await command(work, row["id"], **more)

    return step


async def there_is_a_team(cast: Cast) -> None:
    await carol_writes(cast)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await add_team(work, "Billing", [str(cast.bob.id)])


async def it_is_handed_over(cast: Cast) -> None:
    [team] = await rows(cast, "SELECT id FROM team")
    await on(hand_over, team["id"])(cast)


async def dave_is_merged_in(cast: Cast) -> None:
    source, target = await home_of(cast, "2"), await home_of(cast, "1")
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await merge(work, source, target)


async def time_runs_out(cast: Cast) -> None:
    cast.time.pass_(hours=1)
    async with cast.works.open(cast.workspace_id) as work:
        await act_on_time(work)


async def the_channel_is_held(cast: Cast) -> None:
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await set_channel_state(work, cast.channel.id, "held", "by Bob")


async def the_parent_comes_late(cast: Cast) -> None:
    await take(cast, post("1", "@Northwind and another thing", parent_id="0"))
    await take(cast, post("2", "@Northwind mine too", author=DAVE, parent_id="0"))


async def dave_changes_his_words(cast: Cast) -> None:
    edited = post("2", "mine as well", author=DAVE, edited_at=START + timedelta(seconds=1))
    await take(cast, edited, Deletion(external_id="1", at=START))


async def bob_waits(cast: Cast) -> None:
    await bob_answers(cast)
    await ends("sent")(cast)


async def it_is_doubtful(cast: Cast) -> None:
    await bob_answers(cast)
    await ends("uncertain")(cast)


LATER = START + timedelta(hours=1)
STEPS: dict[str, tuple[Step, Step]] = {
    "assigned": (carol_writes, on(assign, None)),
    "breached": (carol_writes, time_runs_out),
    "edited-and-deleted": (two_write, dave_changes_his_words),
    "handed-over": (there_is_a_team, it_is_handed_over),
    "held": (bob_answers, the_channel_is_held),
    "joined": (two_write, dave_is_merged_in),
    "noted": (carol_writes, on(add_note, "she called twice", [])),
    "pended": (bob_waits, on(reopen)),
    "summarised": (carol_writes, on(set_summary, "Router down since Monday")),
    "prioritised": (carol_writes, on(set_severity, 2, "many are cut off")),
    "reopened": (it_is_resolved, on(reopen)),
    "rejoined": (the_parent_comes_late, lambda cast: take(cast, post("0", "no internet"))),
    "reply-failed": (bob_answers, ends("failed")),
    "reply-requeued": (it_fails, by_hand(send_again)),
    "reply-sent": (bob_answers, ends("sent")),
    "reply-settled": (it_is_doubtful, by_hand(settle_by_hand, was_sent=True)),
    "reply-uncertain": (bob_answers, ends("uncertain")),
    "reply-undone": (bob_answers, by_hand(undo)),
    "resolved": (carol_writes, on(resolve, "praise_noted", "kind words")),
    "snoozed": (carol_writes, on(snooze, LATER)),
    "tagged": (carol_writes, on(add_tag, "outage")),
    "untagged": (carol_writes, on(remove_tag, "outage")),
    "waiting": (bob_waits, on(wait_for_customer)),
    "woken": (carol_writes, on(wake)),
}


async def snapshot(cast: Cast) -> dict[str, Any]:
    """The desk as a screen holds it: cards, messages by conversation, tags."""
    async with cast.database.snapshot() as db:
        homes = [row["id"] for row in await db.fetch("SELECT id FROM conversation ORDER BY id")]
        said = [row["id"] for row in await db.fetch("SELECT id FROM message")]
        cards = await load_cards(db, cast.workspace_id, homes)  # type: ignore[arg-type]
        messages = await load_messages(db, cast.workspace_id, said)  # type: ignore[arg-type]
        cursor = await db.fetchval("SELECT max(seq) FROM event")
        tags = await db.fetch("SELECT name, color FROM tag ORDER BY name")
        channels = await db.fetch("SELECT * FROM channel ORDER BY id")
    found = {
        "cursor": cursor or 0,
        "cards": {key: cards[key] for key in homes},
        "messages": {key: [m for m in messages if m.conversation_id == key] for key in homes},
        "tags": [dict(row) for row in tags],
        "channels": [describe(row) for row in channels],
    }
    built: dict[str, Any] = msgspec.to_builtins(found)
    return built


def applied(before: dict[str, Any], events: list[dict[str, Any]]) -> dict[str, Any]:
    """The rule of the reducer, in Python."""
    cards = dict(before["cards"])
    said = {m["id"]: m for some in before["messages"].values() for m in some}
    tags = {tag["name"]: tag for tag in before["tags"]}
    channels = {channel["id"]: channel for channel in before["channels"]}
    for event in events:
        data = event["data"]
        card = data.get("card")
        if card and cards.get(card["id"], card)["version"] <= card["version"]:
            cards[card["id"]] = card
        said |= {message["id"]: message for message in data.get("messages", [])}
        tags |= {tag["name"]: tag for tag in [data.get("tag")] if tag}
        channels |= {one["id"]: one for one in [data.get("channel")] if one}
    order = sorted(said.values(), key=lambda m: (m["published_at"], m["id"]))
    return {
        "cursor": events[-1]["seq"] if events else before["cursor"],
        "cards": cards,
        "messages": {key: [m for m in order if m["conversation_id"] == key] for key in cards},
        "tags": [tags[name] for name in sorted(tags)],
        "channels": list(channels.values()),
    }


@pytest.mark.usefixtures("counted_ids")
@pytest.mark.parametrize("name", STEPS)
async def test_events_applied_to_before_give_after(
    make_cast: Callable[[], Awaitable[Cast]], name: str
) -> None:
    cast = await make_cast()
    prepare, step = STEPS[name]
    await prepare(cast)
    if name == "untagged":
        await on(add_tag, "outage")(cast)
    if name == "woken":
        await on(snooze, LATER)(cast)
    if name == "waiting":
        await on(reopen)(cast)
    before = await snapshot(cast)
    await step(cast)
    after = await snapshot(cast)
    hub = Hub(cast.database, lambda *_: _never())
    entries = await hub.read(cast.workspace_id, before["cursor"], 2**62)
    events = [msgspec.json.decode(entry.json) for entry in entries]
    assert events
    assert applied(before, events) == after
    file = FILES / f"desk-{name}.json"
    # Messages are known only of the conversations that were opened before.
    known = {key: after["messages"][key] for key in before["messages"]}
    kept = {
        "what": f"{name.replace('-', ' ')}, as the server tells it",
        "before": before,
        "events": events,
        "after": after | {"messages": known},
    }
    if os.environ.get("EARFUL_WRITE_REPLAY"):
        file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert json.loads(file.read_text("utf-8")) == json.loads(json.dumps(kept))


async def _never() -> frozenset[str]:
    return frozenset()
