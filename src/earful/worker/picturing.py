"""Draws the whole picture, a day at a time, and watches for bursts; nothing waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from earful.insights.drawing import draw_next, forget_old
from earful.insights.watching import watch
from earful.intake.receive import PASSING
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
EVERY = 20.0
"""Seconds between two looks whether something is to be drawn."""
BREATH = 0.5
"""Seconds between two pictures: a desk that is new to it has weeks to be drawn."""
FORGET_EVERY = timedelta(hours=6)


async def keep_picturing(shared: Shared) -> None:
    """Until told to stop."""
    forget_at: datetime | None = None
    while not shared.stopping.is_set():
        wait_for = EVERY
        try:
            if forget_at is None or shared.clock() >= forget_at:
                await forget_old(shared.database, now=shared.clock())
                forget_at = shared.clock() + FORGET_EVERY
            more = await look(shared)
            wait_for = BREATH if await draw(shared) or more else EVERY
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("picturing broken", error=type(error).__name__)
        await pause(shared.stopping, wait_for)


async def draw(shared: Shared) -> int:
    """Draw one picture in each workspace in which one is due. Returns how many."""
    drawn = 0
    for workspace_id in await shared.workspaces():
        drawn += await draw_next(shared.works, workspace_id, shared.clock()) is not None
    return drawn


async def look(shared: Shared) -> bool:
    """Watch each workspace once. Whether there is more of the past to count."""
    more = False
    for workspace_id in await shared.workspaces():
        async with shared.works.open(workspace_id) as work:
            more = await watch(work) or more
    return more
