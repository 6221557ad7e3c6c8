"""The rows of waits follow whatever is done, and are found without a sweep."""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from earful.desk.assign import assign
from earful.desk.privacy import erase_person
from earful.desk.resolve import resolve
from earful.desk.settle import delivery_sent
from earful.figures import counting
from earful.networks.contract import Published, Receipt
from earful.outbox import outcome, queue
from earful.sla.calendar import Calendar, Slot
from earful.sla.keeping import keep_hours, keep_policy
from earful.sla.terms import Promise, Target, Terms
from earful.store.pool import Database
from earful.stream.work import SYSTEM, Work
from tests.cast import DAVE, START, Cast, post
from tests.desk.acts import answer, home_of, rows, take
from tests.desk.crowd import NOW, SEQUENTIAL, fill, plan, workspace
from tests.desk.test_nobody_is_dropped import Player

WAITS = "SELECT * FROM first_wait WHERE workspace_id = $1 ORDER BY conversation_id, began_at"


LATER = """SELECT * FROM later_wait WHERE workspace_id = $1
  ORDER BY conversation_id, kind, began_at"""


async def count(cast: Cast) -> list[Any]:
    """Read the log to its end; the waits there are."""
    done = True
    while done:
        async with cast.works.open(cast.workspace_id) as work:
            done = await counting.count(work)
    return [dict(row) for row in await rows(cast, WAITS, cast.workspace_id)]


async def rebuilt(cast: Cast, most: int = 2) -> list[Any]:
    """The waits counted anew, a few conversations at a time, from nothing."""
    async with cast.database.transaction() as db:
        await db.execute("DELETE FROM first_wait")
        await db.execute("DELETE FROM later_wait")
    after, begun = None, False
    while after is not None or not begun:
        begun = True
        async with cast.works.open(cast.workspace_id) as work:
            after, _ = await counting.rebuild(work, after, most)
    return [dict(row) for row in await rows(cast, WAITS, cast.workspace_id)]


