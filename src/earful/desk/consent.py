"""Words in which somebody says that two accounts are theirs: whose they are, if they count."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from earful.kit.refusal import NotFound, Refused
from earful.stream.screen import Inboxes
from earful.stream.work import Work

WITHIN = timedelta(days=30)
"""How old words of consent may be when an agent points at them."""
MOST = 20
"""Messages that one proposal points at."""


async def words_of(
    work: Work, one_id: str, other_id: str, message_ids: list[str]
) -> dict[str, Any]:
    """Those of the messages that one of the two wrote, by id; `side` says which (1 or 2)."""
    rows = await work.db.fetch(_WORDS, work.workspace_id, message_ids, one_id, other_id)
    return {row["id"]: row for row in rows}


def check_words(words: dict[str, Any], pointed: list[str], inboxes: Inboxes, now: datetime) -> None:
    """Raise Refused unless each message newly `pointed` at is theirs, seen and fresh."""
    for message_id in pointed:
        row = words.get(message_id)
        if row is None or not (inboxes is None or row["inbox_id"] in inboxes):
            raise NotFound("message of one of the two")
        if row["published_at"] <= now - WITHIN:
            raise Refused("invalid", "That is too long ago: words of consent count for 30 days.")
    if not words:
        raise Refused("invalid", "Point at the words in which they say so: nobody is guessed.")
    if len(words) > MOST:
        raise Refused("too-many", f"A proposal points at no more than {MOST} messages.")


# An account that stands together with one of them speaks for it.
_WORDS = """
SELECT m.id, m.conversation_id, m.published_at, c.inbox_id,
  CASE WHEN m.author_id = ANY(same_person($1, $3)) THEN 1 ELSE 2 END AS side
FROM message m JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE m.workspace_id = $1 AND m.id = ANY($2::uuid[]) AND m.direction = 'incoming'
  AND m.deleted_at IS NULL
  AND m.author_id = ANY(same_person($1, $3) || same_person($1, $4))
ORDER BY m.published_at, m.id
"""
