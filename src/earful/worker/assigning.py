"""Follows the rules, gives out conversations, notices whose browser is gone, counts by the hour."""

from __future__ import annotations

from datetime import datetime

import structlog

from earful.assigning import giving
from earful.automation import acting
from earful.intake.receive import PASSING
from earful.roster import demand, standing
from earful.stream.reader import behind
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
BREATH = 0.3
"""Seconds between two rounds: on a busy desk one gives out what several events brought."""


async def keep_assigning(shared: Shared) -> None:
    """Until told to stop. Shifts begin without an event: looking every 30 s finds them."""
    waker = shared.waker()
    while not shared.stopping.is_set():
        waker.clear()
        wait_for = 1.0
        try:
            await notice_gone(shared)
            await follow_rules(shared)
            await give_out(shared)
            await count(shared)
            wait_for = await _until_next(shared)
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("assigning broken", error=type(error).__name__)
        await pause(waker, wait_for)
        await pause(shared.stopping, BREATH)


async def follow_rules(shared: Shared) -> int:
    """Do what the rules say about all that came in. Returns on how many posts they acted."""
    total = 0
    async with shared.database.acquire() as db:
        ids = await acting.workspaces(db)
    for workspace_id in ids:
        done: int | None = 0
        while done is not None:
            async with shared.works.open(workspace_id) as work:
                done = await acting.act(work)
            total += done or 0
    return total


async def give_out(shared: Shared) -> int:
    """Give out all that somebody can take. Returns how many changed hands."""
    async with shared.database.acquire() as db:
        ids = await giving.workspaces(db)
    total = 0
    for workspace_id in ids:
        done = 1
        while done:
            async with shared.works.open(workspace_id) as work:
                done = await giving.give_out(work)
            total += done
    return total


async def notice_gone(shared: Shared) -> None:
    """Whose browser is gone for long is away."""
    async with shared.database.acquire() as db:
        ids = await standing.with_gone(db, shared.clock())
    for workspace_id in ids:
        async with shared.works.open(workspace_id) as work:
            await standing.notice_gone(work)


async def count(shared: Shared) -> None:
    """Add what came in to the hours, to the end of each workspace's log."""
    while ids := await behind(shared.database, demand.READER):
        read = 0
        for workspace_id in ids:
            async with shared.works.open(workspace_id) as work:
                read += await demand.count(work)
        if not read:
            return  # another worker does it


async def _until_next(shared: Shared) -> float:
    async with shared.database.acquire() as db:
        dues = [await standing.next_gone(db), await giving.next_freeing(db)]
    found: list[datetime] = [due for due in dues if due is not None]
    if not found:
        return 30.0
    return max(1.0, (min(found) - shared.clock()).total_seconds())
