"""What runs by itself finds its rows by an index too: intake, the worker's claims, the nights.

Each statement that the code really sends is explained before it runs.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from earful.accounts import postbox
from earful.accounts.tidy import tidy as tidy_accounts
from earful.api import clocks, metrics
from earful.composing.reply import Signer
from earful.conversations.instants import instants_of
from earful.desk import channels, honouring, merge, moves, privacy, retention, snooze, timers
from earful.desk.timers import begin_keeping
from earful.following.all_clear import all_clear
from earful.intake import decided
from earful.intake.accept import accept
from earful.intake.channel import Channel
from earful.judgements.hearing import hear as judge_posts
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.listening import finding, mentions
from earful.listening.searches import list_searches
from earful.listening.taking import take_found
from earful.media import sweeping, wanted
from earful.networks.contract import Attachment, Deletion, Person, Visibility
from earful.outbox import queue
from earful.outreach import contacting, rules
from earful.outreach import queue as outreach
from earful.paging.hearing import hear
from earful.paging.rules import CAUSES, Cause, Rule
from earful.paging.watching import watch
from earful.sla.alarms import ring
from earful.sla.policy import Rules
from earful.sla.resolutions import keep_resolutions
from earful.stream.reader import Event
from earful.stream.work import SYSTEM, Work
from earful.worker import parents, revisiting, sending, tidying, webhooks
from tests.cast import batch, post
from tests.desk.crowd import NOW, SEQUENTIAL, plan, workspace


class Explained:
    """A connection that explains each statement before it sends it, and keeps the bad plans."""

    def __init__(self, db: asyncpg.Connection[Any]) -> None:
        self._db = db
        self.asked = 0
        self.bad: list[str] = []

    def __getattr__(self, name: str) -> Any:
        honest = getattr(self._db, name)
        if name not in ("fetch", "fetchrow", "fetchval", "execute"):
            return honest

        async def explained(sql: str, *args: Any, **more: Any) -> Any:
            if re.match(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", sql):
                self.asked += 1
                found = await plan(self._db, sql, *args)
                if SEQUENTIAL.search(found):
                    self.bad.append(f"{sql}\n{found}")
            return await honest(sql, *args, **more)

        return explained


@pytest.fixture
async def asked(full: asyncpg.Connection[Any]) -> AsyncIterator[Explained]:
    """The full desk, in a transaction that is taken back."""
    trial = full.transaction()
    await trial.start()
    yield Explained(full)
    await trial.rollback()


@pytest.fixture
async def work(asked: Explained, full: asyncpg.Connection[Any]) -> Work:
    return Work(asked, await workspace(full), SYSTEM, NOW)  # type: ignore[arg-type]


@pytest.fixture
async def channel(full: asyncpg.Connection[Any], work: Work) -> Channel:
    """The channel that all came by."""
    inbox = await full.fetchval("SELECT inbox_id FROM conversation LIMIT 1")
    key = work.workspace_id
    await full.execute(
        "INSERT INTO inbox (workspace_id, id, name, created_at) VALUES ($1, $2, 'Care', $3)",
        key, inbox, NOW,
    )  # fmt: skip
    await full.execute(
        "INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id, "
        "created_at) VALUES ($1, $1, 'rehearsal', 'us', 'us', 'us', $2, $3)",
        key, inbox, NOW,
    )  # fmt: skip
    return Channel(key, "rehearsal", inbox, "us", "us")


async def some_conversations(work: Work, most: int) -> list[str]:
    rows = await work.db.fetch(
        "SELECT id FROM conversation WHERE workspace_id = $1 ORDER BY id LIMIT $2",
        work.workspace_id,
        most,
    )
    return [row["id"] for row in rows]


async def test_taking_in(asked: Explained, work: Work, channel: Channel) -> None:
    who, us = Person("p7", "p7", "P"), Person("us", "us", "Us")
    picture = Attachment("https://pictures.example/1", "image/png")
    await accept(work, channel, batch(Deletion(external_id="early", at=NOW)))
    told = (
        post("new", author=Person("stranger", "s", "S"), published_at=NOW, attachments=(picture,)),
        post("early", author=who, published_at=NOW),
        post("a", author=who, parent_id="p50-1", root_id="p50-0", published_at=NOW),
        post("b", author=who, parent_id="p60-1", quoted_id="unknown", published_at=NOW),
        post("dm", author=who, visibility=Visibility.DIRECT, invitation="x", published_at=NOW),
        post("p70-1", "edited", author=who, edited_at=NOW, published_at=NOW),
        post("ours", author=us, own=True, parent_id="p80-0", published_at=NOW),
        Deletion(external_id="p90-0", at=NOW),
        Deletion(external_id="nobody's", at=NOW),
    )
    assert (await accept(work, channel, batch(*told))).new == 6
    assert asked.asked > 20
    assert asked.bad == []


async def test_claims_of_the_worker(asked: Explained, work: Work, channel: Channel) -> None:
    assert len(await queue.claim(work, "me")) == 8
    await queue.claim_uncertain(work)
    await queue.senders(work)
    await queue.expire_leases(work, ["me"])
    await channels.hold_stranded(work)
    await snooze.wake_due(work)
    assert await ring(work, 5) == 5
    assert await moves.lose_due(work, 5) == 5
    assert len(await wanted.claim(asked, NOW, 9.0, 4)) == 4
    await wanted.next_at(asked)
    await postbox.claim(asked, now=NOW)  # type: ignore[arg-type]
    await postbox.next_due(asked)  # type: ignore[arg-type]
    await asked.fetch(decided._READY, work.workspace_id)
    await asked.fetch(parents.UNSEEN, ["00000000-0000-7000-8000-000000000002"])
    await asked.fetch(sending.NEXT)
    await timers.next_due(asked)
    await timers.who_is_due(asked, NOW)
    assert asked.bad == []


async def test_clocks(asked: Explained, work: Work) -> None:
    some = await some_conversations(work, 20)
    await keep_resolutions(work, some, Rules([], NOW, resolves=True))
    await asked.fetch(clocks._CLOCKS, work.workspace_id, some[0], None, 51)
    await asked.fetch(clocks._VERSIONS, work.workspace_id, NOW)
    await instants_of(asked, work.workspace_id, some[0], None, 51)
    await instants_of(asked, work.workspace_id, some[0], (NOW, some[0]), 51)
    await begin_keeping(asked)
    assert asked.bad == []


async def test_telling_webhooks(asked: Explained, work: Work) -> None:
    await asked.fetch(webhooks._CLAIM, NOW, 9.0, ["dead"], "me")
    await asked.fetch(webhooks._NEXT)
    await asked.fetch(webhooks._FIRST, work.workspace_id)
    assert len(await asked.fetch(webhooks._READ, work.workspace_id, 9, 100)) == 100
    assert asked.bad == []


async def test_the_nights_forgetting(
    asked: Explained, work: Work, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 20)  # of 8,000 what 2,000 are of a million
    terms = retention.Terms(messages_days=110, revisions_days=110, media_days=110)
    rules = retention.Retention(default=terms, events_days=110)
    found = await asked.fetchrow(
        revisiting._HELPING, work.workspace_id, revisiting._NEWEST, channel.network, channel.id, 20
    )
    assert found["last"]
    [home] = await some_conversations(work, 1)
    said = await work.db.fetchval("SELECT id FROM message WHERE conversation_id = $1 LIMIT 1", home)
    await honouring.honour_left(work, [said], [said])
    would = await retention.forget(work, dry_run=True, rules=rules)
    assert would.messages > 200
    come_to: dict[Any, Any] = {}
    for _ in range(2):
        done = await retention.forget(work, rules=rules, come_to=come_to)
        assert (done.messages, done.revisions, done.events) == (20, 20, 20)
    assert asked.bad == []


async def test_tidying(asked: Explained, work: Work) -> None:
    await tidy_accounts(asked, now=NOW)  # type: ignore[arg-type]
    await asked.fetch(tidying.FORGET_KEYS, NOW - timedelta(days=110))
    digests = await asked.fetch("SELECT sha256 FROM media ORDER BY workspace_id, id LIMIT 100")
    await asked.fetch(sweeping._KNOWN, [row["sha256"] for row in digests])
    assert asked.bad == []


async def test_judging(asked: Explained, work: Work, channel: Channel) -> None:
    rows = await work.db.fetch(
        """SELECT id, conversation_id, author_id FROM message WHERE workspace_id = $1
           AND direction = 'incoming' AND text <> '' LIMIT 20""",
        work.workspace_id,
    )
    told = [
        Event(
            seq=at, at=NOW, kind="message.received", actor={}, inbox_id=channel.inbox_id,
            conversation_id=row["conversation_id"],
            data={"messages": [{
                "id": row["id"], "direction": "incoming", "disposition": "",
                "text": "third time I ask, where is my order?", "author": {"id": row["author_id"]},
            }]},
        )
        for at, row in enumerate(rows)
    ]  # fmt: skip
    asked.asked, asked.bad = 0, []
    assert await judge_posts(work, told) == len(told) == 20
    assert asked.asked >= 4
    assert asked.bad == []


async def test_metrics(asked: Explained) -> None:
    await asked.fetch(metrics._DESK, None)
    await asked.fetch(metrics._DELIVERIES, None)
    assert asked.bad == []


async def test_erasing_a_person_and_merging(asked: Explained, work: Work, channel: Channel) -> None:
    one, other = await some_conversations(work, 2)
    whom = await work.db.fetchval(
        "SELECT contact_id FROM conversation WHERE workspace_id = $1 AND id = $2",
        work.workspace_id,
        one,
    )
    await merge.absorb(work, other, one)
    assert (await privacy.erase_person(work, whom)).messages == 4
    assert asked.bad == []


async def test_an_all_clear(asked: Explained, work: Work) -> None:
    some = await some_conversations(work, 3)
    await work.db.execute(
        "UPDATE conversation SET tags = '{outage}' WHERE workspace_id = $1 AND id = ANY($2)",
        work.workspace_id,
        some,
    )
    assert (await all_clear(work, "outage", NOW - timedelta(days=400), None)).planned == 3
    assert asked.bad == []


async def test_paging(asked: Explained, work: Work, channel: Channel) -> None:
    rules: dict[Cause, Rule] = {
        cause: Rule(cause=cause, ladder_id=channel.id, after_for=3600, again_for=0)
        for cause in CAUSES
    }
    await work.db.execute(
        "INSERT INTO ladder (workspace_id, id, name, steps, rounds, created_at) "
        "VALUES ($1, $2, 'Night', '[]', 1, $3)",
        work.workspace_id, channel.id, NOW,
    )  # fmt: skip
    await hear(work, rules)
    for _ in range(2):
        await watch(work, rules)
    raised = await work.db.fetch("SELECT cause, count FROM alert ORDER BY cause")
    assert {row["cause"] for row in raised} >= {"forgotten", "unattended"}
    assert asked.bad == []


async def test_mentions(asked: Explained, work: Work, channel: Channel) -> None:
    page = await mentions.list_mentions(work.db, work.workspace_id)
    assert len(page.items) == 50
    for more in (
        {"after": page.next},
        {"state": "all", "limit": 200},
        {"search_id": work.workspace_id},
        {"inboxes": frozenset({channel.inbox_id})},
    ):
        again = await mentions.list_mentions(work.db, work.workspace_id, **more)
        assert again.items
    one = page.items[0].id
    assert await mentions.inbox_of(work, one) == channel.inbox_id
    await mentions.dismiss(work, one)
    await mentions.restore(work, one)
    await finding.settle_known(work)
    wanted = finding.hunt(new_id(), "northwind", ())
    said = "Northwind, how do I return a router?"
    heard = batch(*(post(key, said, addressed=False) for key in ("h-new", "h3", "p1-0")))
    row = await work.db.fetchrow("SELECT * FROM channel LIMIT 1")
    new = await finding.keep(work, row, wanted, finding.those_of(wanted, heard))
    assert await take_found(work, row, wanted.id, ["question"], new) == len(new) == 1
    assert await list_searches(work.db, work.workspace_id, NOW) == []
    await finding.forget_old(work.db, now=NOW)
    assert asked.bad == []


async def test_outreach(asked: Explained, work: Work, channel: Channel) -> None:
    page = await outreach.list_queue(work)
    assert len(page.items) == 50
    again = await outreach.list_queue(work, [channel.inbox_id], after=page.next)
    assert again.items
    await rules.keep_rules(work, "rehearsal", rules.Rules(on=True, quiet_from=1, quiet_to=1))
    assert await rules.list_rules(work.db, work.workspace_id, NOW)
    one = page.items[0].mention_id
    await outreach.take_out(work, one)
    assert await outreach.put_found(work, [one]) == 1
    await contacting.leave_alone(work, one)
    await contacting.write_again(work, one)
    signer = Signer(new_id(), "Al", "al", "AL", 0)
    with pytest.raises(Refused):  # the crowd's posts have nothing that could be answered
        await contacting.contact(work, one, contacting.Writing(text=""), signer)
    await outreach.forget_old(work.db, now=NOW)
    assert asked.bad == []
