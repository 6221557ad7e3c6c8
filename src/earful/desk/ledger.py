"""The equation on screen: inbound = settled + open; and the numbers beside the views."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from earful.desk.views import STANDING, Filter, where
from earful.stream.screen import Inboxes

COUNT_UP_TO = 10_000
"""Beyond this a number beside a view is no help, and exact counting costs; it stops here."""
NEARLY = timedelta(minutes=3)


class Ledger(msgspec.Struct, frozen=True):
    """Incoming messages of a period by their fate: inbound = settled + with_customer + open.

    `with_customer` are those answered whose conversation waits for the customer.
    """

    inbound: int
    settled: int
    with_customer: int
    open: int


class Counts(msgspec.Struct, frozen=True):
    """What the header and the side bar show."""

    views: dict[str, int]
    unanswered: int
    nearly_late: int
    oldest_waiting_since: datetime | None
    ledger: Ledger


async def count(
    db: asyncpg.Connection[Any],
    workspace_id: str,
    agent_id: str,
    inboxes: Inboxes,
    now: datetime,
) -> Counts:
    """All counts, for one who may see `inboxes`."""
    views: dict[str, int] = {}
    for name, asked in STANDING.items():
        if name not in ("resolved", "all"):
            views[name] = await _count(db, workspace_id, agent_id, inboxes, asked)
    saved = await db.fetch(
        "SELECT id, filter FROM saved_view WHERE workspace_id = $1", workspace_id
    )
    for row in saved:
        asked = msgspec.convert(row["filter"], Filter)
        views[row["id"]] = await _count(db, workspace_id, agent_id, inboxes, asked)
    [waiting] = await db.fetch(_WAITING, workspace_id, _list(inboxes), now + NEARLY)
    return Counts(
        views=views,
        unanswered=waiting["unanswered"],
        nearly_late=waiting["nearly_late"],
        oldest_waiting_since=waiting["oldest"],
        ledger=await ledger(db, workspace_id, inboxes, now),
    )


def _list(inboxes: Inboxes) -> list[str] | None:
    return None if inboxes is None else list(inboxes)


async def _count(
    db: asyncpg.Connection[Any], workspace_id: str, agent_id: str, inboxes: Inboxes, asked: Filter
) -> int:
    found = where(workspace_id, agent_id, inboxes, asked)
    number: int = await db.fetchval(
        f"SELECT count(*) FROM (SELECT 1 FROM conversation WHERE {found} LIMIT {COUNT_UP_TO}) c",  # noqa: S608
        *found.args,
    )
    return number


_WAITING = """
SELECT coalesce(sum(unanswered), 0)::int AS unanswered,
  count(*) FILTER (WHERE due_at <= $3)::int AS nearly_late,
  min(waiting_since) AS oldest
FROM conversation WHERE workspace_id = $1 AND unanswered > 0
  AND ($2::uuid[] IS NULL OR inbox_id = ANY($2))
"""


async def ledger(
    db: asyncpg.Connection[Any], workspace_id: str, inboxes: Inboxes, now: datetime
) -> Ledger:
    """The equation for messages received since midnight UTC; posts fetched as context left out."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    [row] = await db.fetch(
        """SELECT count(*)::int AS inbound,
             count(*) FILTER (WHERE m.disposition IS NULL)::int AS open,
             count(*) FILTER (WHERE m.disposition IS NOT NULL AND c.status = 'pending')::int
               AS with_customer
           FROM message m JOIN conversation c
             ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
           WHERE m.workspace_id = $1 AND m.received_at >= $2 AND m.direction = 'incoming'
             AND m.disposition IS DISTINCT FROM 'context'
             AND ($3::uuid[] IS NULL OR c.inbox_id = ANY($3))""",
        workspace_id,
        today,
        _list(inboxes),
    )
    settled = row["inbound"] - row["open"] - row["with_customer"]
    return Ledger(row["inbound"], settled, row["with_customer"], row["open"])
