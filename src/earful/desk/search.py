"""Full-text search over messages, newest first.

A common word stands in the newest messages, and walking back finds a page of it at once; the
full-text index would collect millions first. A rare word is not there, and the index finds its few
places. So the newest messages are walked first, and the index asked for what they do not hold.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from earful.conversations.cards import Card, load_cards
from earful.kit.ids import is_id
from earful.kit.paging import BadToken, from_token, to_token
from earful.kit.search import query
from earful.stream.screen import Inboxes

PAGE = 30
WALK = 20_000
"""Messages walked back through: what fills no page from these is rare enough for the index."""
BEGINNING = datetime(2006, 1, 1, tzinfo=UTC)
_LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff"


def _aware(at: datetime) -> datetime:
    """A time without a zone is taken as UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Hit(msgspec.Struct, frozen=True):
    """A message that was found, with its conversation."""

    card: Card
    message: dict[str, Any]


class Found(msgspec.Struct, frozen=True):
    """A page of hits, newest first, and which period was searched for it."""

    items: list[Hit]
    next: str | None
    period: dict[str, datetime]
    complete: bool


async def search(
    db: asyncpg.Connection[Any],
    workspace_id: str,
    inboxes: Inboxes,
    asked: str,
    now: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
) -> Found:
    """Messages with all words of `asked`, newest first."""
    words = query(asked)
    top = min(_aware(until or now), now) + timedelta(seconds=1)
    before = _LAST
    if after:
        top, before = from_token(after, tuple[datetime, str])
        if top.tzinfo is None or not is_id(before):
            raise BadToken("this page token is not valid; start from the first page")
    bottom = max(_aware(since or BEGINNING), BEGINNING)
    if words is None or bottom > top:
        return Found([], None, {"from": bottom, "to": top}, True)
    seen = None if inboxes is None else list(inboxes)
    asked_of = (workspace_id, words, bottom, top, seen, PAGE + 1, before)
    rows = await db.fetch(_WALK, *asked_of, WALK)
    if len(rows) <= PAGE:
        rows = await db.fetch(_INDEX, *asked_of)
    hits = await _hits(db, workspace_id, rows[:PAGE])
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    token = to_token([last["received_at"], last["id"]]) if last else None
    start = last["received_at"] if last else bottom
    return Found(hits, token, {"from": start, "to": top}, not more)


_FIELDS = """id, conversation_id, text, published_at, received_at, author_name, author_handle,
direction"""

_BOUNDS = """workspace_id = $1 AND received_at >= $3 AND received_at <= $4
AND (received_at, id) < ($4, $7::uuid)"""

_SEEN = """JOIN conversation c ON c.workspace_id = $1 AND c.id = f.conversation_id
WHERE ($5::uuid[] IS NULL OR c.inbox_id = ANY($5))"""

_WALK = f"""
SELECT f.* FROM (
  SELECT {_FIELDS}, search FROM message WHERE {_BOUNDS}
  ORDER BY received_at DESC, id DESC LIMIT $8) AS f
{_SEEN} AND f.search @@ $2::text::tsquery
ORDER BY f.received_at DESC, f.id DESC LIMIT $6
"""  # noqa: S608 - constants

# The id set is materialised: otherwise the planner walks an ordered index for a rare word.
_INDEX = f"""
WITH found AS MATERIALIZED (
  SELECT {_FIELDS} FROM message WHERE {_BOUNDS} AND search @@ $2::text::tsquery)
SELECT f.* FROM found f {_SEEN}
ORDER BY f.received_at DESC, f.id DESC LIMIT $6
"""  # noqa: S608 - constants


async def _hits(db: asyncpg.Connection[Any], workspace_id: str, rows: list[Any]) -> list[Hit]:
    cards = await load_cards(db, workspace_id, {row["conversation_id"] for row in rows})
    return [
        Hit(
            cards[row["conversation_id"]],
            {
                "id": row["id"],
                "text": row["text"][:500],
                "published_at": row["published_at"],
                "direction": row["direction"],
                "author": {"name": row["author_name"], "handle": row["author_handle"]},
            },
        )
        for row in rows
    ]
