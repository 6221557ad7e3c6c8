"""Listening: one listener per channel, from the cursor, anew when the channel changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from earful.kit.ids import new_id
from earful.worker import listening
from earful.worker.desk import Shared
from earful.worker.listening import after_trouble, asked_for, keep_listening
from tests.cast import Cast
from tests.desk.acts import rows
from tests.networks.rehearsal.serving import Server
from tests.worker.waiting import eventually


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener that stumbles comes back soon."""
    monkeypatch.setattr(listening, "SLOWEST_RETRY", 0.05)


@asynccontextmanager
async def running(shared: Shared, name: str = "one") -> AsyncIterator[None]:
    task = asyncio.create_task(keep_listening(shared, name))
    try:
        yield
    finally:
        shared.stopping.set()
        shared.wake()
        await asyncio.wait_for(task, 5)


async def came(cast: Cast, external_id: str) -> bool:
    return bool(await rows(cast, "SELECT 1 FROM message WHERE external_id = $1", external_id))


async def guest(town: Server, text: str = "@Northwind help") -> str:
    entry = await asyncio.to_thread(town.ask, "/guests", text=text, number=len(town.entries()))
    found: str = entry["id"]
    return found


async def test_what_is_posted_comes_in_and_the_lease_is_given_back(
    shared: Shared, cast: Cast, town: Server
) -> None:
    async with running(shared):
        told = await guest(town)
        await eventually(lambda: came(cast, told))
        [channel] = await rows(cast, "SELECT listener FROM channel")
        assert channel["listener"] == "one"
    [channel] = await rows(cast, "SELECT listener, cursor FROM channel")
    assert channel["listener"] is None
    assert channel["cursor"]["position"] > 0


@pytest.mark.parametrize("kind", ["500", "503", "half", "drop-before", "429"])
async def test_trouble_on_the_way_loses_nothing(
    shared: Shared, cast: Cast, town: Server, kind: str
) -> None:
    town.ask("/faults", kind=kind, on="changes", times=2, after=0.05)
    told = await guest(town)
    async with running(shared):
        await eventually(lambda: came(cast, told))


async def test_an_expired_token_says_so_and_listening_ends(
    shared: Shared, cast: Cast, town: Server
) -> None:
    town.ask("/faults", kind="401", on="changes")

    async def signed_out() -> bool:
        [channel] = await rows(cast, "SELECT state FROM channel")
        return bool(channel["state"] == "reauthorize")

    async with running(shared):
        await eventually(signed_out)


async def test_a_channel_that_moves_brings_its_posts_to_the_new_inbox(
    shared: Shared, cast: Cast, town: Server
) -> None:
    async with running(shared):
        told = await guest(town)
        await eventually(lambda: came(cast, told))
        inbox = new_id()
        async with cast.database.acquire() as db:
            await db.execute(
                "INSERT INTO inbox (workspace_id, id, name, created_at) VALUES ($1, $2, 'B', $3)",
                cast.workspace_id,
                inbox,
                cast.time(),
            )
            await db.execute("UPDATE channel SET inbox_id = $1", inbox)
        shared.wake()

        async def arrives() -> bool:
            new = await guest(town)
            await eventually(lambda: came(cast, new))
            [row] = await rows(
                cast,
                """SELECT c.inbox_id FROM message m JOIN conversation c ON c.id = m.conversation_id
                   WHERE m.external_id = $1""",
                new,
            )
            return bool(row["inbox_id"] == inbox)

        await eventually(arrives)


async def test_two_workers_listen_once(shared: Shared, cast: Cast, town: Server) -> None:
    async with running(shared, "one"), running(shared, "two"):
        told = [await guest(town) for _ in range(5)]
        await eventually(lambda: came(cast, told[-1]))
        for external_id in told:
            [_] = await rows(cast, "SELECT 1 FROM message WHERE external_id = $1", external_id)


def test_channels_that_stumbled_together_do_not_come_back_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "SLOWEST_RETRY", 60.0)
    for tries, longest in ((1, 1.0), (5, 16.0), (7, 60.0), (5000, 60.0)):
        waits = [after_trouble(tries) for _ in range(50)]
        assert longest / 2 <= min(waits) < max(waits) <= longest
        assert len(set(waits)) > 40
    for after, shortest in ((3.0, 3.0), (86_400.0, 60.0)):
        waits = [asked_for(after) for _ in range(50)]
        assert shortest <= min(waits) < max(waits) <= shortest * 1.1
