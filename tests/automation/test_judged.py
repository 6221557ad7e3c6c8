"""Rules that ask what a post was judged to be wait for the judgement, and act once."""

from __future__ import annotations

from typing import Any

from earful.automation.rules import Act, Condition
from earful.automation.trial import try_out
from earful.judgements.correcting import Better, correct
from earful.judgements.hearing import AT_ONCE, KINDS, READER, hear
from earful.networks.contract import Person
from earful.stream.reader import read_on
from tests.automation.test_acting import card_of, events, follow, keep, take
from tests.cast import DAVE, Cast, post

ANGRY = "@Northwind this is the third time I write. Useless! Still no refund. #northwindfail"
PRAISE = "@Northwind thank you so much, you are the best"
COMPLAINT = Condition(field="kind", values=("complaint",))
TAG = Act(do="tag", value="angry")


async def judge(cast: Cast) -> None:
    async with cast.works.open(cast.workspace_id) as work:
        await hear(work, await read_on(work, READER, KINDS, AT_ONCE) or [])


async def tags(cast: Cast, key: str) -> list[str]:
    return (await card_of(cast, key)).tags


async def test_a_rule_waits_for_the_judgement_and_acts_once(cast: Cast) -> None:
    await keep(cast, "Angry", TAG, conditions=(COMPLAINT, Condition(field="shaming")))
    await take(cast, post("a", ANGRY), post("p", PRAISE, DAVE))
    assert await follow(cast) == 0
    assert await tags(cast, "a") == []
    await judge(cast)
    assert await follow(cast) == 1
    assert (await tags(cast, "a"), await tags(cast, "p")) == (["angry"], [])
    told = await events(cast)
    assert {one["actor"]["name"] for one in told} == {"Rule “Angry”"}
    await judge(cast)
    assert await follow(cast) == 0
    assert await events(cast) == told


async def test_what_opens_is_told_from_what_comes_later(cast: Cast) -> None:
    await keep(cast, "First", TAG, conditions=(COMPLAINT,))
    later = Act(do="tag", value="again")
    await keep(cast, "Any", later, conditions=(COMPLAINT,), when="received")
    await take(cast, post("p", PRAISE))
    await judge(cast)
    await follow(cast)
    cast.time.pass_(minutes=1)
    await take(cast, post("a", ANGRY, published_at=cast.time(), parent_id="p", root_id="p"))
    await judge(cast)
    await follow(cast)
    assert await tags(cast, "a") == ["again"]


async def test_a_correction_starts_no_rule(cast: Cast) -> None:
    await take(cast, post("p", PRAISE))
    await judge(cast)
    await keep(cast, "Angry", TAG, conditions=(COMPLAINT,))
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        [row] = await work.db.fetch("SELECT id FROM message WHERE external_id = 'p'")
        await correct(work, row["id"], Better(kind="complaint"))
    assert await follow(cast) == 0
    assert await tags(cast, "p") == []


async def test_so_many_follow_the_writer(cast: Cast) -> None:
    many: Any = Condition(field="followers", values=("1000",))
    await keep(cast, "Star", Act(do="severity", value="2"), conditions=(many,))
    await take(cast, post("s", "@Northwind hi", Person("s", "s", "S", followers=5000)))
    await take(cast, post("n", "@Northwind hi", DAVE))
    await follow(cast)
    assert ((await card_of(cast, "s")).severity, (await card_of(cast, "n")).severity) == (2, 4)


async def test_a_trial_looks_at_judgements_too(cast: Cast) -> None:
    rule = await keep(cast, "Angry", TAG, conditions=(COMPLAINT,), on=False)
    await take(cast, post("a", ANGRY), post("p", PRAISE, DAVE))
    await judge(cast)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        found = await try_out(work, rule)
    assert (found.looked, found.matched, found.changed) == (2, 1, 1)
