"""Ready to go live: it is said how long people may wait, and when somebody is there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from earful.kit.readiness import Item
from earful.sla.errors import HoursError
from earful.sla.hours import hours_of
from earful.sla.keeping import list_hours, list_policies

SOON = timedelta(days=14)


async def policy_ready(db: Any, workspace_id: str, now: datetime) -> Item:  # noqa: ARG001 - a Look
    """A policy of the workspace's own: what it promises is decided, not left as it came."""
    found = await list_policies(db, workspace_id)
    words = "A policy says how long people may wait."
    if not found:
        words = "No policy says how long people may wait."
    return Item("policy", bool(found), words, "policies")


async def hours_ready(db: Any, workspace_id: str, now: datetime) -> Item:
    """Hours that open within the next two weeks."""
    kept = await list_hours(db, workspace_id)
    if not kept:
        words = "No hours say when somebody is there."
    elif not any(_opens(one.calendar, now) for one in kept):
        words = "The hours do not open within two weeks."
    else:
        return Item("hours", True, "Hours say when somebody is there.", "hours")
    return Item("hours", False, words, "hours")


def _opens(calendar: Any, now: datetime) -> bool:
    try:
        return hours_of(calendar).next_open(now) <= now + SOON
    except HoursError:
        return False
