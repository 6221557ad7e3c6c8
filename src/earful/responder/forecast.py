"""What usually comes in an hour of the week, and goes before somebody who waits already.

The posts of an hour are the mean over the weeks that were counted, four at most, and one more week
in which every hour is average: so a single busy Monday says little, and four say much. Of these the
share goes before her that is more urgent than she is, as the newest conversations were. What is as
urgent as she is comes after her.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from earful.responder.estimate import HOUR, Coming
from earful.stream.work import Work

WEEKS = 4
WEEK = timedelta(weeks=1)
LEAST = timedelta(days=1)
"""Counted for less than that, nothing is known."""
NEWEST = 500
"""Conversations of the desk by which the share is measured."""


def forecast(
    posts: Mapping[tuple[int, int], float], weeks: float, share: float, zone: ZoneInfo
) -> Coming:
    """What comes: `posts` were counted by weekday (Monday 0) and hour, in so many `weeks`."""
    counted = max(weeks, LEAST / WEEK)
    average = sum(posts.values()) / counted / (7 * 24)
    # An hour that was not counted yet in the first week is no hour in which nothing came.
    full = counted if counted >= 1 else 0.0

    def coming(at: datetime) -> float:
        local = (at.replace(minute=0, second=0, microsecond=0) + HOUR / 2).astimezone(zone)
        mine = posts.get((local.weekday(), local.hour), 0.0) if full else 0.0
        return share * (mine + average) / (full + 1)

    return coming


async def forecast_of(work: Work, inbox_id: str, severity: int, zone: str) -> Coming:
    """The forecast of an inbox for somebody of that severity; hours are those of `zone`."""
    place = ZoneInfo(zone)
    since = await work.db.fetchval(_SINCE, work.workspace_id, work.now - WEEKS * WEEK)
    if since is None or work.now - since < LEAST:
        return forecast({}, 1.0, 0.0, place)
    rows = await work.db.fetch(_POSTS, work.workspace_id, since, inbox_id, zone)
    share = await work.db.fetchval(_SHARE, work.workspace_id, severity, NEWEST)
    posts = {_key(row): float(row["posts"]) for row in rows}
    return forecast(posts, (work.now - since) / WEEK, share or 0.0, place)


def _key(row: Any) -> tuple[int, int]:
    return row["weekday"] - 1, row["hour"]


# Since when posts are counted at all, of any inbox: one that is silent counts as silent.
_SINCE = "SELECT min(hour) FROM inbound_hour WHERE workspace_id = $1 AND hour >= $2"

_POSTS = """
SELECT extract(isodow FROM local)::int AS weekday, extract(hour FROM local)::int AS hour,
  sum(posts) AS posts
FROM inbound_hour h
CROSS JOIN LATERAL (SELECT (h.hour + interval '30 minutes') AT TIME ZONE $4 AS local) l
WHERE h.workspace_id = $1 AND h.hour >= $2 AND h.inbox_id = $3 GROUP BY 1, 2
"""

_SHARE = """
SELECT avg((severity < $2)::int)::float8 FROM (
  SELECT severity FROM conversation WHERE workspace_id = $1
  ORDER BY last_message_at DESC, id DESC LIMIT $3) newest
"""
