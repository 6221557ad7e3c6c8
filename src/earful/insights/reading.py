"""Reads the posts of a stretch of time: by index, a few of each slice, never all of a flood."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from earful.insights.phrases import parts_of, singles
from earful.insights.spans import DAYS, Span, stretch_of
from earful.insights.suspecting import Written
from earful.insights.themes import Post

MOST = 9_600
"""Posts of a day or week that are read."""
SLICES = 96
"""Slices of a day or week; of each at most MOST / SLICES posts are read, the earliest."""
AT_ONCE = 12
"""Slices of one query."""


class Read(NamedTuple):
    """A post that was read, who wrote it when, and its mood from -1 to 1."""

    post: Post
    written: Written
    inbox_id: str
    mood: float | None


class Sample(NamedTuple):
    """What was read of a stretch, and how many posts it has in all."""

    reads: list[Read]
    posts: int


async def read_posts(db: Any, workspace_id: str, day: date, span: Span) -> Sample:
    """The customers' posts of a stretch that stand on the desk and have words."""
    stretch = stretch_of(day, span)
    slice_for = timedelta(days=DAYS[span]) / SLICES
    found: list[Read] = []
    flooded = False
    for first in range(0, SLICES, AT_ONCE):
        starts = stretch.starts + first * slice_for
        rows = await db.fetch(POSTS, workspace_id, starts, AT_ONCE - 1, slice_for, MOST // SLICES)
        found += [_read(row) for row in rows]
        flooded = flooded or any(row["nth"] >= MOST // SLICES for row in rows)
    posts = await _how_many(db, workspace_id, *stretch) if flooded else len(found)
    return Sample(found, posts)


def _read(row: Any) -> Read:
    author = row["author_id"] or row["author_handle"]
    written = Written(author, row["text"], row["received_at"], row["known_since"])
    return Read(Post(row["id"], author, row["text"]), written, row["inbox_id"], row["sentiment"])


async def _how_many(db: Any, workspace_id: str, starts: datetime, ends: datetime) -> int:
    """Posts of a stretch, also those that were not read; by an index alone."""
    found: int = await db.fetchval(_COUNT, workspace_id, starts, ends)
    return found


async def brand_words(db: Any, workspace_id: str) -> frozenset[str]:
    """Words of one's own names: of the workspace, and of its channels."""
    rows = await db.fetch(_BRANDS, workspace_id)
    names = [part for row in rows for part in (row["name"], row["name"].split(".")[0])]
    return frozenset(word for name in names for word in singles(parts_of(name)))


# What counts as a post of the picture, here and wherever its posts are counted.
COUNTS = """m.direction = 'incoming' AND m.deleted_at IS NULL AND m.text <> ''
  AND m.disposition IS DISTINCT FROM 'context' AND m.disposition IS DISTINCT FROM 'spam'"""

POSTS = f"""
SELECT m.id, m.author_id, m.author_handle, m.text, m.received_at, k.created_at AS known_since,
  c.inbox_id, j.sentiment,
  row_number() OVER (PARTITION BY n) AS nth
FROM generate_series(0, $3::integer) AS n
CROSS JOIN LATERAL (
  SELECT m.* FROM message m
  WHERE m.workspace_id = $1 AND m.received_at >= $2::timestamptz + n * $4::interval
    AND m.received_at < $2::timestamptz + (n + 1) * $4::interval AND {COUNTS}
  ORDER BY m.received_at, m.id LIMIT $5) AS m
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
LEFT JOIN judgement j ON j.workspace_id = $1 AND j.message_id = m.id
LEFT JOIN contact k ON k.workspace_id = $1 AND k.id = m.author_id
"""  # noqa: S608 - a constant of this file

_COUNT = """
SELECT count(*) FROM message m WHERE m.workspace_id = $1 AND m.received_at >= $2
  AND m.received_at < $3 AND m.direction = 'incoming'
  AND m.disposition IS DISTINCT FROM 'context' AND m.disposition IS DISTINCT FROM 'spam'
"""

_BRANDS = """
SELECT handle AS name FROM channel WHERE workspace_id = $1
UNION SELECT name FROM channel WHERE workspace_id = $1
UNION SELECT name FROM workspace WHERE id = $1
"""
