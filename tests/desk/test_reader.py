"""A reader of the log sees each event once, also when it fails or somebody else reads."""

from __future__ import annotations

import pytest

from earful.kit.refusal import Refused
from earful.stream.reader import behind, read_on, take_on
from tests.cast import DAVE, Cast, post
from tests.desk.acts import rows, take

KINDS = ["conversation.opened", "message.received"]


async def _read(cast: Cast, most: int = 1000) -> list[str]:
    async with cast.works.open(cast.workspace_id) as work:
        found = await read_on(work, "test", KINDS, most)
    assert found is not None
    return [event.kind for event in found]


async def _fail(cast: Cast) -> None:
    async with cast.works.open(cast.workspace_id) as work:
        assert await read_on(work, "test", KINDS)
        raise Refused("no", "Something else went wrong.")


async def test_each_event_is_read_once_from_the_oldest_on(cast: Cast) -> None:
    await take(cast, post("1"))
    assert "conversation.opened" in await _read(cast)
    assert await behind(cast.database, "test") == []
    await take(cast, post("2"), post("3"))
    assert await behind(cast.database, "test") == [cast.workspace_id]
    told = await _read(cast)
    assert told
    assert set(told) <= set(KINDS)
    assert await _read(cast) == []
    assert await behind(cast.database, "test") == []


async def test_what_was_not_committed_is_read_again(cast: Cast) -> None:
    await _read(cast)
    await take(cast, post("1"))
    with pytest.raises(Refused):
        await _fail(cast)
    assert await _read(cast)


async def test_small_bites_skip_nothing_and_other_kinds_are_passed_over(cast: Cast) -> None:
    await _read(cast)
    for number in range(5):
        await take(cast, post(str(number)))
    whole: list[str] = []
    while await behind(cast.database, "test"):
        whole += await _read(cast, most=1)
    async with cast.works.open(cast.workspace_id) as work:
        kept = await work.db.fetch(
            "SELECT kind FROM event WHERE kind = ANY($1::text[]) ORDER BY seq", KINDS
        )
    assert whole == [row["kind"] for row in kept]


async def test_two_processes_do_not_read_the_same(cast: Cast) -> None:
    await _read(cast)
    await take(cast, post("1"))
    async with cast.works.open(cast.workspace_id) as one, cast.works.open(cast.workspace_id) as two:
        assert await read_on(one, "test", KINDS)
        assert await read_on(two, "test", KINDS) is None


async def test_numbers_without_events_are_gone_over_at_once(cast: Cast) -> None:
    await take(cast, post("1"))
    async with cast.database.acquire() as db:
        await db.execute("UPDATE event_counter SET seq = seq + 1000000")
    await take(cast, post("2", author=DAVE), post("3", author=DAVE))
    found = []
    for most in (1, 1, 10, 10):
        async with cast.works.open(cast.workspace_id) as work:
            found.append(await take_on(work, "counter", most))
    [far] = await rows(cast, "SELECT seq FROM event_counter")
    assert found == [(0, 1), (1, far["seq"] - 1), (far["seq"] - 1, far["seq"]), None]
