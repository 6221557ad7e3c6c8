"""What befell many at once is over: whoever has its tag comes back, one by one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line
from earful.stream.work import Work

MOST = 5000
"""Conversations that one all-clear brings back."""
LOOKS_BACK = timedelta(days=30)


class AllClear(msgspec.Struct, frozen=True):
    """How many come back for a follow-up."""

    tag: str
    planned: int


async def all_clear(
    work: Work, tag: str, since: datetime | None, inboxes: Collection[str] | None
) -> AllClear:
    """Plan a follow-up, now, for each conversation with the tag in which something was said since.

    Also for those that are resolved: nobody is closed silently. One that an agent planned there
    comes now, with her note. Raises Refused; NotFound where there is none.
    """
    name = one_line(tag, 50)
    seen = None if inboxes is None else list(inboxes)
    since = since or work.now - LOOKS_BACK
    rows = await work.db.fetch(_TAGGED, work.workspace_id, name, since, seen, MOST + 1)
    if not rows:
        raise NotFound("conversation with this tag and words in that time")
    if len(rows) > MOST:
        raise Refused("too-many", f"More than {MOST} conversations: say a later `since`.")
    ids = [row["id"] for row in rows]
    note = f"Over: {name}. Tell them, and ask whether all is well."
    await work.db.execute(
        _PLAN,
        work.workspace_id,
        ids,
        [new_id() for _ in ids],
        work.actor.id,
        note,
        work.now,
    )
    work.emit("tag.cleared", {"name": name, "planned": len(ids)})
    return AllClear(name, len(ids))


# Of who was erased nothing new is kept; what was merged away is counted where it went.
_TAGGED = """
SELECT c.id FROM conversation c
WHERE c.workspace_id = $1 AND c.tags @> ARRAY[$2::text] AND c.tags <> '{}'
  AND c.last_message_at >= $3 AND c.merged_into IS NULL
  AND ($4::uuid[] IS NULL OR c.inbox_id = ANY($4))
  AND NOT EXISTS (SELECT FROM erasure e
    WHERE e.workspace_id = $1 AND e.contact_id = c.contact_id)
ORDER BY c.last_message_at, c.id LIMIT $5
"""

_PLAN = """
INSERT INTO follow_up AS f (workspace_id, conversation_id, id, agent_id, kind, note, due_at,
  created_at)
SELECT $1, n.conversation_id, n.id, $4, 'date', $5, $6, $6
FROM unnest($2::uuid[], $3::uuid[]) AS n (conversation_id, id)
ON CONFLICT (workspace_id, conversation_id) WHERE state IN ('waiting', 'due') DO UPDATE
SET kind = 'date', state = 'waiting', due_at = least(f.due_at, excluded.due_at),
  note = left(excluded.note || CASE WHEN f.note = '' OR f.agent_id IS NULL THEN ''
    ELSE ' ' || f.note END, 300)
"""
