"""How many follow those who say something in public: whom it may have reached.

Followers of several people are added up: who follows two counts twice, so that it is the most that
may have read it, among those of whom it is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from earful.insights.reading import COUNTS
from earful.stream.screen import Inboxes, seen_by

MOST = 5_000
"""Of a conversation so many posts are looked at, the newest."""


class Reach(msgspec.Struct, frozen=True):
    """`followers` of `known` of the `people` who wrote in public; null where of none."""

    followers: int | None
    known: int
    people: int


NOBODY = Reach(None, 0, 0)


async def reach_of_themes(
    db: Any, workspace_id: str, inboxes: Inboxes, theme_ids: Sequence[str]
) -> dict[str, Reach]:
    """Of each theme that somebody spoke of in public."""
    rows = await db.fetch(OF_THEMES, workspace_id, list(theme_ids), seen_by(inboxes))
    return {row["of"]: _reach(row) for row in rows}


async def reach_of_conversation(db: Any, workspace_id: str, conversation_id: str) -> Reach:
    """Of those who wrote in it, in its newest posts."""
    rows = await db.fetch(OF_CONVERSATION, workspace_id, conversation_id, MOST)
    return _reach(rows[0]) if rows else NOBODY


def _reach(row: Any) -> Reach:
    return Reach(row["followers"], row["known"], row["people"])


_SUM = """
SELECT p.of, sum(p.followers) AS followers, count(p.followers) AS known, count(*) AS people
FROM (SELECT w.of, w.author_id, max(h.followers) AS followers FROM ({}) AS w
  LEFT JOIN contact_handle h ON h.workspace_id = $1 AND h.contact_id = w.author_id
    AND h.network = w.network
  GROUP BY w.of, w.author_id) AS p GROUP BY p.of
"""

OF_THEMES = _SUM.format(f"""
SELECT DISTINCT t.theme_id AS of, m.author_id, m.network FROM theme_post t
JOIN message m ON m.workspace_id = $1 AND m.id = t.message_id AND {COUNTS}
  AND m.visibility = 'public' AND m.author_id IS NOT NULL
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
  AND ($3::uuid[] IS NULL OR c.inbox_id = ANY($3::uuid[]))
WHERE t.workspace_id = $1 AND t.theme_id = ANY($2::uuid[])""")  # noqa: S608 - constants

OF_CONVERSATION = _SUM.format("""
SELECT DISTINCT m.conversation_id AS of, m.author_id, m.network FROM (
  SELECT conversation_id, author_id, author_kind, network, direction, visibility, deleted_at
  FROM message WHERE workspace_id = $1 AND conversation_id = $2
  ORDER BY published_at DESC, id DESC LIMIT $3) AS m
WHERE m.direction = 'incoming' AND m.visibility = 'public' AND m.deleted_at IS NULL
  AND m.author_kind = 'contact' AND m.author_id IS NOT NULL""")
