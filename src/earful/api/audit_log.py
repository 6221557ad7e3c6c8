"""The audit log, to read: who did what to what, newest first."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import get
from litestar.params import FromQuery

from earful.api.caller import Called, check_id
from earful.kit.paging import from_token, to_token

MOST = 200


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One act. `actor` and `object` are today's names, empty where there is none any more."""

    seq: int
    at: datetime
    act: str
    actor_kind: str
    actor_id: str | None
    actor: str
    object_kind: str
    object_id: str | None
    object: str


class Page(msgspec.Struct, frozen=True):
    """A page of the log, and every act that occurs in it, to filter by."""

    items: list[Line]
    next: str | None
    acts: list[str]


@get("/audit")
async def get_audit(
    caller: Called,
    who: FromQuery[str | None] = None,
    act: FromQuery[str | None] = None,
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page:
    """Lines by `who` (an agent's id) and `act` (`agent.changed`), newest first."""
    caller.need("audit.read")
    if who:
        check_id(who, "agent")
    limit = max(1, min(limit, MOST))
    before = from_token(after, tuple[int])[0] if after else None
    async with caller.state.database.snapshot() as db:
        rows = await db.fetch(
            _LIST, caller.workspace_id, before, who or None, act or None, limit + 1
        )
        acts = await db.fetch(_ACTS, caller.workspace_id)
    items = [msgspec.convert(dict(row), Line) for row in rows[:limit]]
    more = to_token([items[-1].seq]) if len(rows) > limit else None
    return Page(items, more, [row["act"] for row in acts])


_LIST = """
SELECT l.seq, l.at, l.act, l.actor_kind, l.actor_id, coalesce(a.name, '') AS actor,
  l.object_kind, l.object_id,
  coalesce(CASE l.object_kind WHEN 'agent' THEN o.name WHEN 'webhook' THEN h.url
    WHEN 'channel' THEN '@' || c.handle WHEN 'inbox' THEN i.name END, '') AS object
FROM audit l
LEFT JOIN agent a ON a.workspace_id = $1 AND a.id::text = l.actor_id
LEFT JOIN agent o ON o.workspace_id = $1 AND o.id::text = l.object_id
LEFT JOIN webhook h ON h.workspace_id = $1 AND h.id::text = l.object_id
LEFT JOIN channel c ON c.workspace_id = $1 AND c.id::text = l.object_id
LEFT JOIN inbox i ON i.workspace_id = $1 AND i.id::text = l.object_id
WHERE l.workspace_id = $1 AND ($2::bigint IS NULL OR l.seq < $2)
  AND ($3::text IS NULL OR l.actor_id = $3) AND ($4::text IS NULL OR l.act = $4)
ORDER BY l.seq DESC LIMIT $5
"""

# The few different acts by jumps in an index, however long the log.
_ACTS = """
WITH RECURSIVE found AS (
  (SELECT act FROM audit WHERE workspace_id = $1 ORDER BY act LIMIT 1)
  UNION ALL
  SELECT (SELECT act FROM audit WHERE workspace_id = $1 AND act > found.act ORDER BY act LIMIT 1)
  FROM found WHERE found.act IS NOT NULL
) SELECT act FROM found WHERE act IS NOT NULL
"""

ROUTES = [get_audit]
