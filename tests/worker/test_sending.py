"""Published once: claimed and committed before the call, whatever the network does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from earful.desk.channels import set_channel_state
from earful.desk.deliveries import undo
from earful.desk.merge import merge
from earful.networks.contract import Draft, RetryLater
from earful.networks.rehearsal import NETWORK
from earful.networks.rehearsal.connector import RehearsalConnector
from earful.outbox import outcome, queue
from earful.outbox.queue import Delivery, TooLate
from earful.worker import sending
from earful.worker.desk import Shared
from earful.worker.settling import settle_workspace
from tests.cast import DAVE, Cast
from tests.desk.acts import answer, balanced, card_of, delivery, rows
from tests.networks.rehearsal.serving import Server
from tests.worker.test_names import started


async def claim(shared: Shared, cast: Cast) -> list[Delivery]:
    return await sending._claim(shared, cast.workspace_id)


async def send_all(shared: Shared, cast: Cast) -> None:
    for claimed in await claim(shared, cast):
        await sending.attempt(shared, claimed)


async def test_a_reply_is_sent_once_and_settles_what_it_covers(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    home = await asks()
    sent = await answer(cast, home)
    assert (await card_of(cast, home)).unanswered == 1, "queued is not answered"
    await send_all(shared, cast)
    assert town.standing(sent.id) == 1
    card = await card_of(cast, home)
    assert (card.unanswered, card.status, card.clock, card.sending) == (0, "pending", None, 0)
    [message] = await rows(cast, "SELECT * FROM message WHERE direction = 'outgoing'")
    assert message["external_id"]
    [clock] = await rows(cast, "SELECT met_at, stopped_at FROM clock")
    assert clock["met_at"] is not None
    assert await claim(shared, cast) == []
    await balanced(cast)


async def test_an_attempt_is_committed_as_sending_before_the_call(
    shared: Shared, cast: Cast, asks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await answer(cast, await asks())
    seen: list[str] = []

    async def look_first(self: RehearsalConnector, draft: Draft, key: str) -> Any:
        seen.append((await delivery(cast, key))["state"])
        raise RetryLater("busy", after=7)

    monkeypatch.setattr(RehearsalConnector, "send", look_first)
    await send_all(shared, cast)
    assert seen == ["sending"]
    row = await delivery(cast, sent.id)
    assert (row["state"], row["attempts"]) == ("queued", 1)
    assert (row["run_at"] - cast.time()).total_seconds() >= 7
    assert "busy" in row["error"]


async def test_told_to_stop_it_finishes_the_call_under_way_and_begins_no_other(
    shared: Shared, cast: Cast, town: Server, asks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await answer(cast, await asks())
    calling, go_on = asyncio.Event(), asyncio.Event()
    really = RehearsalConnector.send

    async def slowly(self: RehearsalConnector, draft: Draft, key: str) -> Any:
        calling.set()
        await go_on.wait()
        return await really(self, draft, key)

    monkeypatch.setattr(RehearsalConnector, "send", slowly)
    monkeypatch.setattr(sending, "CALL_FOR", 30)
    work = asyncio.create_task(sending.keep_sending(shared))
    await asyncio.wait_for(calling.wait(), 10)
    shared.stopping.set()
    second = await answer(cast, await asks("@Northwind me too", DAVE))
    shared.wake()
    go_on.set()
    await asyncio.wait_for(work, 10)
    assert (await delivery(cast, first.id))["state"] == "sent"
    assert town.standing(first.id) == 1
    assert (await delivery(cast, second.id))["state"] == "queued", "for whoever works next"
    assert town.standing(second.id) == 0


@pytest.mark.parametrize("kind", ["500-after", "drop", "half", "hang-after"])
async def test_a_yes_that_is_never_heard_is_settled_by_looking(
    shared: Shared, cast: Cast, town: Server, asks: Any, kind: str
) -> None:
    home = await asks()
    sent = await answer(cast, home)
    town.ask("/faults", kind=kind, on="publish")
    await send_all(shared, cast)
    assert (await delivery(cast, sent.id))["state"] == "uncertain"
    assert (await card_of(cast, home)).trouble == "uncertain"
    cast.time.pass_(seconds=3)
    await settle_workspace(shared, cast.workspace_id)
    assert (await delivery(cast, sent.id))["state"] == "sent"
    assert town.standing(sent.id) == 1
    assert (await card_of(cast, home)).unanswered == 0


@pytest.mark.parametrize("kind", ["drop-before", "hang"])
async def test_a_call_that_came_to_nothing_waits_for_a_person(
    shared: Shared, cast: Cast, town: Server, asks: Any, kind: str
) -> None:
    sent = await answer(cast, await asks())
    town.ask("/faults", kind=kind, on="publish")
    await send_all(shared, cast)
    for _ in range(3):
        cast.time.pass_(seconds=19)
        await settle_workspace(shared, cast.workspace_id)
        row = await delivery(cast, sent.id)
        assert (row["state"], "say which" in row["error"]) == ("uncertain", False)
    cast.time.pass_(seconds=61)
    await settle_workspace(shared, cast.workspace_id)
    row = await delivery(cast, sent.id)
    assert (row["state"], row["settle_at"]) == ("uncertain", None)
    assert "say which" in row["error"]
    assert town.standing(sent.id) == 0


async def test_where_the_key_makes_it_idempotent_it_is_sent_again(
    shared: Shared, cast: Cast, town: Server, asks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:

    fields = {name: getattr(NETWORK.manifest, name) for name in NETWORK.manifest.__struct_fields__}
    manifest = type(NETWORK.manifest)(**fields | {"idempotent_send": True})
    monkeypatch.setattr(type(NETWORK), "manifest", manifest)
    town.http.put("/switch", json={"idempotent": True})
    sent = await answer(cast, await asks())
    town.ask("/faults", kind="drop-before", on="publish")
    await send_all(shared, cast)
    cast.time.pass_(seconds=3)
    await settle_workspace(shared, cast.workspace_id)
    assert (await delivery(cast, sent.id))["state"] == "queued"
    await send_all(shared, cast)
    assert (await delivery(cast, sent.id))["state"] == "sent"
    assert town.standing(sent.id) == 1


async def test_an_expired_lease_becomes_uncertain_and_is_found(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    """A worker that dies between the call and the record leaves exactly one post."""
    sent = await answer(cast, await asks())
    [claimed] = await claim(shared, cast)
    await sending._talk(shared, claimed)  # the network said yes; then kill -9
    async with cast.database.acquire() as db:
        await db.execute("UPDATE delivery SET lease_until = now() - interval '1 second'")
    assert await claim(shared, cast) == [], "never queued"
    await settle_workspace(shared, cast.workspace_id)
    assert (await delivery(cast, sent.id))["state"] == "sent"
    assert town.standing(sent.id) == 1
    await sending.record(shared, claimed, RetryLater("a ghost comes back"))
    assert (await delivery(cast, sent.id))["state"] == "sent"


async def test_a_lease_that_runs_is_left_alone(shared: Shared, cast: Cast, asks: Any) -> None:
    sent = await answer(cast, await asks())
    await claim(shared, cast)
    await settle_workspace(shared, cast.workspace_id)
    assert (await delivery(cast, sent.id))["state"] == "sending"


async def test_what_a_killed_worker_left_is_looked_up_without_waiting_for_its_lease(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    process, name = started()
    process.communicate()
    sent = await answer(cast, await asks())
    shared.name, alive = name, shared.name
    [claimed] = await claim(shared, cast)
    await sending._talk(shared, claimed)  # the network said yes; then kill -9
    shared.name = alive
    assert await claim(shared, cast) == [], "never queued"
    await settle_workspace(shared, cast.workspace_id)
    assert (await delivery(cast, sent.id))["state"] == "sent"
    assert town.standing(sent.id) == 1


async def test_two_workers_never_claim_the_same(shared: Shared, cast: Cast, asks: Any) -> None:
    sent = [
        await answer(cast, await asks("@Northwind hi")),
        await answer(cast, await asks("@Northwind ho", DAVE)),
    ]
    claims = await asyncio.gather(*(claim(shared, cast) for _ in range(5)))
    assert sorted(d.id for some in claims for d in some) == sorted(d.id for d in sent)


async def test_undo_and_claim_race_and_one_of_them_wins(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    home = await asks()

    async def take_back(key: str) -> bool:
        try:
            async with cast.works.open(cast.workspace_id, cast.bob) as work:
                await undo(work, key)
        except TooLate:
            return False
        return True

    for _ in range(6):
        queued = await answer(cast, home)
        undone, claimed = await asyncio.gather(take_back(queued.id), claim(shared, cast))
        assert undone != bool(claimed)
        state = (await delivery(cast, queued.id))["state"]
        assert state == ("undone" if undone else "sending")
        for one in claimed:
            await sending.record(shared, one, RetryLater("enough"))
            assert await take_back(one.id)
    assert (await card_of(cast, home)).unanswered == 1
    await balanced(cast)


async def test_it_does_not_leave_before_the_time_to_undo_is_over(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    await answer(cast, await asks(), undo_for=5)
    assert await claim(shared, cast) == []
    cast.time.pass_(seconds=5)
    assert len(await claim(shared, cast)) == 1


async def test_replies_of_one_conversation_leave_in_order(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    home = await asks()
    first = await answer(cast, home, "one", undo_for=5)
    second = await answer(cast, home, "two", who=cast.alice)
    assert await claim(shared, cast) == [], "the second waits for the first"
    assert await sending._until_next(shared) > 1, "and nobody spins meanwhile"
    cast.time.pass_(seconds=5)
    [claimed] = await claim(shared, cast)
    assert claimed.id == first.id
    assert await claim(shared, cast) == []
    await sending.attempt(shared, claimed)
    await send_all(shared, cast)
    ours = [entry.key for entry in town.entries() if entry.key in (first.id, second.id)]
    assert ours == [first.id, second.id]


async def test_a_refusal_fails_in_words_and_reopens(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    home = await asks()
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await work.db.execute("UPDATE conversation SET status = 'pending'")
    sent = await answer(cast, home)
    town.ask("/faults", kind="422", on="publish")
    await send_all(shared, cast)
    row = await delivery(cast, sent.id)
    assert (row["state"], "422" in row["error"]) == ("failed", True)
    card = await card_of(cast, home)
    assert (card.status, card.trouble, card.unanswered) == ("open", "failed", 1)


async def test_a_resolved_conversation_comes_back_when_its_reply_fails(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    home = await asks()
    await answer(cast, home, then="resolve")
    await send_all(shared, cast)
    assert (await card_of(cast, home)).status == "resolved"
    await answer(cast, home, "and one more thing")
    town.ask("/faults", kind="422", on="publish")
    await send_all(shared, cast)
    card = await card_of(cast, home)
    assert (card.status, card.trouble, card.disposition) == ("open", "failed", None)


async def test_tried_often_enough_it_fails_with_the_last_reason(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    sent = await answer(cast, await asks())
    for _ in range(sending.MOST_TRIES):
        [claimed] = await claim(shared, cast)
        await sending.record(shared, claimed, RetryLater("down for repairs"))
        cast.time.pass_(hours=1)
    row = await delivery(cast, sent.id)
    assert row["state"] == "failed"
    assert "down for repairs" in row["error"]
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await queue.requeue(work, sent.id, work.now)
    [claimed] = await claim(shared, cast)
    assert claimed.attempts == 1


async def test_an_expired_token_holds_the_channel_and_its_queue_until_freed(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    home, other = await asks(), await asks("@Northwind too", DAVE)
    first = await answer(cast, home)
    waiting = await answer(cast, other, undo_for=30)
    town.ask("/faults", kind="401", on="publish")
    await send_all(shared, cast)
    [channel] = await rows(cast, "SELECT * FROM channel")
    assert (channel["state"], "401" in channel["state_reason"]) == ("reauthorize", True)
    late = await answer(cast, other, "later")
    for key in (first.id, waiting.id, late.id):
        row = await delivery(cast, key)
        assert row["state"] == "held"
        assert "Not sent" in row["error"]
    assert (await card_of(cast, other)).trouble == "held"
    assert await claim(shared, cast) == []
    cast.time.pass_(seconds=60)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await set_channel_state(work, cast.channel.id, "active")
    for _ in range(3):
        await send_all(shared, cast)
    assert [town.standing(key) for key in (first.id, waiting.id, late.id)] == [1, 1, 1]
    assert (await card_of(cast, other)).trouble == ""


async def test_what_was_queued_as_the_channel_was_held_is_held_too(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    sent = await answer(cast, await asks())
    async with cast.database.acquire() as db:  # as if the two had committed at once
        await db.execute("UPDATE channel SET state = 'held', state_reason = 'by Alice'")
    await settle_workspace(shared, cast.workspace_id)
    row = await delivery(cast, sent.id)
    assert (row["state"], row["error"]) == ("held", "Not sent: the channel is held. by Alice")


async def test_trouble_before_the_call_is_no_uncertainty(
    shared: Shared, cast: Cast, asks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await answer(cast, await asks())
    [claimed] = await claim(shared, cast)

    async def away(*_: Any) -> Any:
        raise ConnectionResetError("the database went away")

    monkeypatch.setattr(shared, "channel", away)
    await sending.attempt(shared, claimed)
    assert (await delivery(cast, sent.id))["state"] == "queued"


async def test_a_merge_under_way_takes_the_delivery_along(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:

    home, other = await asks(), await asks("@Northwind me too", DAVE)
    sent = await answer(cast, home)
    [claimed] = await claim(shared, cast)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await merge(work, home, other)
    await sending.attempt(shared, claimed)
    assert town.standing(sent.id) == 1
    card = await card_of(cast, other)
    assert (card.unanswered, card.sending) == (1, 0)
    await balanced(cast)


async def test_an_outcome_is_recorded_once(shared: Shared, cast: Cast, asks: Any) -> None:
    await answer(cast, await asks())
    [claimed] = await claim(shared, cast)
    receipt = await sending._talk(shared, claimed)
    assert not isinstance(receipt, Exception)
    for expected in (True, False):
        async with cast.works.open(cast.workspace_id) as work:
            assert await outcome.sent(work, claimed, receipt) is expected
