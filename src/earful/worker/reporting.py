"""Tells what this worker has done: no port of its own, a row that the web's /metrics reads."""

from __future__ import annotations

import contextlib

import structlog

from earful.intake.receive import PASSING
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
EVERY = 10.0
"""Seconds between two reports."""


async def keep_reporting(shared: Shared) -> None:
    """Report until told to stop, then take the row away."""
    while not shared.stopping.is_set():
        try:
            await report(shared)
        except PASSING:
            log.warning("database away")
        await pause(shared.stopping, EVERY)
    with contextlib.suppress(*PASSING):
        async with shared.database.acquire() as db:
            await db.execute("DELETE FROM worker WHERE name = $1", shared.name)


async def report(shared: Shared) -> None:
    """Write the counts down. What was killed an hour ago is forgotten."""
    now = shared.clock()
    async with shared.database.acquire() as db:
        await db.execute(_REPORT, shared.name, now, dict(shared.counts))
        await db.execute(
            "DELETE FROM worker WHERE seen_at < $1::timestamptz - interval '1 hour'", now
        )


_REPORT = """
INSERT INTO worker (name, seen_at, counts) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at, counts = excluded.counts
"""
