"""What comes in is given out once, with its reason; what nobody can take waits for somebody."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from earful.accounts import teams
from earful.accounts.secrets import Keyring
from earful.assigning import giving
from earful.assigning.rules import Rule, check_rule, keep_rule
from earful.conversations.instants import instants_of
from earful.desk.assign import assign
from earful.desk.hand_over import hand_over
from earful.desk.resolve import resolve
from earful.desk.tags import add_tag
from earful.kit.refusal import Refused
from earful.media.files import MediaFiles
from earful.networks.contract import Person
from earful.roster import demand, standing
from earful.roster.standing import Ability
from earful.store.pool import Database
from earful.stream.work import Actor
from earful.worker import assigning
from earful.worker.desk import Shared
from tests.cast import Cast, gather, post
from tests.desk.acts import card_of, home_of, rows, take
from tests.roster.conftest import on

GIVEN = "SELECT data, actor FROM event WHERE kind = 'conversation.assigned'"
LINES = "SELECT text FROM message WHERE text LIKE 'Earful assigned%'"
MEMBER = "INSERT INTO inbox_member (workspace_id, inbox_id, agent_id) VALUES ($1, $2, $3)"


class Desk:
    """A desk whose worker gives out when it is told to."""

    def __init__(self, cast: Cast, shared: Shared) -> None:
        self.cast, self.shared = cast, shared

    async def rule(self, **changes: Any) -> None:
        rule = Rule(**{"way": "round_robin"} | changes)
        async with self.cast.works.open(self.cast.workspace_id, self.cast.alice) as work:
            await keep_rule(work, self.cast.channel.inbox_id, rule)

    async def says(self, who: Actor, status: str = "here", **able: Any) -> None:
        assert who.id
        async with self.cast.works.open(self.cast.workspace_id, who) as work:
            await standing.say(work, who.id, status)
            if able:
                await standing.enable(work, who.id, Ability(**able))

    async def come(self, *numbers: int, **more: Any) -> list[str]:
        """One post each from that many people."""
        homes = []
        for n in numbers:
            author = Person(f"did:{n}", f"p{n}.example", f"P{n}")
            await take(self.cast, post(str(n), author=author, **more))
            homes.append(await home_of(self.cast, str(n)))
        return homes

    async def round(self) -> int:
        await assigning.notice_gone(self.shared)
        return await assigning.give_out(self.shared)

    async def owners(self, homes: list[str]) -> list[str]:
        names = {self.cast.alice.id: "alice", self.cast.bob.id: "bob", None: "-"}
        return [names[(await card_of(self.cast, home)).assignee_id] for home in homes]


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Desk:
    cast = await gather(database)
    keyring = Keyring(["a key for the tests of giving out, long enough"])
    return Desk(cast, Shared(database, cast.time, keyring, MediaFiles(tmp_path)))


async def test_by_hand_nothing_is_given_out(desk: Desk) -> None:
    await desk.says(desk.cast.bob)
    homes = await desk.come(1)
    assert await desk.round() == 0
    assert await desk.owners(homes) == ["-"]


async def test_each_is_given_in_turn_with_its_reason(desk: Desk) -> None:
    await desk.rule()
    homes = await desk.come(1, 2, 3)
    assert await desk.round() == 0
    await desk.says(desk.cast.bob)
    await desk.says(desk.cast.alice)
    assert await desk.round() == 3
    assert Counter(await desk.owners(homes)) in ({"alice": 2, "bob": 1}, {"alice": 1, "bob": 2})
    assert await desk.round() == 0
    told = await rows(desk.cast, GIVEN)
    assert {row["data"]["reason"] for row in told} == {"whose turn it was"}
    assert {row["actor"]["kind"] for row in told} == {"system"}
    [line, *_] = await rows(desk.cast, LINES)
    assert line["text"].endswith(": whose turn it was")


async def test_by_rule_or_by_hand_it_is_noted_since_when_somebody_had_it(desk: Desk) -> None:
    await desk.rule()
    by_rule, by_hand = await desk.come(1, 2)
    desk.cast.time.pass_(minutes=3)
    async with desk.cast.works.open(desk.cast.workspace_id, desk.cast.alice) as work:
        await assign(work, by_hand, desk.cast.bob.id)
    await desk.says(desk.cast.bob)
    assert await desk.round() == 1
    async with desk.cast.database.acquire() as db:
        for home in (by_rule, by_hand):
            [message] = await instants_of(db, desk.cast.workspace_id, home, None, 9)
            assert message.assigned_at == desk.cast.time()


async def test_several_workers_at_once_give_out_each_one_once(desk: Desk) -> None:
    await desk.rule(capacity=40)
    await desk.says(desk.cast.bob)
    await desk.says(desk.cast.alice)
    homes = await desk.come(*range(30))
    done = await asyncio.gather(*(desk.round() for _ in range(4)))
    assert sum(done) == 30
    assert Counter(await desk.owners(homes)) == {"alice": 15, "bob": 15}
    told = await rows(desk.cast, "SELECT 1 FROM event WHERE kind = 'conversation.assigned'")
    assert len(told) == 30


async def test_what_is_over_capacity_waits_until_one_ends(desk: Desk) -> None:
    await desk.rule(capacity=9)
    await desk.says(desk.cast.bob, capacity=2)
    homes = await desk.come(1, 2, 3)
    assert await desk.round() == 2
    assert await desk.owners(homes) == ["bob", "bob", "-"]
    async with desk.cast.works.open(desk.cast.workspace_id, desk.cast.bob) as work:
        await resolve(work, homes[0], "no_reply_needed", "Thanks")
    assert await desk.round() == 1
    assert await desk.owners(homes[1:]) == ["bob", "bob"]


async def test_a_skill_that_somebody_has_is_waited_for(desk: Desk) -> None:
    await desk.rule()
    await desk.says(desk.cast.bob)
    await desk.says(desk.cast.alice, "busy", skills=("billing",), languages=("de",))
    bill, german, other = await desk.come(1, 2, 3)
    await rows(desk.cast, "UPDATE message SET language = 'de-AT' WHERE external_id = '2'")
    await rows(desk.cast, "UPDATE message SET language = 'fi' WHERE external_id = '3'")
    async with desk.cast.works.open(desk.cast.workspace_id, desk.cast.bob) as work:
        await add_tag(work, bill, "billing")
    await desk.round()
    assert await desk.owners([bill, german, other]) == ["-", "-", "bob"]
    await desk.says(desk.cast.alice)
    await desk.round()
    assert await desk.owners([bill, german, other]) == ["alice", "alice", "bob"]
    [told] = await rows(
        desk.cast, "SELECT data FROM event WHERE kind = 'conversation.assigned' "
        "AND conversation_id = $1", german)  # fmt: skip
    assert told["data"]["reason"] == "whose turn it was (needs language de)"


async def test_what_nobody_here_can_take_holds_up_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving, "LOOK", 3)
    await desk.rule()
    await desk.says(desk.cast.bob, capacity=9)
    await desk.says(desk.cast.alice, "away", skills=("billing",), languages=("de",))
    homes = await desk.come(*range(12))
    async with desk.cast.works.open(desk.cast.workspace_id, desk.cast.bob) as work:
        for home in homes[:4]:
            await add_tag(work, home, "billing")
        team = await teams.add_team(work, "Others", [str(desk.cast.alice.id)])
        for home in homes[8:10]:
            await hand_over(work, home, team.id)
    for number in range(4, 8):
        await rows(
            desk.cast, "UPDATE message SET language = 'de' WHERE external_id = $1", str(number)
        )
    await desk.round()
    assert await desk.owners(homes) == ["-"] * 10 + ["bob"] * 2
    await desk.says(desk.cast.alice, capacity=20, skills=("billing",), languages=("de",))
    while await desk.round():
        pass
    assert await desk.owners(homes) == ["alice"] * 10 + ["bob"] * 2


async def test_who_comes_back_meets_the_same_agent(desk: Desk) -> None:
    await desk.rule()
    await desk.says(desk.cast.alice)
    await desk.says(desk.cast.bob)
    [home] = await desk.come(1)
    async with desk.cast.works.open(desk.cast.workspace_id, desk.cast.alice) as work:
        await assign(work, home, desk.cast.bob.id)
        await resolve(work, home, "no_reply_needed", "Thanks")
    author = Person("did:1", "p1.example", "P1")
    for number in ("again", "and again"):
        await take(desk.cast, post(number, author=author))
        back = await home_of(desk.cast, number)
        await desk.round()
        assert await desk.owners([back]) == ["bob"]
        async with desk.cast.works.open(desk.cast.workspace_id, desk.cast.alice) as work:
            await resolve(work, back, "no_reply_needed", "Thanks")


async def test_what_waits_with_who_left_comes_back_once(desk: Desk) -> None:
    await desk.rule(free_after=300)
    await desk.says(desk.cast.bob)
    homes = await desk.come(1, 2)
    await desk.round()
    await desk.says(desk.cast.bob, "away")
    desk.cast.time.pass_(seconds=299)
    assert await desk.round() == 0
    desk.cast.time.pass_(seconds=1)
    assert await desk.round() == 2
    assert await desk.owners(homes) == ["-", "-"]
    async with desk.cast.works.open(desk.cast.workspace_id, desk.cast.alice) as work:
        await assign(work, homes[0], desk.cast.bob.id)
    desk.cast.time.pass_(hours=1)
    assert await desk.round() == 0
    assert await desk.owners(homes) == ["bob", "-"]
    await desk.says(desk.cast.alice)
    assert await desk.round() == 1
    lines = await rows(desk.cast, "SELECT text FROM message WHERE text LIKE '%Bob is away'")
    assert len(lines) == 2


async def test_a_closed_browser_frees_after_ten_minutes_and_the_rules_time(desk: Desk) -> None:
    await desk.rule(free_after=60)
    await desk.says(desk.cast.bob)
    homes = await desk.come(1)
    await desk.round()
    desk.cast.time.pass_(minutes=10)
    assert await desk.round() == 0
    desk.cast.time.pass_(minutes=1)
    assert await desk.round() == 1
    assert await desk.owners(homes) == ["-"]


async def test_only_those_on_shift_where_the_rule_says_so(desk: Desk) -> None:
    await desk.rule(on_shift_only=True)
    await desk.says(desk.cast.bob)
    await desk.says(desk.cast.alice)
    homes = await desk.come(1, 2)
    assert await desk.round() == 0
    await on(desk.cast, desk.cast.bob)
    assert await desk.round() == 2
    assert await desk.owners(homes) == ["bob", "bob"]


async def test_who_does_not_work_in_the_inbox_gets_nothing_of_it(desk: Desk) -> None:
    await desk.rule()
    await desk.says(desk.cast.bob)
    await rows(
        desk.cast, MEMBER,
        desk.cast.workspace_id, desk.cast.channel.inbox_id, desk.cast.alice.id,
    )  # fmt: skip
    await desk.come(1)
    assert await desk.round() == 0


async def test_posts_are_counted_by_the_hour_and_once(desk: Desk) -> None:
    await desk.come(1, 2)
    await assigning.count(desk.shared)
    desk.cast.time.pass_(minutes=59)
    await desk.come(3)
    desk.cast.time.pass_(minutes=1)
    await desk.come(4)
    await asyncio.gather(*(assigning.count(desk.shared) for _ in range(3)))
    await assigning.count(desk.shared)
    async with desk.cast.database.acquire() as db:
        start = desk.cast.time.now.replace(hour=0)
        end = desk.cast.time.now.replace(hour=23)
        found = await demand.hours(db, desk.cast.workspace_id, start, end, None)
        assert [(one.hour.hour, one.posts) for one in found] == [(9, 3), (10, 1)]
        none = await demand.hours(db, desk.cast.workspace_id, start, end, [])
        assert none == []


@pytest.mark.parametrize(
    "wrong", [Rule(way="dice"), Rule(capacity=0), Rule(free_after=-1), Rule(capacity=10_000)]
)
def test_odd_rules_are_refused(wrong: Rule) -> None:
    with pytest.raises(Refused):
        check_rule(wrong)
