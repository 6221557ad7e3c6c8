"""What the worker deletes once a day: everything here that has ended long ago."""

from __future__ import annotations

from datetime import datetime

from earful.accounts import links, pace, sessions, throttle
from earful.store.pool import Connection


async def tidy(db: Connection, *, now: datetime) -> None:
    """Delete ended sessions and links after 30 days, counts of attempts after one."""
    await sessions.forget_old(db, now=now)
    await links.forget_old(db, now=now)
    await throttle.forget_old(db, now=now)
    await pace.forget_old(db, now=now)
