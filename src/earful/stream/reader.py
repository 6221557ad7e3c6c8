"""Reading the log on from where one stopped, once: for rooms that act on what happened."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from earful.store.pool import Database
from earful.stream.work import Work


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event of a kind that was asked for."""

    seq: int
    at: datetime
    kind: str
    actor: dict[str, Any]
    conversation_id: str | None
    inbox_id: str | None
    data: dict[str, Any]


async def behind(database: Database, name: str) -> list[str]:
    """Workspaces in which something happened that the reader `name` has not read."""
    async with database.acquire() as db:
        rows = await db.fetch(_BEHIND, name)
    return [row["workspace_id"] for row in rows]


async def read_on(
    work: Work, name: str, kinds: Collection[str], most: int = 1000
) -> list[Event] | None:
    """The next events of these kinds, of the next `most` events at all; none is told twice.

    How far the reader came is kept in the caller's transaction: what it does about an event and
    that it was read commit together, or neither. A new reader begins with the oldest event kept, so
    that nothing is missed in a workspace that is new itself; whoever must not act on what is long
    past looks at `at`. None while another process reads.
    """
    seq = await _taken(work, name)
    if seq is None:
        return None
    rows = await work.db.fetch(_READ, work.workspace_id, seq, list(kinds), most)
    if not rows:
        return []
    await work.db.execute(_ADVANCE, work.workspace_id, name, rows[-1]["seq"])
    return [msgspec.convert(dict(row), Event) for row in rows if row["data"] is not None]


async def read_from_now_on(work: Work, name: str) -> None:
    """Have a reader go on from here: what it has not read by now it never will."""
    await work.db.execute(_SKIP, work.workspace_id, name)


async def _taken(work: Work, name: str) -> int | None:
    """How far the reader came, held for this transaction; None while another process reads."""
    seq: int | None = await work.db.fetchval(_TAKE, work.workspace_id, name)
    if seq is not None or await work.db.fetchval(_KNOWN, work.workspace_id, name):
        return seq
    # Not an insert at once: it would wait for whoever reads.
    await work.db.execute(_BEGIN, work.workspace_id, name)
    return await work.db.fetchval(_TAKE, work.workspace_id, name)  # type: ignore[no-any-return]


async def take_on(work: Work, name: str, most: int = 10_000) -> tuple[int, int] | None:
    """The next numbers (after, up to) of the log, for who asks the log itself about them.

    They count as read once the caller's transaction commits. None when there are none, or while
    another process reads. Numbers that no event has any more, because it expired or a backup was
    restored, are gone over at once.
    """
    seq = await _taken(work, name)
    last = await work.db.fetchval(_LAST, work.workspace_id)
    if seq is None or last is None or last <= seq:
        return None
    [row] = await work.db.fetch(_FAR, work.workspace_id, seq, last, most)
    until: int = row["seq"] if row["many"] == most else last
    await work.db.execute(_ADVANCE, work.workspace_id, name, until)
    return seq, until


_LAST = "SELECT seq FROM event_counter WHERE workspace_id = $1"

_FAR = """
SELECT count(*) AS many, max(seq) AS seq FROM (SELECT seq FROM event
  WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4) AS coming
"""

_BEHIND = """
SELECT c.workspace_id FROM event_counter c
LEFT JOIN event_reader r ON r.workspace_id = c.workspace_id AND r.name = $1
WHERE r.seq IS NULL OR r.seq < c.seq ORDER BY c.workspace_id
"""

_KNOWN = "SELECT true FROM event_reader WHERE workspace_id = $1 AND name = $2"

_BEGIN = """
INSERT INTO event_reader (workspace_id, name, seq) VALUES ($1, $2, 0)
ON CONFLICT (workspace_id, name) DO NOTHING
"""

_SKIP = """
INSERT INTO event_reader (workspace_id, name, seq)
SELECT workspace_id, $2, seq FROM event_counter WHERE workspace_id = $1
ON CONFLICT (workspace_id, name) DO UPDATE SET seq = excluded.seq
"""

_TAKE = """
SELECT seq FROM event_reader WHERE workspace_id = $1 AND name = $2 FOR UPDATE SKIP LOCKED
"""

# What is not asked for is read without its words.
_READ = """
SELECT seq, at, kind, actor, conversation_id, inbox_id,
  CASE WHEN kind = ANY($3::text[]) THEN data END AS data
FROM event WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $4
"""

_ADVANCE = "UPDATE event_reader SET seq = $3 WHERE workspace_id = $1 AND name = $2"
