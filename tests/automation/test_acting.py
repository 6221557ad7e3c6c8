"""Rules act once on what comes in, by their name, and never on each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from earful.accounts import bounds
from earful.accounts.errors import TooMany
from earful.automation import acting, keeping
from earful.automation.keeping import Kept
from earful.automation.rules import Act, Condition, Rule
from earful.automation.trial import Trial, try_out
from earful.conversations.cards import Card, load_cards
from earful.desk.assign import assign
from earful.intake.receive import receive
from earful.kit.ids import new_id
from earful.sla import alarms
from tests.cast import DAVE, Cast, batch, post

REFUND = Condition(field="text", values=("refund*",))


async def keep(cast: Cast, name: str, *acts: Act, rule_id: str | None = None, **more: Any) -> Kept:
    told = {"conditions": (REFUND,)} | more
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        return await keeping.keep_rule(work, Rule(name=name, acts=acts, **told), rule_id)


async def take(cast: Cast, *posts: Any) -> None:
    await receive(cast.works, cast.workspace_id, cast.channel, batch(*posts))


async def follow(cast: Cast) -> int:
    total = 0
    while True:
        async with cast.works.open(cast.workspace_id) as work:
            done = await acting.act(work)
        if done is None:
            return total
        total += done


async def card_of(cast: Cast, external_id: str) -> Card:
    async with cast.works.open(cast.workspace_id) as work:
        home = await work.db.fetchval(
            "SELECT conversation_id FROM message WHERE external_id = $1", external_id
        )
        return (await load_cards(work.db, cast.workspace_id, [home]))[home]


async def events(cast: Cast, kind: str = "") -> list[Any]:
    async with cast.database.acquire() as db:
        return list(
            await db.fetch(
                """SELECT kind, actor, data FROM event
                   WHERE actor->>'kind' = 'rule' AND $1 IN ('', kind) ORDER BY seq""",
                kind,
            )
        )


async def rule(cast: Cast) -> Kept:
    async with cast.database.acquire() as db:
        [kept] = await keeping.list_rules(db, cast.workspace_id)
    return kept


TAG, WORST = Act(do="tag", value="billing"), Act(do="severity", value="2")


async def test_a_rule_acts_once_and_by_its_name(cast: Cast) -> None:
    await take(cast, post("old", "refund before there was a rule"))
    kept = await keep(cast, "Refunds", TAG, WORST, Act(do="assign", value=cast.bob.id or ""))
    await take(cast, post("p1", "I want a refund", DAVE), post("p2", "nice day"))
    assert await follow(cast) == 1
    card = await card_of(cast, "p1")
    assert (card.tags, card.severity, card.assignee_id) == (["billing"], 2, cast.bob.id)
    assert card.severity_reason == "Rule “Refunds”"
    assert (await card_of(cast, "old")).tags == (await card_of(cast, "p2")).tags == []
    done = await events(cast)
    assert [event["kind"] for event in done] == [
        "tag.changed", "conversation.tagged", "conversation.prioritised", "conversation.assigned",
    ]  # fmt: skip
    assert {event["actor"]["id"] for event in done} == {kept.id}
    # Told again, read again: nothing more.
    await take(cast, post("p1", "I want a refund", DAVE))
    assert await follow(cast) == 0
    assert (await rule(cast)).acted == 1
    assert (await rule(cast)).acted_at == cast.time.now


async def test_nothing_is_taken_from_whoever_has_it(cast: Cast) -> None:
    await keep(cast, "Refunds", Act(do="assign", value=cast.bob.id or ""))
    await take(cast, post("p1", "refund"))
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await assign(work, (await card_of(cast, "p1")).id, cast.alice.id)
    assert await follow(cast) == 0
    assert (await card_of(cast, "p1")).assignee_id == cast.alice.id


async def test_the_first_goes_first_and_the_next_sees_what_it_did(cast: Cast) -> None:
    await keep(cast, "First", TAG)
    billing = Condition(field="tag", values=("billing",))
    second = await keep(cast, "Second", WORST, conditions=(billing,))
    await take(cast, post("p1", "refund"))
    await follow(cast)
    assert (await card_of(cast, "p1")).severity == 2
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        ids = [one.id for one in await keeping.list_rules(work.db, cast.workspace_id)]
        assert ids[1] == second.id
        await keeping.order_rules(work, ids[::-1])
    await take(cast, post("p2", "refund", DAVE))
    await follow(cast)
    other = await card_of(cast, "p2")
    assert other.tags == ["billing"]
    assert other.severity != 2


async def test_two_rules_that_undo_each_other_come_to_rest(cast: Cast) -> None:
    late: dict[str, Any] = {"when": "late"}
    await keep(cast, "Up", Act(do="severity", value="1"), **late)
    await keep(cast, "Down", Act(do="severity", value="5"), **late)
    await take(cast, post("p1", "refund"))
    for _ in range(6):
        cast.time.pass_(days=3)
        async with cast.works.open(cast.workspace_id) as work:
            await alarms.ring(work)
        await follow(cast)
    assert len(await events(cast, "conversation.prioritised")) == 2
    assert (await card_of(cast, "p1")).severity == 5


async def test_off_and_on_again_passes_over_what_came_meanwhile(cast: Cast) -> None:
    kept = await keep(cast, "Refunds", TAG)
    await keep(cast, "Refunds", TAG, rule_id=kept.id, on=False)
    await take(cast, post("p1", "refund"))
    assert await follow(cast) == 0
    cast.time.pass_(minutes=1)
    await keep(cast, "Refunds", TAG, rule_id=kept.id)
    await take(cast, post("p2", "refund", DAVE))
    assert await follow(cast) == 1
    assert (await card_of(cast, "p1")).tags == []
    assert (await card_of(cast, "p2")).tags == ["billing"]


async def test_what_cannot_be_done_is_said_and_stops_nothing(cast: Cast) -> None:
    gone = Act(do="assign", value=new_id())
    kept = await keep(cast, "Refunds", gone, TAG)
    await take(cast, post("p1", "refund"))
    assert await follow(cast) == 1
    assert (await card_of(cast, "p1")).tags == ["billing"]
    assert (await rule(cast)).trouble.startswith("Giving it to a colleague: ")
    await keep(cast, "Refunds", TAG, rule_id=kept.id)
    assert (await rule(cast)).trouble == ""


async def test_a_week_is_tried_out_and_nothing_is_done(cast: Cast) -> None:
    await take(cast, post("old", "refund, ages ago"))
    cast.time.pass_(days=8)
    posts = [post(f"p{n}", "refund" if n % 3 else "fine", DAVE) for n in range(12)]
    await take(cast, *posts)

    async def tried(**more: Any) -> Trial:
        told = {"conditions": (REFUND,), "when": "received"} | more
        async with cast.works.open(cast.workspace_id, cast.alice) as work:
            return await try_out(work, Rule(name="Refunds", acts=(TAG, WORST), **told))

    found = await tried()
    assert (found.looked, found.matched, found.changed, found.conversations) == (12, 8, 8, 1)
    assert found.since == cast.time.now - timedelta(days=7)
    assert found.samples[0].acts == [0, 1]
    assert "refund" in found.samples[0].text
    # The first of them opened the conversation, and says nothing of a refund.
    assert (await tried(when="opened")).matched == 0
    assert (await card_of(cast, "p1")).tags == []
    async with cast.database.acquire() as db:
        assert await keeping.list_rules(db, cast.workspace_id) == []


async def test_there_is_a_most(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bounds.MOST, "rule", (1, "rules"))
    await keep(cast, "One", TAG)
    with pytest.raises(TooMany, match="at most 1 rules"):
        await keep(cast, "Two", TAG)