async def sent(cast: Cast) -> None:
    """The network takes what waits to leave."""
    async with cast.works.open(cast.workspace_id) as work:
        claimed = await queue.claim(work)
        for one in claimed:
            assert await outcome.sent(work, one, Receipt((Published(f"o{one.id}", "", "", {}),)))
            await delivery_sent(work, one)


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
async def test_counting_on_and_counting_anew_find_the_same(
    make_cast: Callable[[], Awaitable[Cast]], seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311
    player = Player(await make_cast(), dice)
    acts = [*[player.writes] * 5, *[player.commands] * 8, *[player.answers] * 3,
            *[player.sends] * 4, player.handles, player.deletes, *[player.waits] * 3]  # fmt: skip
    for _ in range(35):
        await dice.choice(acts)()
        if dice.random() < 0.4:
            await count(player.cast)
    kept = await count(player.cast)
    later = await rows(player.cast, LATER, player.cast.workspace_id)
    assert kept == await rebuilt(player.cast)
    assert later == await rows(player.cast, LATER, player.cast.workspace_id)
    # Whoever waits for a first answer is counted, once, and nobody else.
    running = await rows(
        player.cast,
        """SELECT conversation_id FROM clock WHERE workspace_id = $1 AND stopped_at IS NULL
           AND kind = 'first_response' ORDER BY conversation_id""",
        player.cast.workspace_id,
    )
    waiting = [row["conversation_id"] for row in kept if row["state"] == "waiting"]
    assert waiting == [row["conversation_id"] for row in running]


async def test_a_wait_is_measured_by_the_wall_and_by_the_hours_it_ran_under(cast: Cast) -> None:
    office = Calendar("UTC", (*((Slot(9 * 3600, 17 * 3600),),) * 5, (), ()))
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        hours = await keep_hours(work, "Office", office)
        promise = Promise(first_response=Target(3600, "business"))
        terms = Terms("ours", dict.fromkeys(range(1, 6), promise), hours_id=hours.id)
        policy = await keep_policy(work, terms)
    cast.time.pass_(hours=7, minutes=30)  # Monday, 16:30
    await take(cast, post("1", published_at=cast.time()))
    home = await home_of(cast, "1")
    [wait] = await count(cast)
    assert (wait["state"], wait["due_at"]) == ("waiting", START + timedelta(days=1, minutes=30))
    assert (wait["wall_for"], wait["agent_id"]) == (None, None)
    assert wait["policy_id"] == policy.version_id
    # An automatic word answers nobody, and hours that change later are not those it ran under.
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await assign(work, home, cast.alice.id)
        await keep_hours(work, "Office", Calendar(), hours.id)
    cast.time.pass_(hours=16, minutes=45)  # Tuesday, 9:15
    await answer(cast, home)
    [wait] = await count(cast)
    assert (wait["state"], wait["agent_id"]) == ("waiting", cast.alice.id)
    await sent(cast)
    [wait] = await count(cast)
    assert (wait["state"], wait["agent_id"]) == ("answered", cast.bob.id)
    assert (wait["wall_for"], wait["business_for"]) == (16.75 * 3600, 45 * 60)


async def test_a_second_question_and_the_end_are_measured_as_by_hand(cast: Cast) -> None:
    promise = Promise(Target(600), Target(1200), Target(3600))
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await keep_policy(work, Terms("ours", dict.fromkeys(range(1, 6), promise)))
    await take(cast, post("1", published_at=cast.time()))
    home = await home_of(cast, "1")
    cast.time.pass_(minutes=4)
    await answer(cast, home, then="pending")
    await sent(cast)
    cast.time.pass_(minutes=6)
    await take(cast, post("2", parent_id="1", published_at=cast.time()))  # ten past
    await count(cast)
    told = await rows(cast, LATER, cast.workspace_id)
    assert [(one["kind"], one["state"]) for one in told] == [
        ("next_response", "waiting"), ("resolution", "waiting"),
    ]  # fmt: skip
    cast.time.pass_(minutes=25)
    await answer(cast, home, "Now it works", then="resolve", who=cast.alice)
    await sent(cast)
    [first] = await count(cast)
    assert (first["state"], first["wall_for"]) == ("answered", 240)
    again, over = await rows(cast, LATER, cast.workspace_id)
    assert (again["state"], again["wall_for"], again["agent_id"]) == (
        "answered", 25 * 60, cast.alice.id,
    )  # fmt: skip
    assert again["ended_at"] > again["due_at"]  # five minutes late
    assert (over["state"], over["wall_for"]) == ("answered", 35 * 60)
    assert over["began_at"] == START
    # It stood still while it was the customer's turn, for six minutes.
    assert over["due_at"] == START + timedelta(hours=1, minutes=6)


async def test_an_end_without_an_answer_is_no_answer(cast: Cast) -> None:
    await take(cast, post("1"))
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await resolve(work, await home_of(cast, "1"), "no_reply_needed", "only thanks")
    assert [wait["state"] for wait in await count(cast)] == ["closed"]


async def test_of_who_was_erased_her_wait_stays_as_a_number(cast: Cast) -> None:
    await take(cast, post("1"), post("2", author=DAVE))
    await answer(cast, await home_of(cast, "2"))
    cast.time.pass_(minutes=5)
    await sent(cast)
    people = await rows(cast, "SELECT contact_id AS id FROM conversation")
    assert len(await count(cast)) == 2
    for person in people:
        async with cast.works.open(cast.workspace_id, cast.alice) as work:
            await erase_person(work, person["id"])
    kept = await count(cast)
    assert sorted((wait["state"], wait["wall_for"]) for wait in kept) == [
        ("answered", 300),
        ("gone", 300),
    ]
    assert kept == await rebuilt(cast)


async def test_the_rows_hold_numbers_and_ids_alone(database: Database) -> None:
    async with database.acquire() as db:
        found = await db.fetch(
            """SELECT column_name AS name, data_type AS kind FROM information_schema.columns
               WHERE table_name IN ('first_wait', 'later_wait')"""
        )
    texts = [row["name"] for row in found if row["kind"] in ("text", "jsonb", "bytea")]
    assert sorted(texts) == ["kind", "state", "state"]


async def test_counting_reads_by_indexes(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    await fill(owner)
    await owner.execute(_FILLED)
    bad = []
    async with database.acquire() as borrowed:
        db: Any = borrowed
        key = await workspace(db)

        class Explained:
            """The same connection; what is asked of it is explained first."""

            def __getattr__(self, name: str) -> Any:
                honest = getattr(db, name)

                async def explained(sql: str, *args: Any) -> Any:
                    if re.match(r"\s*(SELECT|WITH)\b", sql):
                        found = await plan(db, sql, *args)
                        if re.search(r"Seq Scan on (first|later)_wait", found) or SEQUENTIAL.search(
                            found
                        ):
                            bad.append(f"{sql}\n{found}")
                    return await honest(sql, *args)

                return explained

        async with db.transaction():
            work = Work(Explained(), key, SYSTEM, NOW)  # type: ignore[arg-type]
            assert await counting.count(work)
            after, kept = await counting.rebuild(work, None, 500)
            assert (after is not None, kept) == (True, 500)
    assert not bad, "\n".join(bad)


_FILLED = """
INSERT INTO first_wait (workspace_id, conversation_id, began_at, inbox_id, channel_id, severity,
  due_at, held, state, ended_at, wall_for, business_for)
SELECT workspace_id, id, opened_at, inbox_id, channel_id, severity, opened_at, false,
  CASE WHEN unanswered > 0 THEN 'waiting' ELSE 'closed' END,
  CASE WHEN unanswered = 0 THEN opened_at END, 0, 0
FROM conversation;
INSERT INTO later_wait (workspace_id, conversation_id, kind, began_at, inbox_id, channel_id,
  severity, due_at, held, state, ended_at, wall_for, business_for)
SELECT workspace_id, id, 'next_response', opened_at, inbox_id, channel_id, severity, opened_at,
  false, 'closed', opened_at, 0, 0 FROM conversation;
ANALYZE first_wait, later_wait;
"""
