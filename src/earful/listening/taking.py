"""Searches that take in by themselves what they find of the kinds a lead chose: a question under a
post of the marketing handle is one of care's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from earful.intake.accept import accept
from earful.intake.channel import channel_of
from earful.networks.contract import Batch, Post
from earful.stream.work import Work

GRAVE = 3
"""Severity from which on a post is one of complaint, however it reads otherwise."""
AT_ONCE = 100
"""Posts that intake takes in one stride."""


async def take_found(
    work: Work, channel: Any, search_id: str, kinds: Sequence[str], ids: Sequence[str]
) -> int:
    """Take in, of what was just found, posts of these kinds. Their clocks begin now.

    What can't be taken in stays among the mentions. Returns how many were taken in.
    """
    if not kinds or not ids:
        return 0
    rows = await work.db.fetch(_OF_KINDS, work.workspace_id, list(ids), list(kinds), GRAVE)
    posts = [
        msgspec.structs.replace(msgspec.convert(row["post"], Post), addressed=True) for row in rows
    ]
    for first in range(0, len(posts), AT_ONCE):
        batch = Batch(tuple(posts[first : first + AT_ONCE]), None)
        await accept(work, channel_of(channel), batch, cursor=False)
    taken = await work.db.fetch(_TAKEN, work.workspace_id, [row["id"] for row in rows], work.now)
    for row in taken:
        work.emit(
            "mention.taken_in",
            {"id": row["id"], "search_id": search_id},
            conversation_id=row["conversation_id"],
            inbox_id=row["inbox_id"],
        )
    return len(taken)


_OF_KINDS = """
SELECT id, post FROM mention WHERE workspace_id = $1 AND id = ANY($2::uuid[])
  AND (kind = ANY($3::text[]) OR 'complaint' = ANY($3::text[]) AND severity <= $4)
  AND state = 'new' ORDER BY external_id FOR UPDATE
"""

_TAKEN = """
UPDATE mention n SET state = 'taken', conversation_id = m.conversation_id, settled_at = $3
FROM accepted a JOIN message m ON m.workspace_id = $1 AND m.id = a.message_id
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE n.workspace_id = $1 AND n.id = ANY($2::uuid[]) AND n.state = 'new'
  AND a.workspace_id = $1 AND a.network = n.network AND a.external_id = n.external_id
RETURNING n.id, m.conversation_id, c.inbox_id
"""
