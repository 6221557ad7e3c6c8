"""Ready to go live: somebody is on shift within a week."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from earful.kit.readiness import Item
from earful.roster.asking import next_on_shift

SOON = timedelta(days=7)


async def roster_ready(db: Any, workspace_id: str, now: datetime) -> Item:
    """Somebody is on shift within a week."""
    found = await next_on_shift(db, workspace_id, now)
    ready = found is not None and found[0] <= now + SOON
    words = "Somebody is on shift within a week." if ready else "Nobody is on shift within a week."
    return Item("roster", ready, words, "roster")
