"""One loop per channel: listen from the cursor, take in what comes, come back after trouble."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Any

import msgspec
import structlog

from earful.desk.channels import change_channel, set_channel_state
from earful.intake.channel import Channel, channel_of
from earful.intake.receive import PASSING, receive
from earful.networks.contract import (
    Batch,
    Connector,
    Limited,
    Polls,
    Reauthorize,
    RetryLater,
    Streams,
)
from earful.networks.measure import told_limits
from earful.worker.desk import Shared, pause
from earful.worker.names import is_dead

log = structlog.get_logger()
LEASE_FOR = 20.0
POLL_EVERY = 15.0
LIMITS_FOR = 20.0
SLOWEST_RETRY = 60.0
Key = tuple[str, str, bytes, bytes | None]


async def keep_listening(shared: Shared, name: str) -> None:
    """Run one listener per active channel of any workspace; look for new channels when woken."""
    waker = shared.waker()
    tasks: dict[Key, asyncio.Task[None]] = {}
    while not shared.stopping.is_set():
        waker.clear()
        try:
            await _tend(shared, name, tasks)
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("tending broken", error=type(error).__name__)
        await pause(waker, 5.0)
        await pause(shared.stopping, 0.2)
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    with contextlib.suppress(*PASSING):
        await _let_go(shared, name)


async def _let_go(shared: Shared, name: str) -> None:
    """Give the leases back, so that the next worker listens at once."""
    async with shared.database.acquire() as db:
        await db.execute(
            "UPDATE channel SET listener = NULL, listener_until = NULL WHERE listener = $1", name
        )


def _key(row: Any) -> Key:
    """What a listener was started with; when any of it changes, it starts anew."""
    return (row["id"], row["inbox_id"], msgspec.json.encode(row["config"]), row["secret"])


async def _tend(shared: Shared, name: str, tasks: dict[Key, asyncio.Task[None]]) -> None:
    async with shared.database.acquire() as db:
        others = await db.fetch("SELECT DISTINCT listener FROM channel WHERE listener <> $1", name)
        rows = await db.fetch(
            """UPDATE channel SET listener = $1, listener_until = now() + make_interval(secs => $2)
               WHERE state = 'active' AND (listener = $1 OR listener_until IS NULL
                 OR listener_until < now() OR listener = ANY($3))
               RETURNING *""",
            name,
            LEASE_FOR,
            # A worker that was killed gave nothing back: whoever takes its place need not wait.
            [row["listener"] for row in others if is_dead(row["listener"])],
        )
    mine = {_key(row): dict(row) for row in rows}
    for key in [key for key in tasks if key not in mine or tasks[key].done()]:
        await _end(tasks.pop(key))
    for key, row in mine.items():
        if key not in tasks:
            tasks[key] = asyncio.create_task(_listen(shared, row))


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _listen(shared: Shared, row: dict[str, Any]) -> None:
    """Listen to one channel until cancelled, or until it must be signed in again."""
    tries = 0
    while True:
        current = await _reread(shared, row)
        if not current or current["state"] != "active":
            return
        try:
            async with shared.connector(current) as connector:
                await _learn_limits(shared, connector, current)
                async for _ in _batches(shared, connector, current):
                    tries = 0
        except Reauthorize as error:
            async with shared.works.open(row["workspace_id"]) as work:
                await set_channel_state(work, row["id"], "reauthorize", str(error))
            return
        except RetryLater as error:
            await asyncio.sleep(asked_for(error.after))
            continue
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.warning("listening broken", channel=row["id"], error=type(error).__name__)
        tries += 1
        await asyncio.sleep(after_trouble(tries))


def after_trouble(tries: int) -> float:
    """Seconds until the next of `tries` vain attempts in a row: ever longer, and by chance, so that
    all channels of a network that was away do not come back to it at the same instant."""
    # Past a few doublings it is the longest anyway; days of them are no number any more.
    longest = min(SLOWEST_RETRY, 0.5 * 2.0 ** min(tries, 10))
    return longest * random.uniform(0.5, 1)  # noqa: S311


def asked_for(after: float) -> float:
    """Seconds to wait when the network said how many: a little more by chance, for others were told
    the same, and about a minute at most, after which it is asked again."""
    return min(after, SLOWEST_RETRY) * random.uniform(1, 1.1)  # noqa: S311


async def _learn_limits(shared: Shared, connector: Connector, row: dict[str, Any]) -> None:
    """Ask the server what it allows now; without an answer what it said last holds."""
    if not isinstance(connector, Limited):
        return
    try:
        limits = await asyncio.wait_for(connector.limits(), LIMITS_FOR)
    except Reauthorize:
        raise
    except Exception as error:
        log.warning("limits not learnt", channel=row["id"], error=type(error).__name__)
        return
    async with shared.works.open(row["workspace_id"]) as work:
        await change_channel(work, row["id"], "limits", told_limits(limits))


async def _reread(shared: Shared, row: dict[str, Any]) -> dict[str, Any]:
    while True:
        try:
            return await shared.channel(row["workspace_id"], row["id"])
        except PASSING:
            await asyncio.sleep(1.0)


async def _batches(shared: Shared, connector: Connector, row: dict[str, Any]) -> Any:
    channel = channel_of(row)
    cursor = row["cursor"]
    if isinstance(connector, Streams):
        async for batch in connector.stream(cursor):
            await _take_in(shared, row["workspace_id"], channel, batch)
            yield batch
        return
    if not isinstance(connector, Polls):
        raise TypeError(f"the connector of {channel.network} can neither stream nor poll")
    while True:
        batch = await connector.fetch(cursor)
        cursor = batch.cursor
        await _take_in(shared, row["workspace_id"], channel, batch)
        yield batch
        await asyncio.sleep(POLL_EVERY)


async def _take_in(shared: Shared, workspace_id: str, channel: Channel, batch: Batch) -> None:
    """Accept the batch, however long the database is away: the feed waits, nothing is skipped."""
    while True:
        try:
            done = await receive(shared.works, workspace_id, channel, batch)
        except PASSING as error:
            log.warning("database away, batch waits", error=type(error).__name__)
            shared.counts["database_waits"] += 1
            await asyncio.sleep(0.5)
        else:
            shared.counts.update(posts_new=done.new, posts_repeated=done.repeated)
            return
