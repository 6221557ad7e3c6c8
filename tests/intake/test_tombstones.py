"""A deletion that is told before its post: the post is accepted as gone, and nobody is owed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from earful.desk.privacy import erase_person
from earful.intake import tombstones
from earful.intake.accept import accept
from earful.intake.receive import receive
from earful.networks.contract import Change, Deletion
from earful.store.address import Addresses
from earful.store.pool import Database
from earful.stream.work import Works
from tests.cast import CAROL, DAVE, START, Cast, batch, gather, post
from tests.worker.waiting import eventually


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


async def take(cast: Cast, *changes: Any, cursor: int = 1) -> Any:
    return await receive(
        cast.works, cast.workspace_id, cast.channel, batch(*changes, cursor=cursor)
    )


async def rows(cast: Cast, sql: str, *args: Any) -> list[Any]:
    async with cast.database.acquire() as db:
        return list(await db.fetch(sql, *args))


async def sums(cast: Cast) -> tuple[int, int, int]:
    """Inbound, settled and open: the equation, counted from the rows and from the cards."""
    [row] = await rows(
        cast,
        """SELECT count(*) AS inbound, count(disposition) AS settled,
             (SELECT coalesce(sum(unanswered), 0) FROM conversation) AS open
           FROM message WHERE direction = 'incoming'""",
    )
    return row["inbound"], row["settled"], row["open"]


def gone(external_id: str) -> Deletion:
    return Deletion(external_id=external_id, at=START - timedelta(minutes=1))


async def test_a_deletion_in_an_earlier_batch_makes_the_post_a_fact(cast: Cast) -> None:
    await take(cast, gone("1"))
    assert await rows(cast, "SELECT FROM event") == []
    await take(cast, post("1"), post("2", author=DAVE), cursor=2)
    one, two = await rows(cast, "SELECT * FROM message ORDER BY external_id")
    assert (one["deleted_at"], one["disposition"]) == (START - timedelta(minutes=1), "deleted")
    assert (one["settled_at"], two["deleted_at"]) == (cast.time.now, None)
    homes = await rows(
        cast,
        "SELECT unanswered, due_at IS NULL AS no_clock FROM conversation ORDER BY contact_name",
    )
    assert [tuple(home) for home in homes] == [(0, True), (1, False)]
    assert await sums(cast) == (2, 1, 1)
    kinds = [row["kind"] for row in await rows(cast, "SELECT kind FROM event ORDER BY seq")]
    assert kinds.count("message.deleted") == 1


async def test_repeats_of_both_change_nothing(cast: Cast) -> None:
    for _ in range(2):
        await take(cast, gone("1"), gone("1"))
    for _ in range(2):
        await take(cast, post("1"), gone("1"), post("1"))
    await take(cast, gone("1"))
    assert await sums(cast) == (1, 1, 0)
    assert len(await rows(cast, "SELECT FROM event WHERE kind = 'message.deleted'")) == 1


async def test_a_later_post_in_the_thread_is_owed_all_the_same(cast: Cast) -> None:
    await take(cast, gone("1"))
    await take(cast, post("1"), post("2", parent_id="1"))
    assert await sums(cast) == (2, 1, 1)


async def test_it_is_known_across_a_restart_and_told_by_several_at_once(
    cast: Cast, addresses: Addresses
) -> None:
    await asyncio.gather(
        *(take(cast, *[gone(str(n)) for n in order]) for order in (range(40), range(39, -1, -1)))
    )
    opened = await Database.connect(addresses, size=2)
    try:
        works = Works(opened, cast.time)
        await receive(works, cast.workspace_id, cast.channel, batch(post("7"), cursor=2))
    finally:
        await opened.close()
    assert await sums(cast) == (1, 1, 0)


async def test_what_is_known_leaves_no_tombstone_and_no_id_is_readable(cast: Cast) -> None:
    await take(cast, post("at://did:carol/1"))
    await take(cast, gone("at://did:carol/1"), gone("at://did:carol/2"))
    [one] = await rows(cast, "SELECT tombstone::text AS said FROM tombstone")
    assert "carol" not in one["said"]
    async with cast.works.open(cast.workspace_id) as work:
        contact_id = await work.db.fetchval("SELECT id FROM contact")
        await erase_person(work, contact_id)
    await take(cast, gone("at://did:carol/1"), post("at://did:carol/1"))
    assert len(await rows(cast, "SELECT FROM message")) == 1


async def test_another_workspace_knows_nothing_of_it(cast: Cast) -> None:
    await take(cast, gone("1"))
    other = await gather(cast.database, "Southwind")
    await take(other, post("1", author=CAROL))
    assert await sums(cast) == (1, 0, 1)


async def test_old_ones_are_tidied_a_helping_at_a_time(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tombstones, "AT_ONCE", 3)
    await take(cast, *[gone(str(n)) for n in range(7)])
    cast.time.pass_(days=2, seconds=-1)
    await take(cast, gone("young"))
    assert await tombstones.tidy(cast.database, now=cast.time.now) == 0
    cast.time.pass_(seconds=2)
    assert await tombstones.tidy(cast.database, now=cast.time.now) == 7
    assert len(await rows(cast, "SELECT FROM tombstone")) == 1
    await take(cast, post("1"), post("young", author=DAVE))
    assert await sums(cast) == (2, 1, 1)


@pytest.mark.parametrize("first", ["the post", "the deletion"])
async def test_a_deletion_beside_its_post_is_never_missed(cast: Cast, first: str) -> None:
    """Two transactions at once, neither of which sees the other's rows: whoever is first."""
    changes: list[Change] = [post("1"), gone("1")]
    one, other = changes if first == "the post" else changes[::-1]
    async with cast.works.open(cast.workspace_id) as work:
        await accept(work, cast.channel, batch(one))
        beside = asyncio.create_task(take(cast, other, cursor=2))

        async def waits_or_is_done() -> bool:
            held = await rows(cast, "SELECT FROM pg_locks WHERE NOT granted")
            return bool(held) or beside.done()

        await eventually(waits_or_is_done)
    await beside
    [kept] = await rows(cast, "SELECT deleted_at, disposition FROM message")
    assert (kept["deleted_at"], kept["disposition"]) == (START - timedelta(minutes=1), "deleted")
    assert await sums(cast) == (1, 1, 0)
    assert len(await rows(cast, "SELECT FROM event WHERE kind = 'message.deleted'")) == 1


async def test_two_tell_posts_and_deletions_crosswise(cast: Cast) -> None:
    """Each waits for the other at most; none is given up for a deadlock."""
    people = [DAVE.__class__(f"p{n}", f"p{n}", "") for n in range(20)]
    posts = [post(str(n), author=who) for n, who in enumerate(people)]
    deletions = [gone(str(n)) for n in range(20)]
    await asyncio.gather(
        take(cast, *posts[:15], *deletions[10:]),
        take(cast, *posts[10:], *deletions[:10]),
        take(cast, *reversed(posts)),
    )
    assert await sums(cast) == (20, 20, 0)
