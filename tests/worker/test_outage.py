"""The database is killed while posts come in and replies go out: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from earful.accounts.secrets import Keyring
from earful.kit.clock import system_clock
from earful.media.files import MediaFiles
from earful.settings import Settings
from earful.store.opening import Store, open_store
from earful.stream.hub import Hub
from earful.stream.screen import Subscriber
from earful.worker.desk import Shared
from earful.worker.run import run_worker
from tests.cast import Cast, gather
from tests.desk.acts import answer, balanced, rows
from tests.networks.rehearsal.serving import Server
from tests.worker.waiting import eventually

COMES = "SELECT count(*) AS n FROM message WHERE direction = 'incoming'"
SENT = "SELECT count(*) AS n FROM delivery WHERE state = 'sent'"


@pytest.fixture
def settings() -> Iterator[Settings]:
    """A data folder of its own: this server is going to be killed."""
    folder = Path(tempfile.mkdtemp(prefix="ef-", dir="/tmp"))
    folder.chmod(0o711)
    yield Settings.from_env({"EARFUL_DATA_DIR": str(folder / "data")})
    shutil.rmtree(folder)


@asynccontextmanager
async def working(store: Store, settings: Settings) -> AsyncIterator[Shared]:
    """A worker that runs for the length of the block."""
    keyring = Keyring(["a key for the tests of the worker, long enough"])
    shared = Shared(store.database, system_clock, keyring, MediaFiles(settings.media_dir))
    task = asyncio.create_task(run_worker(shared, settings))
    try:
        yield shared
    finally:
        shared.stopping.set()
        await asyncio.wait_for(task, 20)


async def counted(cast: Cast, sql: str, wanted: int) -> bool:
    [row] = await rows(cast, sql)
    found: int = row["n"]
    return found >= wanted


async def furnished(store: Store, town: Server) -> Cast:
    """The cast in the killed database, its channel in the town."""
    cast = await gather(store.database)
    cast.works.clock = system_clock
    async with store.database.acquire() as db:
        await db.execute("UPDATE channel SET config = $1", {"service": town.url})
    return cast


def killed(store: Store) -> None:
    assert store.running is not None
    assert store.running.supervisor is not None
    assert store.running.supervisor.pid is not None
    os.kill(store.running.supervisor.pid, signal.SIGKILL)


async def test_nothing_is_lost_or_doubled_by_a_dead_database(
    settings: Settings, town: Server
) -> None:
    start = len(town.entries())
    ours: list[str] = []

    def writes(first: int, last: int) -> list[Any]:
        return [
            town.ask("/guests", text=f"@Northwind help {n}", number=start + n)["id"]
            for n in range(first, last)
        ]

    async with open_store(settings, size=6) as store:
        cast = await furnished(store, town)
        async with following(store, cast) as heard, working(store, settings) as shared:
            told = writes(0, 4)
            await eventually(lambda: counted(cast, COMES, len(told)))
            for row in await rows(cast, "SELECT id FROM conversation ORDER BY id LIMIT 3"):
                ours.append((await answer(cast, row["id"])).id)
            shared.wake()
            await asyncio.sleep(0)
            killed(store)
            told += await asyncio.to_thread(writes, 4, 8)
            await eventually(lambda: counted(cast, SENT, len(ours)))
            killed(store)
            told += await asyncio.to_thread(writes, 8, 10)
            known = "SELECT count(*) AS n FROM message WHERE external_id = ANY($1)"
            await eventually(lambda: _all(cast, known, told))
            await eventually(lambda: _heard_all(cast, heard))
        await _check(cast, town, told, ours)
        [lease] = await rows(cast, "SELECT listener FROM channel")
        assert lease["listener"] is None, "the next worker listens at once"


@asynccontextmanager
async def following(store: Store, cast: Cast) -> AsyncIterator[list[int]]:
    """A screen that follows the stream all along; the numbers of the events it heard."""

    async def rights(*_: str) -> None:
        return None

    hub = Hub(store.database, rights)
    await hub.start()
    screen = Subscriber(cast.workspace_id, str(cast.bob.id), None)
    assert await hub.subscribe(screen) == 0
    heard: list[int] = []

    async def listen() -> None:
        while True:
            packet = await screen.queue.get()
            heard.extend(event["seq"] for event in msgspec.json.decode(packet.data))

    task = asyncio.create_task(listen())
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await hub.stop()


async def _heard_all(cast: Cast, heard: list[int]) -> bool:
    """Every event once and in order, whatever happened to the database."""
    [row] = await rows(cast, "SELECT max(seq) AS seq FROM event")
    if len(heard) < row["seq"]:
        return False
    assert heard == list(range(1, len(heard) + 1))
    return True


async def _all(cast: Cast, sql: str, told: list[str]) -> bool:
    [row] = await rows(cast, sql, told)
    return bool(row["n"] == len(told))


async def _check(cast: Cast, town: Server, told: list[str], ours: list[str]) -> None:
    for external_id in told:
        stands = await rows(cast, "SELECT 1 FROM message WHERE external_id = $1", external_id)
        assert len(stands) == 1
    assert [town.standing(key) for key in ours] == [1] * len(ours)
    seqs = [row["seq"] for row in await rows(cast, "SELECT seq FROM event ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1))
    await balanced(cast)
