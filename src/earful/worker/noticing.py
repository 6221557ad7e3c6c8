"""Tells visitors of the portal by mail that they were answered, if they did not look."""

from __future__ import annotations

import structlog

from earful.intake.receive import PASSING
from earful.portal import notices
from earful.settings import Settings
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
LOOK_EVERY = 15.0


async def keep_noticing(shared: Shared, settings: Settings) -> None:
    """Write to those who are due, until told to stop."""
    while not shared.stopping.is_set():
        try:
            await notice_due(shared, settings)
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("noticing broken", error=type(error).__name__)
        await pause(shared.stopping, LOOK_EVERY)


async def notice_due(shared: Shared, settings: Settings) -> int:
    """One round. Returns how many letters were put in."""
    base_of = settings.portal_url if settings.public_url or settings.portal_hosts else None
    now = shared.clock()
    async with shared.database.transaction() as db:
        due = await notices.next_due(db)
        if due is None or due > now:
            return 0
        return await notices.tell_due(db, shared.keyring, base_of, now)
