"""What we know of somebody who says they asked before: their earlier conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from earful.judgements.written import Written
from earful.stream.work import Work

MOST = 20
"""Earlier conversations that are named."""


class Prior(NamedTuple):
    """Earlier conversations of the same person, the newest first, and when that one began.

    All accounts that stand together as one person count.
    """

    ids: list[str]
    last_at: datetime | None

    def words(self) -> str:
        """As agents read it."""
        if self.last_at is None:
            return "no earlier conversation with them is known here"
        count, day = len(self.ids), f"{self.last_at:%-d %B %Y}"
        if count == 1:
            return f"an earlier conversation with them, of {day}"
        many = f"{count} or more" if count == MOST else str(count)
        return f"{many} earlier conversations with them, the last of {day}"


async def earlier(work: Work, posts: Sequence[Written]) -> dict[str, Prior]:
    """By message, what is known of its author before the conversation it stands in."""
    known = [post for post in posts if post.contact_id]
    if not known:
        return {}
    rows = await work.db.fetch(
        _EARLIER,
        work.workspace_id,
        [post.message_id for post in known],
        [post.contact_id for post in known],
        [post.conversation_id for post in known],
        MOST,
    )
    found = {post.message_id: Prior([], None) for post in known}
    for row in rows:
        before = found[row["message_id"]]
        last = before.last_at or row["opened_at"]
        found[row["message_id"]] = Prior([*before.ids, row["id"]], last)
    return found


_EARLIER = """
SELECT p.message_id, v.id, v.opened_at
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS p (message_id, contact_id, conversation_id)
JOIN conversation here ON here.workspace_id = $1 AND here.id = p.conversation_id
CROSS JOIN LATERAL (
  SELECT c.id, c.opened_at FROM conversation c
  WHERE c.workspace_id = $1 AND c.contact_id = ANY(same_person($1, p.contact_id))
    AND c.id <> p.conversation_id AND c.merged_into IS NULL AND c.opened_at <= here.opened_at
  ORDER BY c.opened_at DESC LIMIT $5) AS v
ORDER BY p.message_id, v.opened_at DESC
"""
