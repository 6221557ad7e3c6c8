"""Whatever is done in whatever order: inbound = dispositions + open, and the events tell it all.

Random acts of customers, agents and the network run against a real database. After each one the
equation must hold and the events, applied to the cards and messages before, must give those after.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from earful.conversations.cards import load_cards
from earful.conversations.messages import load_messages
from earful.desk.assign import assign
from earful.desk.bulk import Bulk, act_on_many
from earful.desk.channels import set_channel_state
from earful.desk.deliveries import send_again, settle_by_hand, undo
from earful.desk.merge import merge
from earful.desk.notes import add_note
from earful.desk.resolve import reopen, resolve, wait_for_customer
from earful.desk.settle import delivery_moved, delivery_sent, delivery_troubled
from earful.desk.severity import set_severity
from earful.desk.snooze import snooze, wake, wake_due
from earful.desk.tags import add_tag, remove_tag
from earful.desk.timers import act_on_time
from earful.kit.refusal import Refused
from earful.networks.contract import Deletion, Person, Published, Receipt
from earful.outbox import outcome, queue
from earful.stream.work import Work
from tests.cast import Cast, post
from tests.desk.acts import answer, balanced, rows, take

PEOPLE = [Person(f"did:{n}", f"p{n}.example", f"P{n}") for n in range(3)]
ENDS = ["solved", "no_reply_needed", "spam", "duplicate"]


class Desk:
    """What a reducer holds: cards and messages, changed by events alone."""

    def __init__(self) -> None:
        self.cards: dict[str, Any] = {}
        self.messages: dict[str, Any] = {}

    def apply(self, data: dict[str, Any]) -> None:
        """The rule of the API: upsert by id, the higher version of a card stays."""
        card = data.get("card")
        if card and self.cards.get(card["id"], card)["version"] <= card["version"]:
            self.cards[card["id"]] = card
        self.messages |= {message["id"]: message for message in data.get("messages", [])}


class Player:
    """Does one random act after the other."""

    def __init__(self, cast: Cast, dice: random.Random) -> None:
        self.cast, self.dice = cast, dice
        self.posted: list[str] = []
        self.desk = Desk()
        self.seq = 0

    async def pick(self, table: str, where: str = "true") -> Any:
        found = await rows(self.cast, f"SELECT * FROM {table} WHERE {where} ORDER BY id")  # noqa: S608
        return self.dice.choice(found) if found else None

    async def writes(self) -> None:
        """Somebody writes: a post, or a reply to any post there was."""
        name = f"{self.cast.workspace_id}-{len(self.posted)}"
        parent = self.dice.choice([None, None, *self.posted, f"unseen-{len(self.posted)}"])
        who = self.dice.choice(PEOPLE)
        text = self.dice.choice(["hello?", "my lawyer calls", "thanks"])
        said = post(name, text, who, parent_id=parent, published_at=self.cast.time())
        self.posted.append(name)
        if parent and parent.startswith("unseen"):
            self.posted.append(parent)
            late = post(parent, "earlier", self.dice.choice(PEOPLE), addressed=False)
            await take(self.cast, said)
            await take(self.cast, late)
        else:
            await take(self.cast, said, *([said] if self.dice.random() < 0.2 else []))

    async def deletes(self) -> None:
        if self.posted:
            gone = Deletion(external_id=self.dice.choice(self.posted), at=self.cast.time())
            await take(self.cast, gone)

    async def waits(self) -> None:
        self.cast.time.pass_(minutes=self.dice.choice([1, 15, 90]))
        await self.does(wake_due)
        await self.does(act_on_time)

    async def answers(self) -> None:
        if row := await self.pick("conversation"):
            then = self.dice.choice(["stay", "pending", "resolve"])
            try:
                await answer(self.cast, row["id"], then=then)
            except Refused:
                return

    async def sends(self) -> None:
        """The worker claims, and the network says yes, no, or nothing."""
        async with self.cast.works.open(self.cast.workspace_id) as work:
            claimed = await queue.claim(work)
            for one in claimed:
                await delivery_moved(work, one, "delivery.started")
        for one in claimed:
            state = self.dice.choice(["sent", "sent", "failed", "uncertain", "queued", "held"])
            async with self.cast.works.open(self.cast.workspace_id) as work:
                if state == "sent":
                    part = Published(f"ours-{one.id}", "", "", {})
                    assert await outcome.sent(work, one, Receipt((part,)))
                    await delivery_sent(work, one)
                elif await outcome.back_to(work, one, state, "words", run_at=work.now):
                    await delivery_troubled(work, one, state)

    async def handles(self) -> None:
        """An agent acts on a delivery."""
        if row := await self.pick("delivery"):
            act: Callable[[Work], Awaitable[Any]] = self.dice.choice(
                [
                    lambda work: undo(work, row["id"]),
                    lambda work: send_again(work, row["id"]),
                    lambda work: settle_by_hand(work, row["id"], was_sent=True),
                    lambda work: settle_by_hand(work, row["id"], was_sent=False),
                ]
            )
            await self.does(act)

    async def holds(self) -> None:
        state = self.dice.choice(["active", "active", "held", "reauthorize"])
        key = self.cast.channel.id
        await self.does(lambda work: set_channel_state(work, key, state, "a reason"))

    async def commands(self) -> None:
        row, other = await self.pick("conversation"), await self.pick("conversation")
        if row is None:
            return
        key = row["id"]
        until = self.cast.time() + timedelta(minutes=self.dice.choice([10, 60]))
        reason = self.dice.choice(["", "a reason"])
        acts: list[Callable[[Work], Awaitable[Any]]] = [
            lambda work: assign(work, key, self.dice.choice([None, self.cast.alice.id])),
            lambda work: resolve(work, key, self.dice.choice(ENDS), reason),
            lambda work: resolve(work, key, "solved", "a reason"),
            lambda work: wait_for_customer(work, key),
            lambda work: reopen(work, key),
            lambda work: snooze(work, key, until),
            lambda work: snooze(work, key, None),
            lambda work: wake(work, key),
            lambda work: merge(work, key, other["id"]),
            lambda work: set_severity(work, key, self.dice.randint(1, 5)),
            lambda work: add_tag(work, key, "red"),
            lambda work: remove_tag(work, key, "red"),
            lambda work: add_note(work, key, "look", []),
            lambda work: act_on_many(
                work, Bulk(ids=[key, other["id"]], act="resolve", disposition="spam"), None
            ),
        ]
        await self.does(self.dice.choice(acts))

    async def does(self, act: Callable[[Work], Awaitable[Any]]) -> None:
        try:
            async with self.cast.works.open(self.cast.workspace_id, self.cast.bob) as work:
                await act(work)
        except Refused:
            return

    async def follow(self) -> None:
        """Read the new events; they must give what the database now says."""
        events = await rows(
            self.cast, "SELECT seq, data FROM event WHERE seq > $1 ORDER BY seq", self.seq
        )
        for event in events:
            assert event["seq"] == self.seq + 1
            self.seq = event["seq"]
            self.desk.apply(event["data"])
        ids = [row["id"] for row in await rows(self.cast, "SELECT id FROM conversation")]
        said = [row["id"] for row in await rows(self.cast, "SELECT id FROM message")]
        async with self.cast.database.acquire() as db:
            cards = await load_cards(db, self.cast.workspace_id, ids)  # type: ignore[arg-type]
            messages = await load_messages(db, self.cast.workspace_id, said)  # type: ignore[arg-type]
        assert self.desk.cards == msgspec.to_builtins(cards)
        assert self.desk.messages == {m.id: msgspec.to_builtins(m) for m in messages}

    async def nobody_is_hidden(self) -> None:
        """Who waits stands in a conversation that somebody sees."""
        hidden = await rows(
            self.cast,
            """SELECT c.status, c.unanswered FROM conversation c
               WHERE c.unanswered > 0 AND c.status IN ('resolved', 'pending')""",
        )
        assert hidden == []
        clocks = await rows(
            self.cast,
            """SELECT 1 FROM conversation c WHERE (c.unanswered > 0) IS DISTINCT FROM EXISTS (
                 SELECT 1 FROM clock k WHERE k.conversation_id = c.id AND k.stopped_at IS NULL
                 AND coalesce(k.waits_since, k.started_at) = c.waiting_since
                 AND k.due_at = c.due_at)""",
        )
        assert clocks == []
        assert await rows(self.cast, "SELECT reason FROM set_aside") == []


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
async def test_any_order_of_acts(make_cast: Callable[[], Awaitable[Cast]], seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    player = Player(await make_cast(), dice)
    acts = [
        *[player.writes] * 5,
        *[player.commands] * 8,
        *[player.answers] * 3,
        *[player.sends] * 3,
        player.handles,
        player.handles,
        player.deletes,
        player.waits,
        player.holds,
    ]
    for _ in range(30):
        await dice.choice(acts)()
        await balanced(player.cast)
        await player.nobody_is_hidden()
        await player.follow()
