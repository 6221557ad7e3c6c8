"""Deletions of posts that nobody has told us of: a post that comes after its deletion is gone.

Without, it would be owed an answer for ever. The id is kept as a hash: a network's firehose tells
the deletions of all its people, who are none of our business, and an id may name its author.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from earful.networks.contract import Deletion
from earful.store.pool import Connection, Database
from earful.stream.work import Work

KEPT_FOR = timedelta(days=2)
"""Longer than a post is ever late: outages are made up for from the cursor, within a day."""
AT_ONCE = 20_000

STANDING = "(SELECT post FROM tombstone WHERE workspace_id = $1 ORDER BY post LIMIT 1) IS NOT NULL"
"""A column for the first statement after posts are claimed: a desk without any asks no more."""

_KEY = "hashtextextended('deletions ' || $1::uuid::text || ' ' || $2::text, 0)"
BESIDE = f"(SELECT pg_advisory_xact_lock_shared({_KEY})::text) IS NOT NULL"
"""A condition, always true, of the statement that claims posts of workspace $1 and network $2.

A post and its deletion told at once see nothing of each other's rows, and each would leave it to
the other. So whoever claims posts and whoever tells deletions wait for each other: what the first
has committed is there for the statements of the second that come after this one. Those who claim
posts wait for no other of their kind, and it costs one lock a batch. It is taken before the first
claim: whoever waited with a claim in hand could be waited for.
"""


async def alone(work: Work, network: str) -> None:
    """Wait until nobody else claims posts here. Call it before anything, when deletions came."""
    await work.db.execute(f"SELECT pg_advisory_xact_lock({_KEY})", work.workspace_id, network)


def mark(workspace_id: str, network: str, external_id: str) -> str:
    """By what a post is known again, in the form of an id."""
    said = f"{workspace_id}\0{network}\0{external_id}"
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
    return str(UUID(bytes=digest[:16]))


async def gone(work: Work, network: str, external_ids: Iterable[str]) -> list[Deletion]:
    """What was told of these posts before they came."""
    marks = {mark(work.workspace_id, network, one): one for one in external_ids}
    rows = await work.db.fetch(_FIND, work.workspace_id, list(marks))
    return [Deletion(external_id=marks[row["post"]], at=row["deleted_at"]) for row in rows]


async def tidy(database: Database, *, now: datetime) -> int:
    """Forget what is older than KEPT_FOR, a helping at a time. Returns how many."""
    forgotten = 0
    while True:
        async with database.transaction() as db:
            some = await _forget_some(db, now - KEPT_FOR)
        forgotten += some
        if some < AT_ONCE:
            return forgotten


async def _forget_some(db: Connection, before: datetime) -> int:
    number: int = await db.fetchval(_TIDY, before, AT_ONCE)
    return number


_FIND = """
SELECT post, deleted_at FROM tombstone WHERE workspace_id = $1 AND post = ANY($2::uuid[])
"""

_TIDY = """
WITH old AS MATERIALIZED (
  SELECT ctid FROM tombstone WHERE told_at < $1 LIMIT $2),
gone AS (DELETE FROM tombstone t USING old WHERE t.ctid = old.ctid RETURNING 1)
SELECT count(*) FROM gone
"""
